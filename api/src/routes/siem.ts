import { Type } from 'typebox';
import { exact } from '../schemas/common.ts';
import type { Scope } from '../scope/scope.ts';
import { workspaceRoute } from './route.ts';
import type { Recorded } from './route.ts';

const PATH = '/v1/workspaces/:workspace/siem';
const settingsSchema = exact({ stream: Type.Boolean() });

/** Whether the audit log streams to a SIEM: from the next entry on, which the plan has to bring along. */
export const siemRoutes = [
  workspaceRoute({
    method: 'GET',
    path: PATH,
    summary: 'Tells whether the audit log streams to a SIEM.',
    permission: 'siem.end',
    records: [],
    schemas: { answer: settingsSchema },
    async handle({ client, workspace }) {
      const { rows: [row] } = await client.query<{ stream: boolean }>('SELECT siem_stream AS stream FROM halton.workspaces WHERE workspace_id = $1', [workspace.workspaceId]);
      return { answer: { stream: row?.stream === true } };
    },
  }),
  workspaceRoute({
    method: 'PUT',
    path: PATH,
    summary: 'Begins to stream the audit log to a SIEM.',
    permission: 'siem.manage',
    records: ['workspace.changed'],
    schemas: { answer: settingsSchema },
    async handle(scope) {
      return { answer: { stream: true }, recorded: await turn(scope, true) };
    },
  }),
  workspaceRoute({
    method: 'DELETE',
    path: PATH,
    summary: 'Ends the stream to a SIEM, which takes no plan.',
    permission: 'siem.end',
    records: ['workspace.changed'],
    schemas: {},
    async handle(scope) {
      return { answer: undefined, recorded: await turn(scope, false) };
    },
  }),
];

async function turn({ client, workspace: { workspaceId } }: Scope, stream: boolean): Promise<readonly Recorded[]> {
  const { rowCount } = await client.query('UPDATE halton.workspaces SET siem_stream = $2 WHERE workspace_id = $1 AND siem_stream <> $2', [workspaceId, stream]);
  return rowCount === 1 ? [{ action: 'workspace.changed', target: workspaceId, details: { siemStream: { from: !stream, to: stream } } }] : [];
}
