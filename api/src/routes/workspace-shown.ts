import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { WorkspaceDetails } from '../repositories/workspaces.ts';
import { exact, instant, text, uuid } from '../schemas/common.ts';

/** Milliseconds of the 720 hours after which halton.is_due lets a workspace be purged. */
const GRACE = 720 * 3_600_000;

/** Settings of a workspace as they are sent and shown; the columns have the same bounds. */
export const settings = {
  name: text(200),
  timeZone: text(64),
  retentionDays: Type.Integer({ minimum: 1, maximum: 3650 }),
  bodySync: Type.Boolean(),
};

/** What a request for deletion comes to. */
export const deletionSchema = exact({ requestedAt: instant, purgeAfter: instant });

/** A workspace as it is answered with. */
export const workspaceSchema = exact({
  workspaceId: uuid,
  organisationId: uuid,
  ...settings,
  plan: Type.String(),
  seats: Type.Integer(),
  siemStream: Type.Boolean(),
  createdAt: instant,
  deletion: Type.Union([deletionSchema, Type.Null()]),
});

/** Makes an answer of a workspace. */
export function shownWorkspace({ createdAt, deletionRequestedAt, ...workspace }: WorkspaceDetails): Static<typeof workspaceSchema> {
  return { ...workspace, createdAt: createdAt.toISOString(), deletion: deletionRequestedAt === null ? null : shownDeletion(deletionRequestedAt) };
}

/** Tells from when on a workspace is purged whose deletion was requested at this time. */
export function shownDeletion(requestedAt: Date): Static<typeof deletionSchema> {
  return { requestedAt: requestedAt.toISOString(), purgeAfter: new Date(requestedAt.getTime() + GRACE).toISOString() };
}
