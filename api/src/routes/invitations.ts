import { randomBytes, randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { hashOfToken } from '../auth/credential.ts';
import { newInvitationToken } from '../auth/invitation-token.ts';
import { ProblemError } from '../problem.ts';
import { insertInvitation, listInvitations, lockInvitation, revokeInvitation } from '../repositories/invitations.ts';
import type { Invitation } from '../repositories/invitations.ts';
import { exact, instant, uuid } from '../schemas/common.ts';
import { role } from '../schemas/role.ts';
import { isOwner } from '../scope/permissions.ts';
import { actorOf } from '../scope/scope.ts';
import { workspaceRoute } from './route.ts';

const PATH = '/v1/workspaces/:workspace/invitations';
/** Something before and after the one @: whether mail arrives there is found out by sending it. */
const email = Type.String({ pattern: '^[^\\s\\x00-\\x1f\\x7f@]{1,64}@[^\\s\\x00-\\x1f\\x7f@]{1,255}$' });
const invitationSchema = exact({ invitationId: uuid, email: Type.String(), role, invitedBy: Type.String(), invitedAt: instant, expiresAt: instant });

/** Invitations, each good for one user, once, for seven days. */
export const invitationRoutes = [
  workspaceRoute({
    method: 'GET',
    path: PATH,
    summary: 'Lists the invitations that were neither accepted nor revoked.',
    permission: 'members.manage',
    records: [],
    schemas: { answer: exact({ invitations: Type.Array(invitationSchema) }) },
    async handle({ client, workspace }) {
      const invitations = await listInvitations(client, workspace.workspaceId);
      return { answer: { invitations: invitations.map(shown) } };
    },
  }),
  workspaceRoute({
    method: 'POST',
    path: PATH,
    summary: 'Invites somebody. The token is told in this answer and never again.',
    answersSecret: true,
    permission: 'members.manage',
    records: ['member.invited'],
    status: 201,
    schemas: { body: exact({ email, role }), answer: exact({ ...invitationSchema.properties, token: Type.String() }) },
    async handle({ client, workspace: { workspaceId }, principal }, { body }) {
      if (body.role === 'owner' && !isOwner(principal)) throw new ProblemError('FORBIDDEN');
      const token = newInvitationToken(workspaceId, randomBytes(32));
      const invitation = await insertInvitation(client, workspaceId, { ...body, invitationId: randomUUID(), invitedBy: actorOf(principal).actor, tokenHash: hashOfToken(token) });
      return { answer: { ...shown(invitation), token }, recorded: [{ action: 'member.invited', target: invitation.invitationId, details: body }] };
    },
  }),
  workspaceRoute({
    method: 'DELETE',
    path: `${PATH}/:invitation`,
    summary: 'Revokes an invitation that was not accepted.',
    permission: 'members.manage',
    inGrace: true,
    records: ['member.invitation_revoked'],
    problems: ['NOT_FOUND', 'CONFLICT'],
    schemas: { params: exact({ invitation: uuid }) },
    async handle({ client, workspace: { workspaceId } }, { params: { invitation: invitationId } }) {
      const state = await lockInvitation(client, workspaceId, invitationId);
      if (state === undefined) throw new ProblemError('NOT_FOUND');
      // Who came in by it is removed as a member.
      if (state === 'accepted') throw new ProblemError('CONFLICT');
      if (state === 'revoked') return { answer: undefined };
      await revokeInvitation(client, workspaceId, invitationId);
      return { answer: undefined, recorded: [{ action: 'member.invitation_revoked', target: invitationId }] };
    },
  }),
];

function shown({ invitedAt, expiresAt, ...invitation }: Invitation) {
  return { ...invitation, invitedAt: invitedAt.toISOString(), expiresAt: expiresAt.toISOString() };
}
