import { randomBytes } from 'node:crypto';
import { inTransaction } from '../../../db/transaction.ts';
import { startPairing as insertPairing } from '../../../api/src/repositories/pairings.ts';
import { TestApi } from '../../support/api.ts';
import { requestDeletion } from '../../support/lifecycle.ts';
import { approvePairing, claimPairing, pair, startPairing } from '../../support/pairing.ts';
import type { Codes } from '../../support/pairing.ts';
import type { Tenant } from '../../support/tenants.ts';

let api: TestApi;
let tenant: Tenant;
let owner: string;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  owner = await api.issuer.token(tenant.ownerId);
});

const start = async (machineId = 'machine-1') => (await startPairing(api, machineId)).body;
const expire = ({ userCode }: Codes) =>
  api.superuser.query("UPDATE halton.pairings SET started_at = started_at - interval '10 minutes', expires_at = expires_at - interval '10 minutes' WHERE user_code_hash = sha256($1)", [Buffer.from(userCode.replace('-', ''))]);
const UNAUTHENTICATED = { status: 401, body: { code: 'UNAUTHENTICATED' } };

describe('pairing', () => {
  it('HM-DEV-1: mints a token that begins hm_sync_, once a member has approved the code that the machine shows', async () => {
    const { status, body: codes } = await startPairing(api, 'machine-1', 'Ada’s laptop');
    expect(status).toBe(201);
    expect(codes.userCode).toMatch(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/);
    expect(codes.deviceCode).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Math.abs(Date.parse(codes.expiresAt) - Date.now() - 600_000)).toBeLessThan(10_000);
    expect(await claimPairing(api, codes.deviceCode)).toMatchObject({ status: 202, body: { status: 'pending' } });
    expect(await approvePairing(api, tenant, codes.userCode, owner)).toMatchObject({ status: 200, body: { machineId: 'machine-1', name: 'Ada’s laptop' } });
    const claimed = await claimPairing(api, codes.deviceCode);
    expect(claimed).toMatchObject({ status: 200, body: { status: 'paired', workspaceId: tenant.workspaceId, token: expect.stringMatching(/^hm_sync_[A-Za-z0-9_-]{43}[0-9a-f]{8}$/) } });
    const { token, deviceId } = claimed.body;
    const { rows } = await api.superuser.query('SELECT device_id, machine_id, paired_by, token_hash = sha256($2) AS hashed FROM halton.devices WHERE workspace_id = $1', [tenant.workspaceId, Buffer.from(token)]);
    expect(rows).toEqual([{ device_id: deviceId, machine_id: 'machine-1', paired_by: tenant.ownerId, hashed: true }]);
    expect(api.lines.join('')).not.toContain(token);
  });

  it('is recorded when it is approved and when the device is made, by whom, and from where', async () => {
    const { deviceId } = await pair(api, tenant, owner);
    const from = { address: '127.0.0.1', userAgent: 'node' };
    expect(await api.audit(tenant)).toEqual([
      { actor_kind: 'member', actor: tenant.ownerId, action: 'device.pairing_approved', target: 'machine-1', details: { name: 'Laptop', ...from } },
      { actor_kind: 'member', actor: tenant.ownerId, action: 'device.paired', target: deviceId, details: { machineId: 'machine-1', ...from } },
    ]);
  });

  it('takes the code as it may be typed', async () => {
    for (const typed of [(code: string) => code.toLowerCase(), (code: string) => code.replace('-', '')]) {
      const { userCode } = await start();
      expect((await approvePairing(api, tenant, typed(userCode), owner)).status).toBe(200);
    }
  });

  it('is approved once and claimed once, also where several try at the same time', async () => {
    const codes = await start();
    const approvals = await Promise.all(Array.from({ length: 4 }, () => approvePairing(api, tenant, codes.userCode, owner)));
    expect(approvals.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404, 404, 404]);
    const claims = await Promise.all(Array.from({ length: 4 }, () => claimPairing(api, codes.deviceCode)));
    expect(claims.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401]);
    expect((await api.audit(tenant)).filter(({ action }) => action === 'device.paired')).toHaveLength(1);
  });

  it('ends after ten minutes, approved or not', async () => {
    const codes = await start();
    const approved = await start();
    await approvePairing(api, tenant, approved.userCode, owner);
    await expire(codes);
    await expire(approved);
    expect(await approvePairing(api, tenant, codes.userCode, owner)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    for (const { deviceCode } of [codes, approved]) expect(await claimPairing(api, deviceCode)).toMatchObject(UNAUTHENTICATED);
  });

  it('gives no code to two machines at once', async () => {
    const [code, machine] = [randomBytes(32), { machineId: 'machine', name: 'Laptop' }];
    const startWith = (deviceCode: Buffer) => inTransaction(api.pool, {}, (client) => insertPairing(client, deviceCode, code, machine));
    expect(await startWith(randomBytes(32))).toBeInstanceOf(Date);
    expect(await startWith(randomBytes(32))).toBeUndefined();
  });

  it('that was approved by somebody who was removed since makes no device', async () => {
    const member = await api.member(tenant, 'member');
    const codes = await start();
    await approvePairing(api, tenant, codes.userCode, member.token);
    await api.call('DELETE', `/v1/workspaces/${tenant.workspaceId}/members/${member.userId}`, { as: owner });
    expect(await claimPairing(api, codes.deviceCode)).toMatchObject(UNAUTHENTICATED);
    expect((await api.audit(tenant)).map(({ action }) => action)).toEqual(['device.pairing_approved', 'member.removed']);
  });

  it('leaves no device that works, where it is claimed just when its approver is removed', async () => {
    for (let round = 0; round < 8; round += 1) {
      const member = await api.member(tenant, 'member');
      const codes = await start();
      await approvePairing(api, tenant, codes.userCode, member.token);
      const remove = api.call('DELETE', `/v1/workspaces/${tenant.workspaceId}/members/${member.userId}`, { as: owner });
      const [removed, claimed] = await Promise.all([remove, claimPairing(api, codes.deviceCode)]);
      expect(removed.status).toBe(204);
      expect([200, 401]).toContain(claimed.status);
      const { rows } = await api.superuser.query('SELECT FROM halton.devices WHERE workspace_id = $1 AND revoked_at IS NULL', [tenant.workspaceId]);
      expect(rows).toHaveLength(0);
    }
  });

  it('HM-DEL-2: is neither approved nor claimed while the workspace awaits its deletion', async () => {
    const codes = await start();
    const approved = await start();
    await approvePairing(api, tenant, approved.userCode, owner);
    await requestDeletion(api.pool, tenant);
    const READ_ONLY = { status: 409, body: { code: 'WORKSPACE_READ_ONLY' } };
    expect(await approvePairing(api, tenant, codes.userCode, owner)).toMatchObject(READ_ONLY);
    expect(await claimPairing(api, approved.deviceCode)).toMatchObject(READ_ONLY);
  });

  it('is approved by members alone, of the workspace that they name', async () => {
    const { userCode } = await start();
    const other = await api.tenant();
    expect(await approvePairing(api, other, userCode, owner)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect((await approvePairing(api, tenant, userCode, (await api.member(tenant, 'member')).token)).status).toBe(200);
  });

  it('is refused where what is sent is malformed', async () => {
    for (const body of [{}, { machineId: 'm' }, { machineId: 'a b', name: 'Laptop' }, { machineId: '', name: 'Laptop' }, { machineId: 'm', name: '' }, { machineId: 'm', name: 'a\0b' }, { machineId: 'm', name: 'n', more: 1 }]) {
      expect(await api.call('POST', '/v1/pairings', { body })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    }
    for (const body of [{}, { deviceCode: '' }, { deviceCode: 1 }, { deviceCode: 'x'.repeat(101) }]) {
      expect(await api.call('POST', '/v1/pairings/claim', { body })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    }
    for (const userCode of ['', 'BCDF', 'BCDF GHJK', 'BCDF-GHJ1', 1]) {
      expect(await api.call('POST', `/v1/workspaces/${tenant.workspaceId}/pairings/approve`, { as: owner, body: { userCode } })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    }
    expect(await api.call('POST', '/v1/pairings', { body: { machineId: 'm', name: 'n'.repeat(5_000) } })).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } });
  });
});

describe('guessing codes', () => {
  // Failures are counted by address, and the other tests come from the same one.
  let other: TestApi;
  beforeAll(async () => {
    other = await TestApi.start();
  });
  afterAll(() => other.stop());

  it('makes one wait, whichever of the two one guesses', async () => {
    const own = await other.tenant();
    const member = await other.issuer.token(own.ownerId);
    for (let guess = 0; guess < 50; guess += 1) {
      expect(await claimPairing(other, `guess-${guess}`)).toMatchObject(UNAUTHENTICATED);
      expect((await approvePairing(other, own, 'BCDF-GHJK', member)).status).toBe(404);
    }
    for (const answer of [await startPairing(other, 'machine-1'), await claimPairing(other, 'guess'), await approvePairing(other, own, 'BCDF-GHJK', member)]) {
      expect(answer).toMatchObject({ status: 429, body: { code: 'TOO_MANY_ATTEMPTS' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    }
  });
});
