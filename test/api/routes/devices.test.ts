import { MACHINE_HEADER } from '../../../api/src/auth/caller.ts';
import { newDeviceToken } from '../../../api/src/auth/credential.ts';
import { TestApi } from '../../support/api.ts';
import type { ApiCall } from '../../support/api.ts';
import { requestDeletion } from '../../support/lifecycle.ts';
import { pair } from '../../support/pairing.ts';
import type { Paired } from '../../support/pairing.ts';
import type { Tenant } from '../../support/tenants.ts';
import { arrivingRow } from '../../support/usage.ts';

let api: TestApi;
let tenant: Tenant;
let owner: string;
let path: string;
let device: Paired;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  owner = await api.issuer.token(tenant.ownerId);
  path = `/v1/workspaces/${tenant.workspaceId}/devices`;
  device = await pair(api, tenant, owner, 'machine-1');
});

const from = (token: string, machine = 'machine-1'): ApiCall => ({ as: token, headers: { [MACHINE_HEADER]: machine } });
const send = (call: ApiCall, requestId = 'req_1', { workspaceId } = tenant) => api.call('POST', `/v1/${workspaceId}/requests`, { ...call, body: { requests: [arrivingRow(requestId)] } });
const revoke = (deviceId: string, as = owner) => api.call('DELETE', `${path}/${deviceId}`, { as });
const storedRequests = async () => (await api.superuser.query<{ request_id: string }>('SELECT request_id FROM halton.requests WHERE workspace_id = $1 ORDER BY request_id', [tenant.workspaceId])).rows.map(({ request_id }) => request_id);
const recorded = async (action: string) => (await api.audit(tenant)).filter((entry) => entry.action === action);
const UNAUTHENTICATED = { status: 401, body: { code: 'UNAUTHENTICATED' } };
const FORBIDDEN = { status: 403, body: { code: 'FORBIDDEN' } };

describe('a device', () => {
  it('HM-DEV-1: authenticates with its token', async () => {
    expect((await send(from(device.token))).status).toBe(200);
    expect(await storedRequests()).toEqual(['req_1']);
  });

  it('HM-DEV-1: is not let in by a token that nobody was given, that is cut off, or that says no machine', async () => {
    for (const call of [from(newDeviceToken(Buffer.alloc(32))), from(device.token.slice(0, -1)), from(`${device.token}0`), { as: device.token }, from(device.token, 'a machine')]) {
      expect(await send(call)).toMatchObject(UNAUTHENTICATED);
    }
    expect(await storedRequests()).toEqual([]);
  });

  it('HM-DEV-2: gets 401 under the paths of another workspace, also of one whose member paired it', async () => {
    const other = await api.tenant();
    await api.member(other, 'owner', tenant.ownerId);
    const answers = [await send(from(device.token), 'req_1', other), await api.call('DELETE', `/v1/${other.workspaceId}/device`, from(device.token))];
    for (const answer of answers) expect(answer).toMatchObject(UNAUTHENTICATED);
    expect(await send(from(device.token), 'req_1', { ...tenant, workspaceId: '00000000-0000-4000-8000-000000000000' })).toMatchObject(UNAUTHENTICATED);
    expect(await api.audit(other)).toEqual([]);
  });

  it('HM-DEV-2: does nothing that members do, where no workspace is named either', async () => {
    const workspace = `/v1/workspaces/${tenant.workspaceId}`;
    const calls = [['GET', workspace], ['DELETE', workspace], ['GET', `${workspace}/members`], ['GET', path], ['DELETE', `${path}/${device.deviceId}`]] as const;
    for (const [method, url] of calls) expect(await api.call(method, url, from(device.token))).toMatchObject(FORBIDDEN);
    for (const url of ['/v1/workspaces', '/v1/traces/req_1/body', `/v1/support/${tenant.workspaceId}/members`]) expect(await api.call('GET', url, from(device.token))).toMatchObject(UNAUTHENTICATED);
  });

  it('HM-DEV-3: is refused from another machine, which the audit log tells, and goes on from its own', async () => {
    expect(await send({ as: device.token, headers: { [MACHINE_HEADER]: 'machine-2', 'user-agent': 'thief/1' } })).toMatchObject(UNAUTHENTICATED);
    expect(await recorded('device.refused')).toEqual([{ actor_kind: 'device', actor: device.deviceId, action: 'device.refused', target: device.deviceId, details: { address: '127.0.0.1', userAgent: 'thief/1' } }]);
    expect(await storedRequests()).toEqual([]);
    expect((await send(from(device.token))).status).toBe(200);
  });

  it('HM-DEV-2: reads projects and policies below its workspace, and the same nowhere else', async () => {
    for (const area of ['projects', 'policies']) {
      expect((await api.call('GET', `/v1/${tenant.workspaceId}/${area}`, from(device.token))).status).toBe(200);
      expect(await api.call('GET', `/v1/workspaces/${tenant.workspaceId}/${area}`, from(device.token))).toMatchObject(FORBIDDEN);
    }
  });

  it('HM-DEV-4: has a token that does not expire', async () => {
    await api.superuser.query("UPDATE halton.devices SET paired_at = paired_at - interval '10 years' WHERE device_id = $1", [device.deviceId]);
    expect((await send(from(device.token))).status).toBe(200);
  });

  it('is listed, without its token or the hash of it, also when it was revoked', async () => {
    const second = await pair(api, tenant, owner, 'machine-2');
    await revoke(second.deviceId);
    const { status, body, text } = await api.call<{ devices: unknown[] }>('GET', path, { as: (await api.member(tenant, 'member')).token });
    expect(status).toBe(200);
    expect(body.devices).toEqual([
      { deviceId: device.deviceId, machineId: 'machine-1', name: 'Laptop', pairedBy: tenant.ownerId, pairedAt: expect.any(String), revokedAt: null },
      { deviceId: second.deviceId, machineId: 'machine-2', name: 'Laptop', pairedBy: tenant.ownerId, pairedAt: expect.any(String), revokedAt: expect.any(String) },
    ]);
    expect(text).not.toContain('hm_sync_');
  });
});

describe('revoking a device', () => {
  it('HM-DEV-4, HM-DEV-5: from the list makes its very next request 401, while another one goes on', async () => {
    const second = await pair(api, tenant, owner, 'machine-2');
    expect((await send(from(device.token))).status).toBe(200);
    expect((await revoke(device.deviceId)).status).toBe(204);
    expect(await send(from(device.token), 'req_2')).toMatchObject(UNAUTHENTICATED);
    expect((await send(from(second.token, 'machine-2'), 'req_3')).status).toBe(200);
    expect(await recorded('device.revoked')).toEqual([{ actor_kind: 'member', actor: tenant.ownerId, action: 'device.revoked', target: device.deviceId, details: { pairedBy: tenant.ownerId } }]);
  });

  it('HM-DEV-4, HM-DEV-5: by the device itself makes its very next request 401', async () => {
    const disconnect = () => api.call('DELETE', `/v1/${tenant.workspaceId}/device`, from(device.token));
    expect((await disconnect()).status).toBe(204);
    expect(await disconnect()).toMatchObject(UNAUTHENTICATED);
    expect(await send(from(device.token))).toMatchObject(UNAUTHENTICATED);
    expect(await recorded('device.revoked')).toEqual([{ actor_kind: 'device', actor: device.deviceId, action: 'device.revoked', target: device.deviceId, details: { pairedBy: tenant.ownerId } }]);
  });

  it('is recorded once, also where the device disconnects twice at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => api.call('DELETE', `/v1/${tenant.workspaceId}/device`, from(device.token))));
    for (const { status } of answers) expect([204, 401]).toContain(status);
    expect((await revoke(device.deviceId)).status).toBe(204);
    expect(await recorded('device.revoked')).toHaveLength(1);
  });

  it('HM-DEL-1: leaves what it has sent', async () => {
    await send(from(device.token));
    await api.call('DELETE', `/v1/${tenant.workspaceId}/device`, from(device.token));
    expect(await storedRequests()).toEqual(['req_1']);
  });

  it("HM-RBAC-2: is a member's right on his own, and an owner's or admin's on any", async () => {
    const [member, admin] = [await api.member(tenant, 'member'), await api.member(tenant, 'admin')];
    const own = await pair(api, tenant, member.token, 'machine-2');
    expect(await revoke(device.deviceId, member.token)).toMatchObject(FORBIDDEN);
    expect((await send(from(device.token))).status).toBe(200);
    expect((await revoke(own.deviceId, member.token)).status).toBe(204);
    expect((await revoke(device.deviceId, admin.token)).status).toBe(204);
  });

  it('of another workspace is not possible', async () => {
    const other = await api.tenant();
    const token = await api.issuer.token(other.ownerId);
    expect(await revoke(device.deviceId, token)).toMatchObject(FORBIDDEN);
    expect(await api.call('DELETE', `/v1/workspaces/${other.workspaceId}/devices/${device.deviceId}`, { as: token })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await api.call('DELETE', `${path}/no-id`, { as: owner })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
  });

  it('HM-DEL-2: goes on working while the workspace awaits its deletion', async () => {
    const second = await pair(api, tenant, owner, 'machine-2');
    await requestDeletion(api.pool, tenant);
    expect(await send(from(device.token))).toMatchObject({ status: 409, body: { code: 'WORKSPACE_READ_ONLY' } });
    expect((await revoke(device.deviceId)).status).toBe(204);
    expect((await api.call('DELETE', `/v1/${tenant.workspaceId}/device`, from(second.token, 'machine-2'))).status).toBe(204);
    for (const call of [from(device.token), from(second.token, 'machine-2')]) expect(await send(call)).toMatchObject(UNAUTHENTICATED);
  });
});
