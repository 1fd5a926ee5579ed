import { TestApi } from '../../support/api.ts';
import type { ApiCall } from '../../support/api.ts';
import { insertRequests } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';
import { awaitDeletion, newDevice, newKey } from '../../support/usage.ts';

interface View { readonly viewId: string; readonly viewedAt: string; readonly reason: string; readonly viewer: string }
interface Page { readonly views: readonly View[]; readonly next: string | null }

let api: TestApi;
let tenant: Tenant;
let admin: { readonly userId: string; readonly token: string };
let path: string;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await onPlan('enterprise');
  admin = await api.member(tenant, 'admin');
  path = `/v1/workspaces/${tenant.workspaceId}/audit/prompt-views`;
});

/** A workspace whose owner made the requests req_1 to req_3. */
async function onPlan(plan: string): Promise<Tenant> {
  const made = await api.tenant({ plan });
  const client = await api.superuser.connect();
  await insertRequests(client, made, ['req_1', 'req_2', 'req_3']);
  client.release();
  return made;
}
const record = (body: unknown, call: ApiCall = { as: admin.token }) => api.call<View>('POST', '/v1/audit/prompt-views', { ...call, body });
const read = (query = '', as = admin.token) => api.call<Page>('GET', `${path}${query}`, { as });
const view = (more: Readonly<Record<string, unknown>> = {}) => ({ requestId: 'req_1', reason: 'An incident', ...more });

describe('a view of a teammate\'s prompt', () => {
  it('HC-VIEW-1, HC-VIEW-2: is recorded with who, whose, why, when, from where, and by what client', async () => {
    const before = Date.now();
    const answer = await record(view({ consentGrantId: 'grant_7' }), { as: admin.token, headers: { 'user-agent': 'x'.repeat(600) } });
    const expected = { requestId: 'req_1', viewer: admin.userId, subject: tenant.ownerId, consentGrantId: 'grant_7', reason: 'An incident', ip: '127.0.0.1', userAgent: 'x'.repeat(512) };
    expect(answer).toMatchObject({ status: 201, body: expected });
    expect(Date.parse(answer.body.viewedAt)).toBeGreaterThanOrEqual(before - 1_000);
    const { rows } = await api.superuser.query('SELECT workspace_id, request_id, viewer_user_id, subject_user_id, consent_grant_id, reason, host(client_ip) AS ip FROM halton.prompt_views WHERE workspace_id = $1', [tenant.workspaceId]);
    expect(rows).toEqual([{ workspace_id: tenant.workspaceId, request_id: 'req_1', viewer_user_id: admin.userId, subject_user_id: tenant.ownerId, consent_grant_id: 'grant_7', reason: 'An incident', ip: '127.0.0.1' }]);
    expect(await api.audit(tenant)).toEqual([{ actor_kind: 'member', actor: admin.userId, action: 'prompt.viewed', target: 'req_1', details: { subject: tenant.ownerId, viewId: answer.body.viewId } }]);
    expect(await read()).toMatchObject({ status: 200, body: { views: [answer.body], next: null } });
  });

  it('HC-VIEW-1: is recorded anew each time, and nothing changes or deletes one', async () => {
    await record(view());
    await record(view());
    const { body: { views } } = await read();
    expect(views).toHaveLength(2);
    for (const method of ['PUT', 'PATCH', 'DELETE']) expect(await api.call(method, `${path}/${views[0]?.viewId}`, { as: admin.token })).toMatchObject({ status: 404, body: { code: 'ROUTE_UNKNOWN' } });
    expect((await read()).body.views).toEqual(views);
  });

  it('is nobody\'s own, and of a request that there is', async () => {
    expect(await record(view(), { as: await api.issuer.token(tenant.ownerId) })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', violations: [{ part: 'body', pointer: '/requestId' }] } });
    expect(await record(view({ requestId: 'req_9' }))).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await api.audit(tenant)).toEqual([]);
  });

  it('HC-VIEW-2: has a reason of 1 to 2000 characters', async () => {
    for (const body of [view({ reason: '' }), view({ reason: 'x'.repeat(2_001) }), { requestId: 'req_1' }, view({ consentGrantId: '' }), view({ viewer: 'user_x' }), view({ subject: 'user_x' }), view({ requestId: 'a b' })]) {
      expect(await record(body)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    }
    expect((await record(view({ reason: '\u{1F600}'.repeat(2_000) }))).status).toBe(201);
  });

  it('HC-VIEW-3: is recorded on the plan Team and above, and read on Business+ and above', async () => {
    const statuses = [];
    for (const plan of ['solo', 'team', 'business_plus', 'enterprise']) {
      const workspace = await onPlan(plan);
      const { token } = await api.member(workspace, 'admin');
      const written = await record(view(), { as: token });
      const listed = await api.call('GET', `/v1/workspaces/${workspace.workspaceId}/audit/prompt-views`, { as: token });
      statuses.push([plan, written.status, listed.status]);
    }
    expect(statuses).toEqual([['solo', 403, 403], ['team', 201, 403], ['business_plus', 201, 200], ['enterprise', 201, 200]]);
  });

  it('HM-RBAC-2: is neither recorded nor read by members, devices and API keys', async () => {
    const member = await api.member(tenant, 'member');
    const headers = { 'x-halton-workspace': tenant.workspaceId };
    const calls = [{ as: member.token }, (await newDevice(api, tenant)).call, (await newKey(api, tenant)).call].map((call: ApiCall) => ({ ...call, headers: { ...call.headers, ...headers } }));
    for (const [index, call] of calls.entries()) {
      // The path names no workspace, below which alone a device's token and a key are good.
      expect(await record(view(), call)).toMatchObject(index === 0 ? { status: 403, body: { code: 'FORBIDDEN' } } : { status: 401, body: { code: 'UNAUTHENTICATED' } });
      expect(await api.call('GET', path, call)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
  });

  it('HM-DEL-2: is recorded and read also while the workspace awaits its deletion', async () => {
    await awaitDeletion(api, tenant);
    expect((await record(view())).status).toBe(201);
    expect((await read()).body.views).toHaveLength(1);
  });
});

describe('the ledger', () => {
  it('is read in pages, the latest first, without a view lost or shown twice', async () => {
    for (let count = 0; count < 5; count += 1) await record(view({ reason: `reason ${count}` }));
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const { body } = await read(`?limit=2${next === null ? '' : `&before=${next}`}`);
      seen.push(...body.views.map(({ reason }) => reason));
      ({ next } = body);
    } while (next !== null);
    expect(seen).toEqual([4, 3, 2, 1, 0].map((count) => `reason ${count}`));
  });

  it('is filtered by who looked, at whose, and when', async () => {
    const other = await api.member(tenant, 'owner');
    await record(view());
    await record(view({ requestId: 'req_2' }), { as: other.token });
    const [today, tomorrow] = [0, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
    const count = async (query: string) => (await read(query)).body.views.length;
    expect(await count(`?viewer=${other.userId}`)).toBe(1);
    expect(await count(`?subject=${tenant.ownerId}`)).toBe(2);
    expect(await count('?subject=user_nobody')).toBe(0);
    expect(await count(`?from=${today?.slice(0, 10)}&to=${tomorrow?.slice(0, 10)}`)).toBe(2);
    expect(await count(`?from=${tomorrow}`)).toBe(0);
    expect(await count(`?to=${today?.slice(0, 10)}T00:00:00Z`)).toBe(0);
  });

  it('is not read with a query that says something else', async () => {
    for (const query of ['?from=yesterday', '?to=2026-02-30', '?from=2016-12-31T23:59:60Z', '?limit=101', '?before=7', '?more=1']) {
      expect(await read(query)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', violations: expect.arrayContaining([expect.objectContaining({ part: 'querystring' })]) } });
    }
  });

  it('HM-ISO-2: shows no other workspace\'s views', async () => {
    await record(view());
    const other = await api.tenant();
    const theirs = await api.issuer.token(other.ownerId);
    expect(await read('', theirs)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect((await api.call<Page>('GET', `/v1/workspaces/${other.workspaceId}/audit/prompt-views`, { as: theirs })).body.views).toEqual([]);
  });
});
