import { Type } from 'typebox';
import type { PoolClient } from 'pg';
import { invalid } from '../problem.ts';
import { cancelDeletion, knowsTimeZone, lockWorkspace, readWorkspace, requestDeletion, updateSettings } from '../repositories/workspaces.ts';
import type { WorkspaceDetails, WorkspaceSettings } from '../repositories/workspaces.ts';
import { exact } from '../schemas/common.ts';
import { actorOf } from '../scope/scope.ts';
import { workspaceRoute } from './route.ts';
import { deletionSchema, settings, shownDeletion, shownWorkspace, workspaceSchema } from './workspace-shown.ts';

const PATH = '/v1/workspaces/:workspace';
const { name, timeZone, retentionDays, bodySync } = settings;
const changes = exact(
  { name: Type.Optional(name), timeZone: Type.Optional(timeZone), retentionDays: Type.Optional(retentionDays), bodySync: Type.Optional(bodySync) },
  { minProperties: 1 },
);

/** A workspace itself: its settings, and its end. */
export const workspaceSettingsRoutes = [
  workspaceRoute({
    method: 'GET',
    path: PATH,
    summary: 'Shows the workspace, its plan and its settings.',
    permission: 'workspace.read',
    records: [],
    schemas: { answer: workspaceSchema },
    async handle({ client, workspace }) {
      return { answer: shownWorkspace(await readWorkspace(client, workspace.workspaceId)) };
    },
  }),
  workspaceRoute({
    method: 'PATCH',
    path: PATH,
    summary: 'Changes the settings that are given, and no other ones.',
    permission: 'workspace.update',
    records: ['workspace.changed'],
    schemas: { body: changes, answer: workspaceSchema },
    async handle({ client, workspace: { workspaceId } }, { body }) {
      if (body.timeZone !== undefined) await demandTimeZone(client, body.timeZone);
      const before = await lockWorkspace(client, workspaceId);
      const { from, to } = difference(before, body);
      if (Object.keys(to).length === 0) return { answer: shownWorkspace(before) };
      const after = await updateSettings(client, workspaceId, { ...before, ...to });
      return { answer: shownWorkspace(after), recorded: [{ action: 'workspace.changed', target: workspaceId, details: { from, to } }] };
    },
  }),
  workspaceRoute({
    method: 'DELETE',
    path: PATH,
    summary: 'Requests the deletion: the workspace is read-only for 30 days, and then it is purged.',
    permission: 'workspace.delete',
    inGrace: true,
    records: ['workspace.deletion_requested'],
    status: 202,
    schemas: { answer: deletionSchema },
    async handle({ client, workspace: { workspaceId }, principal }) {
      const { deletionRequestedAt } = await lockWorkspace(client, workspaceId);
      if (deletionRequestedAt !== null) return { answer: shownDeletion(deletionRequestedAt) };
      const { deletionRequestedAt: requestedAt } = await requestDeletion(client, workspaceId, actorOf(principal).actor);
      if (requestedAt === null) throw new Error('Got no time of the request for deletion, expected the one that the database tells.');
      const deletion = shownDeletion(requestedAt);
      return { answer: deletion, recorded: [{ action: 'workspace.deletion_requested', target: workspaceId, details: deletion }] };
    },
  }),
  workspaceRoute({
    method: 'POST',
    path: `${PATH}/cancel-deletion`,
    summary: 'Takes the request for deletion back, as long as the purge has not begun.',
    permission: 'workspace.delete',
    inGrace: true,
    records: ['workspace.deletion_cancelled'],
    problems: ['WORKSPACE_READ_ONLY'],
    schemas: { answer: workspaceSchema },
    async handle({ client, workspace: { workspaceId } }) {
      const before = await lockWorkspace(client, workspaceId);
      if (before.deletionRequestedAt === null) return { answer: shownWorkspace(before) };
      const after = await cancelDeletion(client, workspaceId);
      return { answer: shownWorkspace(after), recorded: [{ action: 'workspace.deletion_cancelled', target: workspaceId }] };
    },
  }),
];

/** Both have to know it: the database makes its days by it, and reports name it. */
async function demandTimeZone(client: PoolClient, zone: string): Promise<void> {
  if (isTimeZone(zone) && (await knowsTimeZone(client, zone))) return;
  throw invalid('body', '/timeZone', 'the name of a time zone in the IANA database, as Europe/London');
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const SETTINGS = ['name', 'timeZone', 'retentionDays', 'bodySync'] as const satisfies readonly (keyof WorkspaceSettings)[];

/** What of the settings becomes something else. */
function difference(before: WorkspaceDetails, wanted: Partial<WorkspaceSettings>): { readonly from: Partial<WorkspaceSettings>; readonly to: Partial<WorkspaceSettings> } {
  const changed = SETTINGS.filter((setting) => wanted[setting] !== undefined && wanted[setting] !== before[setting]);
  const of = (source: Partial<WorkspaceSettings>): Partial<WorkspaceSettings> => Object.fromEntries(changed.map((setting) => [setting, source[setting]]));
  return { from: of(before), to: of(wanted) };
}
