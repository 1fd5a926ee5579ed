import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { errorCode } from '../../../db/errors.ts';
import { invalid, ProblemError } from '../problem.ts';
import { insertGrant, listGrants, revokeGrant } from '../repositories/support.ts';
import type { SupportGrant } from '../repositories/support.ts';
import { exact, instant, uuid } from '../schemas/common.ts';
import { actorOf } from '../scope/scope.ts';
import { workspaceRoute } from './route.ts';

const PATH = '/v1/workspaces/:workspace/support-grants';
const supportEmail = Type.String({ pattern: '^[\\x21-\\x3f\\x41-\\x7e]{1,64}@[a-z0-9.-]{1,255}$' });
const optionalInstant = Type.Union([instant, Type.Null()]);
const grantSchema = exact({
  grantId: uuid, supportEmail: Type.String(), grantedBy: Type.String(), grantedAt: instant, expiresAt: instant,
  revokedAt: optionalInstant, revokedBy: Type.Union([Type.String(), Type.Null()]), uses: Type.Integer(), lastUsedAt: optionalInstant,
});
/** Of the database: a grant that would last longer than support may be let in at all. */
const TOO_LONG = 'HM004';

/** By these an owner lets one address of support in for a fixed time, after which it ends by itself. */
export const supportGrantRoutes = [
  workspaceRoute({
    method: 'GET',
    path: PATH,
    summary: 'Lists who of support was let in, for how long, and how often they came.',
    permission: 'support.manage',
    records: [],
    schemas: { answer: exact({ grants: Type.Array(grantSchema) }) },
    async handle({ client, workspace }) {
      return { answer: { grants: (await listGrants(client, workspace.workspaceId)).map(shown) } };
    },
  }),
  workspaceRoute({
    method: 'POST',
    path: PATH,
    summary: 'Lets one address of support read the workspace for some hours.',
    permission: 'support.manage',
    records: ['support.granted'],
    status: 201,
    schemas: { body: exact({ supportEmail, hours: Type.Integer({ minimum: 1, maximum: 168 }) }), answer: grantSchema },
    async handle({ client, workspace, principal }, { body }) {
      const { actor } = actorOf(principal);
      try {
        const grant = await insertGrant(client, workspace.workspaceId, { grantId: randomUUID(), supportEmail: body.supportEmail.toLowerCase(), hours: body.hours, grantedBy: actor });
        return { answer: shown(grant), recorded: [{ action: 'support.granted', target: grant.grantId, details: { supportEmail: grant.supportEmail, expiresAt: grant.expiresAt.toISOString() } }] };
      } catch (error) {
        if (errorCode(error) === TOO_LONG) throw invalid('body', '/hours', 'no more hours than support may be let in for');
        throw error;
      }
    },
  }),
  workspaceRoute({
    method: 'DELETE',
    path: `${PATH}/:grant`,
    summary: 'Ends a grant at once.',
    permission: 'support.manage',
    records: ['support.revoked'],
    inGrace: true,
    problems: ['NOT_FOUND'],
    schemas: { params: exact({ grant: uuid }) },
    async handle({ client, workspace, principal }, { params: { grant: grantId } }) {
      const found = await revokeGrant(client, workspace.workspaceId, grantId, actorOf(principal).actor);
      if (found === undefined) throw new ProblemError('NOT_FOUND');
      return { answer: undefined, recorded: found.revokedNow ? [{ action: 'support.revoked' as const, target: grantId }] : [] };
    },
  }),
];

function shown({ grantedAt, expiresAt, revokedAt, lastUsedAt, ...grant }: SupportGrant) {
  return { ...grant, grantedAt: grantedAt.toISOString(), expiresAt: expiresAt.toISOString(), revokedAt: revokedAt?.toISOString() ?? null, lastUsedAt: lastUsedAt?.toISOString() ?? null };
}
