import { compare } from 'bcryptjs';
import { TestApi } from '../../support/api.ts';
import { requestDeletion } from '../../support/lifecycle.ts';
import type { Tenant } from '../../support/tenants.ts';
import { arrivingRow } from '../../support/usage.ts';

interface Key { readonly keyId: string; readonly key: string }

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
  path = `${workspace}/api-keys`;
});

const create = async (name = 'CI') => (await api.call<Key>('POST', path, { as: owner, body: { name } })).body;
const revoke = (keyId: string, as = owner) => api.call('DELETE', `${path}/${keyId}`, { as });
const use = (key: string) => api.call('GET', workspace, { as: key });
const secretOf = ({ key }: Key) => key.slice(-43);
const withSecret = ({ keyId }: Pick<Key, 'keyId'>, secret: string) => `hm_key_${keyId}_${secret}`;
const opaque = ({ status, body }: { readonly status: number; readonly body: unknown }) => ({ status, body: { ...(body as object), requestId: '' } });
const entries = async () => (await api.audit(tenant)).map(({ actor_kind: kind, actor, action, target, details }) => ({ kind, actor, action, target, details }));
const UNAUTHENTICATED = { status: 401, body: { code: 'UNAUTHENTICATED' } };
const FORBIDDEN = { status: 403, body: { code: 'FORBIDDEN' } };

describe('an API key', () => {
  it('HM-KEY-1: is shown when it is created, and never again', async () => {
    const created = await api.call<Key>('POST', path, { as: owner, body: { name: 'CI' } });
    expect(created).toMatchObject({ status: 201, body: { name: 'CI', createdBy: tenant.ownerId, revokedAt: null } });
    const { key, ...shown } = created.body;
    expect(key).toMatch(new RegExp(`^hm_key_${shown.keyId}_[A-Za-z0-9_-]{43}$`));
    const listed = await api.call('GET', path, { as: owner });
    expect(listed).toMatchObject({ status: 200, body: { apiKeys: [shown] } });
    expect(listed.text).not.toMatch(/secret|hash|\$2/i);
    expect(api.lines.join('')).not.toContain(secretOf(created.body));
  });

  it('HM-KEY-2: is kept as a bcrypt hash of its secret, and in no other way', async () => {
    const key = await create();
    await use(key.key);
    const { rows } = await api.superuser.query<{ secret_hash: string; whole: string }>('SELECT secret_hash, row_to_json(k)::text AS whole FROM halton.api_keys k WHERE workspace_id = $1', [tenant.workspaceId]);
    const [row] = rows;
    expect(row?.secret_hash).toMatch(/^\$2b\$10\$/);
    expect(await compare(secretOf(key), row?.secret_hash ?? '')).toBe(true);
    expect(row?.whole).not.toContain(secretOf(key));
    expect(JSON.stringify(await api.audit(tenant))).not.toContain(secretOf(key));
  });

  it('HM-KEY-3: neither reads nor writes another workspace, also where one member owns both', async () => {
    const key = await create();
    const other = await api.tenant();
    await api.member(other, 'owner', tenant.ownerId);
    const calls = [
      ['GET', `/v1/workspaces/${other.workspaceId}`, undefined],
      ['GET', `/v1/workspaces/${other.workspaceId}/projects`, undefined],
      ['GET', '/v1/workspaces/00000000-0000-4000-8000-000000000000', undefined],
      ['POST', `/v1/${other.workspaceId}/requests`, { requests: [arrivingRow('req_1')] }],
    ] as const;
    for (const [method, url, body] of calls) expect(await api.call(method, url, { as: key.key, ...(body && { body }) })).toMatchObject(UNAUTHENTICATED);
    expect(await api.audit(other)).toEqual([]);
    expect((await api.superuser.query('SELECT FROM halton.requests WHERE workspace_id = $1', [other.workspaceId])).rows).toEqual([]);
    expect((await use(key.key)).status).toBe(200);
  });

  it('HM-KEY-4: that was revoked gets 401 on its next request, whether it was used before or not', async () => {
    const [used, unused] = [await create('used'), await create('unused')];
    expect((await use(used.key)).status).toBe(200);
    for (const key of [used, unused]) {
      expect((await revoke(key.keyId)).status).toBe(204);
      expect(await use(key.key)).toMatchObject(UNAUTHENTICATED);
    }
  });

  it('HM-KEY-4, HM-KEY-5: that was revoked gets 401 whatever it sends and wherever, and one that holds leaves an entry', async () => {
    const { key, keyId } = await create();
    const strange = () => Promise.all([
      api.call('POST', `/v1/${tenant.workspaceId}/requests`, { as: key, body: '{ no JSON' }),
      api.call('POST', `/v1/${tenant.workspaceId}/requests`, { as: key, body: { requests: ['a\0b'] } }),
      api.call('POST', `/v1/${tenant.workspaceId}/requests`, { as: key, body: '<a/>', headers: { 'content-type': 'application/xml' } }),
    ]);
    expect((await strange()).map(({ status }) => status)).toEqual([400, 400, 415]);
    const used = (await api.audit(tenant)).filter(({ actor }) => actor === keyId).map(({ action, details }) => `${action} ${String(details['refused'])}`);
    expect(new Set(used)).toEqual(new Set(['api_key.used MEDIA_TYPE_UNSUPPORTED', 'api_key.used REQUEST_INVALID', 'api_key.used REQUEST_MALFORMED']));
    expect(used).toHaveLength(3);
    await revoke(keyId);
    expect((await strange()).map(({ status }) => status)).toEqual([401, 401, 401]);
    for (const url of ['/v1/workspaces', '/v1/traces/r1/body']) expect(await api.call('GET', url, { as: key })).toMatchObject(UNAUTHENTICATED);
  });

  it('HM-KEY-5: leaves an entry each time it is used, also where it is refused', async () => {
    const { key, keyId } = await create();
    await use(key);
    await use(key);
    await api.call('PATCH', workspace, { as: key, body: { name: 'Mine' } });
    await api.call('POST', `/v1/${tenant.workspaceId}/requests`, { as: key, body: { requests: [] } });
    await api.call('POST', `/v1/${tenant.workspaceId}/requests`, { as: key, body: { requests: [arrivingRow('req_1', { userId: 'user_ada' })] } });
    const entry = (action: string, details: unknown, target = keyId) => ({ kind: 'api_key', actor: keyId, action, target, details });
    expect((await entries()).slice(1)).toEqual([
      entry('api_key.used', { route: 'GET /v1/workspaces/:workspace' }),
      entry('api_key.used', { route: 'GET /v1/workspaces/:workspace' }),
      entry('api_key.used', { route: 'PATCH /v1/workspaces/:workspace', refused: 'FORBIDDEN' }),
      entry('api_key.used', { route: 'POST /v1/:workspace/requests', refused: 'REQUEST_INVALID' }),
      entry('usage.recorded', { stored: 1, repeated: 0 }, 'req_1'),
    ]);
  });

  it('with a wrong secret, or that there is not, or of another workspace, is answered alike', async () => {
    const key = await create();
    const answers = [await use(withSecret(key, 'A'.repeat(43))), await use(withSecret({ keyId: 'nobodys00' }, secretOf(key))), await api.call('GET', `/v1/workspaces/${(await api.tenant()).workspaceId}`, { as: key.key })];
    const [first, ...others] = answers;
    expect(first).toMatchObject(UNAUTHENTICATED);
    for (const answer of others) expect(opaque(answer)).toEqual(first && opaque(first));
    expect((await entries()).map(({ action }) => action)).toEqual(['api_key.created']);
  });

  it('makes whoever guesses at its secret wait, and goes on working where its secret is known', async () => {
    const [key, fresh] = [await create(), await create()];
    expect((await use(key.key)).status).toBe(200);
    for (let guess = 0; guess < 10; guess += 1) {
      for (const guessed of [key, fresh]) expect(await use(withSecret(guessed, String(guess).repeat(43)))).toMatchObject(UNAUTHENTICATED);
    }
    const refused = await use(withSecret(key, 'A'.repeat(43)));
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_ATTEMPTS' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await use(key.key)).status).toBe(200);
    // Of which the process cannot tell without a comparison whether it is right.
    expect(await use(fresh.key)).toMatchObject({ status: 429, body: { code: 'TOO_MANY_ATTEMPTS' } });
  });

  it('is no credential where its secret is longer than bcrypt reads', async () => {
    expect(await use(withSecret(await create(), 'A'.repeat(73)))).toMatchObject(UNAUTHENTICATED);
  });
});

describe('API keys', () => {
  it('leave an entry when they are created and revoked, and none when they are revoked again', async () => {
    const { keyId } = await create('CI');
    await revoke(keyId);
    expect((await revoke(keyId)).status).toBe(204);
    expect(await entries()).toEqual([
      { kind: 'member', actor: tenant.ownerId, action: 'api_key.created', target: keyId, details: { name: 'CI' } },
      { kind: 'member', actor: tenant.ownerId, action: 'api_key.revoked', target: keyId, details: { name: 'CI' } },
    ]);
    expect(await api.call('GET', path, { as: owner })).toMatchObject({ body: { apiKeys: [{ keyId, revokedAt: expect.any(String) }] } });
  });

  it('HM-RBAC-2: are managed by owners and admins, not by members, and by no key', async () => {
    const [admin, member] = [await api.member(tenant, 'admin'), await api.member(tenant, 'member')];
    const { key, keyId } = await create();
    for (const as of [member.token, key]) {
      expect(await api.call('POST', path, { as, body: { name: 'CI' } })).toMatchObject(FORBIDDEN);
      expect(await api.call('GET', path, { as })).toMatchObject(FORBIDDEN);
      expect(await revoke(keyId, as)).toMatchObject(FORBIDDEN);
    }
    expect((await api.call('POST', path, { as: admin.token, body: { name: 'CI' } })).status).toBe(201);
    expect((await revoke(keyId, admin.token)).status).toBe(204);
  });

  it('of another workspace are neither listed nor revoked', async () => {
    const { keyId } = await create();
    const other = await api.tenant();
    const token = await api.issuer.token(other.ownerId);
    expect(await api.call('GET', path, { as: token })).toMatchObject(FORBIDDEN);
    expect(await api.call('DELETE', `/v1/workspaces/${other.workspaceId}/api-keys/${keyId}`, { as: token })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('are refused without a name', async () => {
    for (const body of [{}, { name: '' }, { name: 'x'.repeat(201) }, { name: 'CI', secret: 'mine' }]) {
      expect(await api.call('POST', path, { as: owner, body })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    }
    expect(await revoke('no-id')).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
  });

  it('HM-DEL-2: are not created while the workspace awaits its deletion, read what there is, and are revoked', async () => {
    const { key, keyId } = await create();
    await requestDeletion(api.pool, tenant);
    expect(await api.call('POST', path, { as: owner, body: { name: 'CI' } })).toMatchObject({ status: 409, body: { code: 'WORKSPACE_READ_ONLY' } });
    expect((await use(key)).status).toBe(200);
    expect((await revoke(keyId)).status).toBe(204);
    expect(await use(key)).toMatchObject(UNAUTHENTICATED);
  });
});
