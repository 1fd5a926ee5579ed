import { seal } from '../../../api/src/sealing/seal.ts';
import { parseFernetKeys } from '../../../api/src/sealing/keys.ts';
import { TestApi } from '../../support/api.ts';
import type { ApiAnswer, ApiCall } from '../../support/api.ts';
import type { Tenant } from '../../support/tenants.ts';
import { arrivingRow, awaitDeletion, newDevice, newKey } from '../../support/usage.ts';
import type { TestDevice } from '../../support/usage.ts';

let api: TestApi;
let tenant: Tenant;
let maker: { readonly userId: string; readonly token: string };
let device: TestDevice;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  await api.superuser.query('UPDATE halton.workspaces SET body_sync = true WHERE workspace_id = $1', [tenant.workspaceId]);
  maker = await api.member(tenant, 'member');
  device = await newDevice(api, tenant, maker.userId);
  expect((await api.call('POST', `/v1/${tenant.workspaceId}/requests`, { ...device.call, body: { requests: [arrivingRow('req_1')] } })).status).toBe(200);
});

const put = (body: unknown, call = device.call, requestId = 'req_1') => api.call('PUT', `/v1/${tenant.workspaceId}/requests/${requestId}/body`, { ...call, body });
const get = (call: ApiCall, requestId = 'req_1') => api.call(`GET`, `/v1/traces/${requestId}/body`, call);
async function sealed(): Promise<readonly string[]> {
  const { rows } = await api.superuser.query<{ sealed: string }>('SELECT sealed FROM halton.request_bodies WHERE workspace_id = $1', [tenant.workspaceId]);
  return rows.map((row) => row.sealed);
}
const entries = async () => (await api.audit(tenant)).filter(({ action }) => action !== 'usage.recorded');

describe('a body', () => {
  it('HM-BODY-1: is kept with its metadata in one sealed column, by the id of its request', async () => {
    expect((await put({ request: 'What is in the vault?', metadata: { tool: 'editor' } })).status).toBe(204);
    expect((await put({ response: 'Nothing of note.', metadata: { turn: 2 } })).status).toBe(204);
    expect(await get({ as: maker.token })).toMatchObject({
      status: 200,
      body: { requestId: 'req_1', userId: maker.userId, redactionApplied: false, request: 'What is in the vault?', response: 'Nothing of note.', metadata: { tool: 'editor', turn: 2 } },
    });
    const tokens = await sealed();
    expect(tokens).toEqual([expect.stringMatching(/^gAAAAA/)]);
    expect(Buffer.from(tokens[0] ?? '', 'base64url').toString('latin1')).not.toContain('vault');
  });

  it('HM-BODY-1: is not taken where body sync is off, and metadata alone are', async () => {
    await api.superuser.query('UPDATE halton.workspaces SET body_sync = false WHERE workspace_id = $1', [tenant.workspaceId]);
    for (const body of [{ request: 'a' }, { response: 'b', metadata: {} }]) expect(await put(body)).toMatchObject({ status: 409, body: { code: 'BODY_SYNC_OFF' } });
    expect(await sealed()).toEqual([]);
    expect((await put({ metadata: { tool: 'editor' } })).status).toBe(204);
    expect((await get({ as: maker.token })).body).toEqual({ requestId: 'req_1', userId: maker.userId, redactionApplied: false, metadata: { tool: 'editor' } });
  });

  it('HM-BODY-2: is redacted where either direction was, in any order of arrival', async () => {
    await put({ response: 'b', redactionApplied: true });
    await put({ request: 'a', redactionApplied: false });
    expect((await get({ as: maker.token })).body).toMatchObject({ redactionApplied: true });
  });

  it('HM-SSM-4: that an older key sealed is read', async () => {
    const older = parseFernetKeys(`${'b'.repeat(42)}A=`);
    const both = await TestApi.start({ keys: [...api.keys, ...older] });
    try {
      const theirs = await both.tenant();
      const owner = await both.issuer.token(theirs.ownerId);
      const machine = await newDevice(both, theirs);
      await both.call('POST', `/v1/${theirs.workspaceId}/requests`, { ...machine.call, body: { requests: [arrivingRow('req_1')] } });
      await both.superuser.query('INSERT INTO halton.request_bodies (workspace_id, request_id, sealed) VALUES ($1, $2, $3)', [theirs.workspaceId, 'req_1', seal(older, { workspaceId: theirs.workspaceId, requestId: 'req_1' }, { request: 'old' })]);
      expect(await both.call('GET', '/v1/traces/req_1/body', { as: owner })).toMatchObject({ status: 200, body: { request: 'old' } });
    } finally {
      await both.stop();
    }
  });

  it('HP-AUD-1: leaves an entry that tells which parts came, and none of what is in them', async () => {
    await put({ response: 'secret', metadata: { secret: true }, redactionApplied: true });
    expect(await entries()).toEqual([{ actor_kind: 'device', actor: device.deviceId, action: 'body.stored', target: 'req_1', details: { parts: ['metadata', 'response'], redactionApplied: true } }]);
  });

  it('is taken from an API key for any request, and from a device for what it sent itself', async () => {
    const key = await newKey(api, tenant);
    expect((await put({ request: 'a' }, key.call)).status).toBe(204);
    const other = await newDevice(api, tenant, maker.userId);
    expect(await put({ request: 'b' }, other.call)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await get({ as: maker.token })).body).toMatchObject({ request: 'a' });
  });

  it('of a request that nobody has sent is not taken', async () => {
    for (const { call } of [device, await newKey(api, tenant)]) expect(await put({ request: 'a' }, call, 'req_2')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('is refused where it is not as its schema says, or larger than two directions are', async () => {
    for (const body of [{}, { request: 1 }, { metadata: [] }, { metadata: 'a' }, { redactionApplied: 'yes' }, { more: 1 }, { request: 'a\0b' }]) {
      expect(await put(body)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    }
    expect((await put({ request: 'x'.repeat(1_000_000), response: 'y'.repeat(1_000_000) })).status).toBe(204);
    expect(await put({ request: 'x'.repeat(2_097_152) })).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } });
  });

  it('HM-RBAC-2, HM-ISO-1: is not taken from members, nor from devices of another workspace', async () => {
    expect(await put({ request: 'a' }, { as: maker.token })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await put({ request: 'a' }, (await newDevice(api, await api.tenant())).call)).toMatchObject({ status: 401 });
  });

  it('HM-DEL-2: is read and not stored while the workspace awaits its deletion', async () => {
    await put({ request: 'a' });
    await awaitDeletion(api, tenant);
    expect(await put({ request: 'b' })).toMatchObject({ status: 409, body: { code: 'WORKSPACE_READ_ONLY' } });
    expect(await get({ as: await api.issuer.token(tenant.ownerId) })).toMatchObject({ status: 200, body: { request: 'a' } });
    expect((await entries()).at(-1)).toMatchObject({ action: 'prompt.viewed', actor: tenant.ownerId });
  });
});

describe('reading a body', () => {
  it('HC-BODY-1, HC-VIEW-1: is for who made the request, owners, admins and admins of the organisation; each look at a teammate\'s is recorded', async () => {
    await put({ request: 'a' });
    const admin = await api.member(tenant, 'admin');
    const above = `user_${Math.random().toString(36).slice(2)}`;
    await api.superuser.query('INSERT INTO halton.organisation_admins (organisation_id, user_id) VALUES ($1, $2)', [tenant.organisationId, above]);
    const named = { 'x-halton-workspace': tenant.workspaceId };
    for (const call of [{ as: maker.token }, { as: await api.issuer.token(tenant.ownerId) }, { as: admin.token }, { as: await api.issuer.token(above), headers: named }]) {
      expect(await get(call)).toMatchObject({ status: 200, body: { request: 'a' } });
    }
    const viewed = (actor: string) => ({ actor_kind: 'member', actor, action: 'prompt.viewed', target: 'req_1', details: { subject: maker.userId } });
    expect((await entries()).slice(1)).toEqual([viewed(tenant.ownerId), viewed(admin.userId), viewed(above)]);
    const ledger = await api.superuser.query("SELECT viewer_user_id AS viewer, subject_user_id AS subject, request_id AS request FROM halton.prompt_views WHERE workspace_id = $1 ORDER BY viewed_at", [tenant.workspaceId]);
    expect(ledger.rows).toEqual([tenant.ownerId, admin.userId, above].map((viewer) => ({ viewer, subject: maker.userId, request: 'req_1' })));
  });

  it('HC-BODY-2: is refused to anybody else with the same bytes and headers, whether there is a body, a request, or nothing', async () => {
    const colleague = await api.member(tenant, 'member');
    const stranger = await api.tenant();
    await put({ request: 'a' });
    await api.call('POST', `/v1/${tenant.workspaceId}/requests`, { ...device.call, body: { requests: [arrivingRow('req_2')] } });
    const answers = [
      ...(await Promise.all(['req_1', 'req_2', 'req_3'].map((id) => get({ as: colleague.token }, id)))),
      await get({ as: await api.issuer.token(stranger.ownerId), headers: { 'x-halton-workspace': tenant.workspaceId } }),
      await get({ as: (await api.member(tenant, 'owner')).token, headers: { 'x-halton-workspace': stranger.workspaceId } }),
      await get({ as: await api.issuer.token('user_of_nothing') }),
    ];
    const shown = ({ status, headers, text, body }: ApiAnswer<unknown>) => {
      const { requestId } = body as { requestId: string };
      const same = [...headers].filter(([name]) => name !== 'date').map(([name, value]) => `${name}: ${value.replaceAll(requestId, 'ID')}`);
      return JSON.stringify({ status, same, text: text.replaceAll(requestId, 'ID') });
    };
    expect(answers[0]).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(new Set(answers.map(shown)).size).toBe(1);
    expect((await entries()).map(({ action }) => action)).toEqual(['body.stored']);
  });

  it('HC-BODY-2: takes the same statements in the same order for who may not, whether there is a body, a request, or nothing', async () => {
    const colleague = await api.member(tenant, 'member');
    await put({ request: 'a' });
    await api.call('POST', `/v1/${tenant.workspaceId}/requests`, { ...device.call, body: { requests: [arrivingRow('req_2')] } });
    const statements: string[][] = [];
    const onAcquire = (client: { query(...args: readonly unknown[]): unknown }) => {
      if (Object.hasOwn(client, 'query')) return;
      const query = client.query.bind(client);
      client.query = (...args) => {
        const [first] = args as [string | { text: string }];
        statements.at(-1)?.push(typeof first === 'string' ? first : first.text);
        return query(...args);
      };
    };
    api.pool.on('acquire', onAcquire);
    for (const id of ['req_1', 'req_2', 'req_3']) {
      statements.push([]);
      await get({ as: colleague.token }, id);
    }
    api.pool.off('acquire', onAcquire);
    expect(statements[0]?.length).toBeGreaterThan(4);
    expect(statements[1]).toEqual(statements[0]);
    expect(statements[2]).toEqual(statements[0]);
  });

  it('HC-BODY-1: is not for devices and API keys', async () => {
    const headers = { 'x-halton-workspace': tenant.workspaceId };
    for (const { call } of [device, await newKey(api, tenant)]) expect(await get({ ...call, headers: { ...call.headers, ...headers } })).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  });

  it('tells who may read it that there is none', async () => {
    const owner = await api.issuer.token(tenant.ownerId);
    for (const [as, id] of [[maker.token, 'req_1'], [owner, 'req_1'], [owner, 'req_9']] as const) expect(await get({ as }, id)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await entries()).toEqual([]);
  });

  it('asks somebody of several workspaces to name one, and finds no other one\'s body', async () => {
    await put({ request: 'a' });
    const other = await api.tenant();
    await api.member(other, 'owner', maker.userId);
    expect(await get({ as: maker.token })).toMatchObject({ status: 400, body: { code: 'WORKSPACE_UNNAMED' } });
    expect(await get({ as: maker.token, headers: { 'x-halton-workspace': tenant.workspaceId } })).toMatchObject({ status: 200 });
    expect(await get({ as: maker.token, headers: { 'x-halton-workspace': other.workspaceId } })).toMatchObject({ status: 404 });
  });
});
