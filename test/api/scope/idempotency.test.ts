import { TestApi } from '../../support/api.ts';
import type { Tenant } from '../../support/tenants.ts';

let api: TestApi;
let tenant: Tenant;
let owner: string;
let path: string;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  owner = await api.issuer.token(tenant.ownerId);
  path = `/v1/workspaces/${tenant.workspaceId}/policies`;
});

const policy = { kind: 'budget', settings: { monthlyUsd: '100' } };
const create = (key: string, body: unknown = policy, as = owner) => api.call<{ policyId: string }>('POST', path, { as, body, headers: { 'idempotency-key': key } });
const made = async () => (await api.audit(tenant)).filter(({ action }) => action === 'policy.created').length;

describe('a request with a key, sent again', () => {
  it('is answered as the first time, and makes nothing more', async () => {
    const first = await create('key-1');
    const second = await create('key-1');
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(await made()).toBe(1);
    expect((await create('key-2')).body.policyId).not.toBe(first.body.policyId);
  });

  it('is done once when both come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => create('key-1')));
    expect(new Set(answers.map(({ status }) => status)).has(201)).toBe(true);
    for (const { status } of answers) expect([201, 503]).toContain(status);
    expect(await made()).toBe(1);
  });

  it('with another content is refused', async () => {
    await create('key-1');
    expect(await create('key-1', { ...policy, enabled: false })).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  it('by somebody else is refused, and tells nothing of the answer', async () => {
    const { body } = await create('key-1');
    const admin = await api.member(tenant, 'admin');
    const answer = await create('key-1', policy, admin.token);
    expect(answer).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(answer.text).not.toContain(body.policyId);
  });

  it('in another workspace is another one', async () => {
    await create('key-1');
    const other = await api.tenant();
    const answer = await api.call('POST', `/v1/workspaces/${other.workspaceId}/policies`, { as: await api.issuer.token(other.ownerId), body: policy, headers: { 'idempotency-key': 'key-1' } });
    expect(answer.status).toBe(201);
  });

  it('that was refused may be mended and sent with the same key', async () => {
    expect((await create('key-1', {})).status).toBe(400);
    expect((await create('key-1')).status).toBe(201);
  });

  it('has to have a key that can be stored', async () => {
    expect(await create('x'.repeat(256))).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', violations: [{ part: 'headers' }] } });
  });

  it('keeps no secret: an API key is made anew', async () => {
    const keys = await Promise.all([1, 2].map(() => api.call<{ key: string }>('POST', `/v1/workspaces/${tenant.workspaceId}/api-keys`, { as: owner, body: { name: 'A' }, headers: { 'idempotency-key': 'key-1' } })));
    expect(keys[0]?.body.key).not.toBe(keys[1]?.body.key);
    expect((await api.superuser.query('SELECT FROM halton.idempotency_keys WHERE workspace_id = $1', [tenant.workspaceId])).rowCount).toBe(0);
  });
});
