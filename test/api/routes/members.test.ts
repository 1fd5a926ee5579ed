import { randomUUID } from 'node:crypto';
import { TestApi } from '../../support/api.ts';
import { requestDeletion } from '../../support/lifecycle.ts';
import type { Tenant } from '../../support/tenants.ts';

let api: TestApi;
let tenant: Tenant;
let owner: string;
let workspace: string;
let path: string;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  owner = await api.issuer.token(tenant.ownerId);
  workspace = `/v1/workspaces/${tenant.workspaceId}`;
  path = `${workspace}/members`;
});

const roles = async () => {
  const { body } = await api.call<{ members: { userId: string; role: string }[] }>('GET', path, { as: owner });
  return Object.fromEntries(body.members.map(({ userId, role }) => [userId, role]));
};
const owners = async () => (await api.superuser.query("SELECT user_id FROM halton.members WHERE workspace_id = $1 AND role = 'owner'", [tenant.workspaceId])).rows.length;
const setRole = (userId: string, role: unknown, as = owner) => api.call('PATCH', `${path}/${userId}`, { as, body: { role } });
const remove = (userId: string, as = owner) => api.call('DELETE', `${path}/${userId}`, { as });
const device = async (pairedBy: string): Promise<string> => {
  const deviceId = randomUUID();
  await api.superuser.query("INSERT INTO halton.devices (workspace_id, device_id, machine_id, name, token_hash, paired_by) VALUES ($1, $2, 'machine', 'Laptop', sha256($3), $4)", [
    tenant.workspaceId, deviceId, Buffer.from(deviceId), pairedBy,
  ]);
  return deviceId;
};

describe('members', () => {
  it('are listed to every member', async () => {
    const { userId, token } = await api.member(tenant, 'member');
    expect(await api.call('GET', path, { as: token })).toMatchObject({ status: 200, body: { members: [{ userId: tenant.ownerId, role: 'owner' }, { userId, role: 'member' }] } });
  });

  it('of another workspace are neither listed, changed nor removed', async () => {
    const other = await api.tenant();
    expect(await api.call('GET', `/v1/workspaces/${other.workspaceId}/members`, { as: owner })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await setRole(other.ownerId, 'member')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await remove(other.ownerId)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await api.audit(tenant)).toEqual([]);
  });

  it('get another role, which holds from the next request on, in sessions that were there before too', async () => {
    const { userId, token } = await api.member(tenant, 'member');
    expect((await api.call('GET', `${workspace}/invitations`, { as: token })).status).toBe(403);
    expect(await setRole(userId, 'admin')).toMatchObject({ status: 200, body: { userId, role: 'admin' } });
    expect((await api.call('GET', `${workspace}/invitations`, { as: token })).status).toBe(200);
    expect(await setRole(userId, 'member')).toMatchObject({ status: 200, body: { role: 'member' } });
    expect(await api.call('GET', `${workspace}/invitations`, { as: token })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await api.audit(tenant)).toEqual([
      { actor_kind: 'member', actor: tenant.ownerId, action: 'member.role_changed', target: userId, details: { from: 'member', to: 'admin' } },
      { actor_kind: 'member', actor: tenant.ownerId, action: 'member.role_changed', target: userId, details: { from: 'admin', to: 'member' } },
    ]);
  });

  it('that have the role already keep it, without an entry', async () => {
    const { userId } = await api.member(tenant, 'admin');
    expect((await setRole(userId, 'admin')).status).toBe(200);
    expect((await setRole(tenant.ownerId, 'owner')).status).toBe(200);
    expect(await api.audit(tenant)).toEqual([]);
  });

  it('have no role besides the three', async () => {
    const { userId } = await api.member(tenant, 'member');
    for (const role of ['Owner', '', 'support', null, 1, ['admin']]) expect(await setRole(userId, role)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
  });

  it('HM-RBAC-2: do not escalate: an admin neither makes, demotes nor removes an owner, and a member changes nobody', async () => {
    const admin = await api.member(tenant, 'admin');
    const member = await api.member(tenant, 'member');
    const second = await api.member(tenant, 'owner');
    for (const answer of [
      await setRole(admin.userId, 'owner', admin.token),
      await setRole(member.userId, 'owner', admin.token),
      await setRole(second.userId, 'member', admin.token),
      await remove(second.userId, admin.token),
      await setRole(member.userId, 'admin', member.token),
      await remove(admin.userId, member.token),
      await remove(member.userId, member.token),
    ]) expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await api.audit(tenant)).toEqual([]);
    expect((await setRole(member.userId, 'admin', admin.token)).status).toBe(200);
    expect((await setRole(admin.userId, 'owner')).status).toBe(200);
  });

  it('who are removed get 403 on their next request, and their devices are revoked, each with its entry', async () => {
    const { userId, token } = await api.member(tenant, 'member');
    const devices = [await device(userId), await device(userId)].toSorted();
    const kept = await device(tenant.ownerId);
    expect((await remove(userId)).status).toBe(204);
    expect(await api.call('GET', path, { as: token })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await remove(userId)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const [removed, ...revoked] = await api.audit(tenant);
    expect(removed).toEqual({ actor_kind: 'member', actor: tenant.ownerId, action: 'member.removed', target: userId, details: { role: 'member' } });
    expect(revoked.map(({ action, target, details }) => ({ action, target, details })).toSorted((a, b) => a.target.localeCompare(b.target))).toEqual(
      devices.map((target) => ({ action: 'device.revoked', target, details: { pairedBy: userId } })),
    );
    const { rows } = await api.superuser.query('SELECT device_id, revoked_by FROM halton.devices WHERE workspace_id = $1 ORDER BY device_id', [tenant.workspaceId]);
    expect(rows).toEqual([...devices.map((device_id) => ({ device_id, revoked_by: tenant.ownerId })), { device_id: kept, revoked_by: null }].toSorted((a, b) => a.device_id.localeCompare(b.device_id)));
  });

  it('leave, which is recorded as their own doing', async () => {
    const { userId, token } = await api.member(tenant, 'member');
    expect((await api.call('POST', `${workspace}/leave`, { as: token })).status).toBe(204);
    expect(await roles()).toEqual({ [tenant.ownerId]: 'owner' });
    expect(await api.audit(tenant)).toEqual([{ actor_kind: 'member', actor: userId, action: 'member.removed', target: userId, details: { role: 'member' } }]);
    expect(await api.call('POST', `${workspace}/leave`, { as: token })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('HM-DEL-2: of a workspace that awaits its deletion keep their roles, and may be removed and leave', async () => {
    const { userId } = await api.member(tenant, 'member');
    const leaving = await api.member(tenant, 'admin');
    await requestDeletion(api.pool, tenant);
    expect(await setRole(userId, 'admin')).toMatchObject({ status: 409, body: { code: 'WORKSPACE_READ_ONLY' } });
    expect((await remove(userId)).status).toBe(204);
    expect((await api.call('POST', `${workspace}/leave`, { as: leaving.token })).status).toBe(204);
    expect(await roles()).toEqual({ [tenant.ownerId]: 'owner' });
  });
});

describe('the last owner', () => {
  it('is neither demoted nor removed, and does not leave', async () => {
    await api.member(tenant, 'admin');
    for (const answer of [await setRole(tenant.ownerId, 'admin'), await remove(tenant.ownerId), await api.call('POST', `${workspace}/leave`, { as: owner })]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'LAST_OWNER' } });
    }
    expect(await owners()).toBe(1);
    expect(await api.audit(tenant)).toEqual([]);
  });

  it('goes where there is another one', async () => {
    const second = await api.member(tenant, 'owner');
    expect((await setRole(tenant.ownerId, 'member', second.token)).status).toBe(200);
    expect(await setRole(second.userId, 'member', second.token)).toMatchObject({ status: 409, body: { code: 'LAST_OWNER' } });
  });

  it.each([
    ['leave', (_: string, own: string) => api.call('POST', `${workspace}/leave`, { as: own })],
    ['remove each other', (other: string, own: string) => remove(other, own)],
    ['demote each other', (other: string, own: string) => setRole(other, 'member', own)],
  ])('stays, also where two owners %s at the same time', async (_, act) => {
    for (let round = 0; round < 5; round += 1) {
      const own = await api.tenant();
      [tenant, owner, workspace, path] = [own, await api.issuer.token(own.ownerId), `/v1/workspaces/${own.workspaceId}`, `/v1/workspaces/${own.workspaceId}/members`];
      const second = await api.member(own, 'owner');
      const answers = await Promise.all([act(second.userId, owner), act(own.ownerId, second.token)]);
      // Whoever comes second is no owner or the last one, however far his request had come.
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      expect([403, 409]).toContain(answers.find(({ status }) => status >= 300)?.status);
      expect(await owners()).toBe(1);
    }
  });
});
