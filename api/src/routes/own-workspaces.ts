import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { appendAudit } from '../../../db/audit/append.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { insertMember } from '../repositories/members.ts';
import { insertOrganisation, insertWorkspace } from '../repositories/workspaces.ts';
import { exact, text, uuid } from '../schemas/common.ts';
import { memberships } from '../scope/memberships.ts';
import type { RouteDeps } from './deps.ts';
import { userRoute } from './route.ts';
import type { UserRoute } from './route.ts';
import { shownWorkspace, workspaceSchema } from './workspace-shown.ts';

const PATH = '/v1/workspaces';
const name = text(200);

/** Which workspaces a user has, and a new one. */
export function ownWorkspaceRoutes({ pool }: Pick<RouteDeps, 'pool'>): readonly UserRoute[] {
  return [
    userRoute({
      method: 'GET',
      path: PATH,
      summary: 'Lists the workspaces that the user is a member of: ids and roles, and nothing of what is in them.',
      records: [],
      schemas: { answer: exact({ workspaces: Type.Array(exact({ workspaceId: uuid, role: Type.String() })) }) },
      async handle({ userId }) {
        return { answer: { workspaces: [...(await memberships(pool, userId))] } };
      },
    }),
    userRoute({
      method: 'POST',
      path: PATH,
      summary: 'Creates an organisation with a workspace, whose owner the user is.',
      records: ['workspace.created'],
      status: 201,
      schemas: { body: exact({ name, organisationName: name }), answer: workspaceSchema },
      async handle({ userId }, { body }) {
        const binding = { workspaceId: randomUUID(), organisationId: randomUUID(), userId };
        const workspace = await inTransaction(pool, binding, async (client) => {
          await insertOrganisation(client, binding, body.organisationName);
          const created = await insertWorkspace(client, binding, body.name);
          await insertMember(client, binding.workspaceId, userId, 'owner');
          const details = { name: body.name, organisation: binding.organisationId };
          await appendAudit(client, { actorKind: 'member', actor: userId, action: 'workspace.created', target: binding.workspaceId, details });
          return created;
        });
        return { answer: shownWorkspace(workspace) };
      },
    }),
  ];
}
