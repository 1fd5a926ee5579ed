import { appendAudit } from '../../../db/audit/append.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { readInvitationToken } from '../auth/invitation-token.ts';
import { ProblemError } from '../problem.ts';
import { acceptInvitation } from '../repositories/invitations.ts';
import { insertMember, readMember } from '../repositories/members.ts';
import { lockWorkspace } from '../repositories/workspaces.ts';
import { exact, text, uuid } from '../schemas/common.ts';
import { role } from '../schemas/role.ts';
import { mayGive } from '../scope/permissions.ts';
import type { RouteDeps } from './deps.ts';
import { userRoute } from './route.ts';
import type { UserRoute } from './route.ts';

/** By which a user comes to belong to a workspace. */
export function acceptInvitationRoutes({ pool }: Pick<RouteDeps, 'pool'>): readonly UserRoute[] {
  return [
    userRoute({
      method: 'POST',
      path: '/v1/invitations/accept',
      summary: 'Accepts an invitation by its token. One that is unknown, expired, revoked or used, or whose sender may no longer invite, gets the same 403.',
      records: ['member.joined'],
      problems: ['CONFLICT', 'WORKSPACE_READ_ONLY'],
      schemas: { body: exact({ token: text(200) }), answer: exact({ workspaceId: uuid, role }) },
      async handle({ userId }, { body }) {
        const token = readInvitationToken(body.token);
        if (token === undefined) throw new ProblemError('FORBIDDEN');
        const { workspaceId, tokenHash } = token;
        return inTransaction(pool, { workspaceId, userId }, async (client) => {
          // Members change one after the other: whoever invited may just be being removed.
          await lockWorkspace(client, workspaceId);
          const accepted = await acceptInvitation(client, workspaceId, tokenHash, userId);
          if (accepted === undefined) throw new ProblemError('FORBIDDEN');
          // What nobody may give today is not given by an invitation from when he could.
          const inviter = await readMember(client, workspaceId, accepted.invitedBy);
          if (inviter === undefined || !mayGive(inviter.role, accepted.role)) throw new ProblemError('FORBIDDEN');
          // The invitation stays good for whom it was meant for.
          if ((await insertMember(client, workspaceId, userId, accepted.role)) === undefined) throw new ProblemError('CONFLICT');
          await appendAudit(client, { actorKind: 'member', actor: userId, action: 'member.joined', target: userId, details: { role: accepted.role, invitation: accepted.invitationId } });
          return { answer: { workspaceId, role: accepted.role } };
        });
      },
    }),
  ];
}
