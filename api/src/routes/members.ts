import { Type } from 'typebox';
import { ProblemError } from '../problem.ts';
import { revokeDevicesOf } from '../repositories/devices.ts';
import { countOwners, deleteMember, listMembers, readMember, updateRole } from '../repositories/members.ts';
import type { Member } from '../repositories/members.ts';
import { lockWorkspace } from '../repositories/workspaces.ts';
import { exact, instant, userId } from '../schemas/common.ts';
import { role } from '../schemas/role.ts';
import { isOwner } from '../scope/permissions.ts';
import { actorOf } from '../scope/scope.ts';
import type { Scope } from '../scope/scope.ts';
import { workspaceRoute } from './route.ts';
import type { Recorded } from './route.ts';

const WORKSPACE = '/v1/workspaces/:workspace';
const PATH = `${WORKSPACE}/members` as const;
const memberSchema = exact({ userId, role, joinedAt: instant });
const params = exact({ user: userId });

/** Who belongs to the workspace. A role is read on every request, so that what changes here holds from the next one on. */
export const memberRoutes = [
  workspaceRoute({
    method: 'GET',
    path: PATH,
    summary: 'Lists the members.',
    permission: 'members.read',
    records: [],
    schemas: { answer: exact({ members: Type.Array(memberSchema) }) },
    async handle({ client, workspace }) {
      const members = await listMembers(client, workspace.workspaceId);
      return { answer: { members: members.map(shown) } };
    },
  }),
  workspaceRoute({
    method: 'PATCH',
    path: `${PATH}/:user`,
    summary: 'Gives a member another role. The owner role is given and taken by owners, and one owner stays.',
    permission: 'members.manage',
    records: ['member.role_changed'],
    problems: ['NOT_FOUND', 'LAST_OWNER'],
    schemas: { params, body: exact({ role }), answer: memberSchema },
    async handle(scope, { params: { user }, body }) {
      const before = await found(scope, user);
      if (before.role === body.role) return { answer: shown(before) };
      if (body.role === 'owner' && !isOwner(scope.principal)) throw new ProblemError('FORBIDDEN');
      await demandExpendable(scope, before);
      const after = await updateRole(scope.client, scope.workspace.workspaceId, user, body.role);
      return { answer: shown(after), recorded: [{ action: 'member.role_changed', target: user, details: { from: before.role, to: after.role } }] };
    },
  }),
  workspaceRoute({
    method: 'DELETE',
    path: `${PATH}/:user`,
    summary: 'Removes a member and revokes his devices.',
    permission: 'members.manage',
    inGrace: true,
    records: ['member.removed', 'device.revoked'],
    problems: ['NOT_FOUND', 'LAST_OWNER'],
    schemas: { params },
    async handle(scope, { params: { user } }) {
      return { answer: undefined, recorded: await remove(scope, user) };
    },
  }),
  workspaceRoute({
    method: 'POST',
    path: `${WORKSPACE}/leave`,
    summary: 'Leaves the workspace; the devices that one has paired are revoked.',
    permission: 'members.leave',
    inGrace: true,
    records: ['member.removed', 'device.revoked'],
    problems: ['LAST_OWNER'],
    schemas: {},
    async handle(scope) {
      return { answer: undefined, recorded: await remove(scope, actorOf(scope.principal).actor) };
    },
  }),
];

/** What changes who belongs to a workspace happens one after the other, or two owners could each leave the other one behind. */
async function found({ client, workspace: { workspaceId }, principal }: Scope, user: string): Promise<Member> {
  await lockWorkspace(client, workspaceId);
  // Who waited for the lock may have been removed, or given another role, by the one who held it.
  const own = await readMember(client, workspaceId, actorOf(principal).actor);
  if (principal.kind !== 'member' || own?.role !== principal.role) throw new ProblemError('FORBIDDEN');
  const member = await readMember(client, workspaceId, user);
  if (member === undefined) throw new ProblemError('NOT_FOUND');
  return member;
}

/** @throws ProblemError `FORBIDDEN` where an owner is somebody else's to take away, `LAST_OWNER` where there is no other one */
async function demandExpendable({ client, workspace, principal }: Scope, member: Member): Promise<void> {
  if (member.role !== 'owner') return;
  if (!isOwner(principal)) throw new ProblemError('FORBIDDEN');
  if ((await countOwners(client, workspace.workspaceId)) === 1) throw new ProblemError('LAST_OWNER');
}

async function remove(scope: Scope, user: string): Promise<readonly Recorded[]> {
  const { client, workspace: { workspaceId }, principal } = scope;
  const member = await found(scope, user);
  await demandExpendable(scope, member);
  await deleteMember(client, workspaceId, user);
  // After the member is gone: a device that is just being claimed holds him until it stands.
  const devices = await revokeDevicesOf(client, workspaceId, user, actorOf(principal).actor);
  return [
    { action: 'member.removed', target: user, details: { role: member.role } },
    ...devices.map((deviceId) => ({ action: 'device.revoked', target: deviceId, details: { pairedBy: user } }) as const),
  ];
}

function shown({ joinedAt, ...member }: Member) {
  return { ...member, joinedAt: joinedAt.toISOString() };
}
