import { TestApi } from '../../support/api.ts';
import type { Tenant } from '../../support/tenants.ts';

let api: TestApi;
let tenant: Tenant;
let owner: string;
let base: string;

beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  owner = await api.issuer.token(tenant.ownerId);
  base = `/v1/workspaces/${tenant.workspaceId}`;
});

const entries = async () => (await api.audit(tenant)).map(({ action, target, details }) => ({ action, target, details }));
const budget = { kind: 'budget', settings: { monthlyUsd: '100', warnAt: [0.5, 0.9] } };
const price = { provider: 'anthropic', model: 'a-model', inputRate: '3', outputRate: '15.5', cachedRate: '0.3', effectiveFrom: '2026-01-01T00:00:00Z' };

describe('policies', () => {
  const create = async () => (await api.call<{ policyId: string }>('POST', `${base}/policies`, { as: owner, body: budget })).body.policyId;

  it('HM-AUD-1: leave an entry when one is made, edited and deleted, with what it was and is', async () => {
    const policyId = await create();
    await api.call('PATCH', `${base}/policies/${policyId}`, { as: owner, body: { enabled: false } });
    expect((await api.call('DELETE', `${base}/policies/${policyId}`, { as: owner })).status).toBe(204);
    const [on, off] = [{ ...budget, enabled: true }, { ...budget, enabled: false }];
    expect(await entries()).toEqual([
      { action: 'policy.created', target: policyId, details: on },
      { action: 'policy.changed', target: policyId, details: { from: on, to: off } },
      { action: 'policy.deleted', target: policyId, details: off },
    ]);
  });

  it('are listed to members, and edited by owners and admins', async () => {
    const policyId = await create();
    const { token } = await api.member(tenant, 'member');
    expect(await api.call('GET', `${base}/policies`, { as: token })).toMatchObject({ status: 200, body: { policies: [{ policyId, ...budget, enabled: true, updatedBy: tenant.ownerId }] } });
    expect((await api.call('DELETE', `${base}/policies/${policyId}`, { as: token })).status).toBe(403);
    expect((await api.call('POST', `${base}/policies`, { as: token, body: budget })).status).toBe(403);
  });

  it('of another workspace are not found', async () => {
    const policyId = await create();
    const other = await api.tenant();
    const theirs = `/v1/workspaces/${other.workspaceId}/policies/${policyId}`;
    const as = await api.issuer.token(other.ownerId);
    expect([(await api.call('PATCH', theirs, { as, body: { enabled: false } })).status, (await api.call('DELETE', theirs, { as })).status]).toEqual([404, 404]);
  });

  it.each([{}, { kind: 'Budget', settings: {} }, { kind: 'budget' }, { kind: 'budget', settings: [] }, { kind: 'budget', settings: { a: 'b\0' } }, { kind: 'budget', settings: {}, enabled: 'yes' }])('are refused as %j', async (body) => {
    expect(await api.call('POST', `${base}/policies`, { as: owner, body })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
  });

  it('nested deeper than anybody means are refused', async () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
    expect((await api.call('POST', `${base}/policies`, { as: owner, body: { kind: 'budget', settings: nested(20) } })).status).toBe(201);
    expect((await api.call('POST', `${base}/policies`, { as: owner, body: { kind: 'budget', settings: nested(40) } })).status).toBe(400);
    expect((await api.call('POST', `${base}/policies`, { as: owner, body: `{"kind":"budget","settings":${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}}` })).status).toBe(400);
  });

  it('can be edited as long as they can be made: the audit log holds what was and what is', async () => {
    const large = { kind: 'budget', settings: { a: 'x'.repeat(16_000) } };
    const { body } = await api.call<{ policyId: string }>('POST', `${base}/policies`, { as: owner, body: large });
    expect((await api.call('PATCH', `${base}/policies/${body.policyId}`, { as: owner, body: { settings: { a: 'y'.repeat(16_000) } } })).status).toBe(200);
    expect(await api.call('POST', `${base}/policies`, { as: owner, body: { kind: 'budget', settings: { a: 'x'.repeat(17_000) } } })).toMatchObject({ status: 400, body: { violations: [{ pointer: '/settings' }] } });
  });

  it('with names that are empty, too long or of two lines are refused, and none is dropped', async () => {
    for (const name of ['', 'n'.repeat(65), 'a\nb']) expect((await api.call('POST', `${base}/policies`, { as: owner, body: { kind: 'budget', settings: { [name]: 1, good: 2 } } })).status).toBe(400);
  });

  it('larger than 64 KiB are refused', async () => {
    expect(await api.call('POST', `${base}/policies`, { as: owner, body: { kind: 'budget', settings: { a: 'x'.repeat(70_000) } } })).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } });
  });
});

describe('pricing overrides', () => {
  const create = async () => (await api.call<{ overrideId: string }>('POST', `${base}/pricing-overrides`, { as: owner, body: price })).body.overrideId;

  it('HM-AUD-1: leave an entry when one is made, changed and deleted, with the rates before and after', async () => {
    const overrideId = await create();
    await api.call('PATCH', `${base}/pricing-overrides/${overrideId}`, { as: owner, body: { outputRate: '16' } });
    expect((await api.call('DELETE', `${base}/pricing-overrides/${overrideId}`, { as: owner })).status).toBe(204);
    const first = { ...price, effectiveFrom: '2026-01-01T00:00:00.000Z' };
    expect(await entries()).toEqual([
      { action: 'pricing_override.created', target: overrideId, details: first },
      { action: 'pricing_override.changed', target: overrideId, details: { from: first, to: { ...first, outputRate: '16' } } },
      { action: 'pricing_override.deleted', target: overrideId, details: { ...first, outputRate: '16' } },
    ]);
  });

  it('keep every digit of a rate', async () => {
    const answer = await api.call('POST', `${base}/pricing-overrides`, { as: owner, body: { ...price, inputRate: '1234567890.0123456789', outputRate: '0.1', cachedRate: '0' } });
    expect(answer).toMatchObject({ status: 201, body: { inputRate: '1234567890.0123456789', outputRate: '0.1', cachedRate: '0' } });
  });

  it('take every offset that an instant may have', async () => {
    for (const offset of ['+23:59', '-16:00', 'Z']) expect((await api.call('POST', `${base}/pricing-overrides`, { as: owner, body: { ...price, effectiveFrom: `2026-01-01T00:00:00${offset}` } })).status).toBe(201);
  });

  it('are one for a model from an instant on', async () => {
    await create();
    expect(await api.call('POST', `${base}/pricing-overrides`, { as: owner, body: price })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  });

  it.each([{ inputRate: 3 }, { inputRate: '-3' }, { inputRate: '1e3' }, { inputRate: '12345678901' }, { inputRate: '0.12345678901' }, { effectiveFrom: '2026-01-01' }, { effectiveFrom: '0000-01-01T00:00:00Z' }, { effectiveFrom: '2026-02-30T00:00:00Z' }])('are refused with %j', async (wrong) => {
    expect(await api.call('POST', `${base}/pricing-overrides`, { as: owner, body: { ...price, ...wrong } })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
  });
});

describe('the stream to a SIEM', () => {
  it('is for plans that bring it along, and its switch leaves an entry', async () => {
    expect(await api.call('PUT', `${base}/siem`, { as: owner })).toMatchObject({ status: 200, body: { stream: true } });
    await api.call('PUT', `${base}/siem`, { as: owner });
    expect(await entries()).toEqual([{ action: 'workspace.changed', target: tenant.workspaceId, details: { siemStream: { from: false, to: true } } }]);
    const solo = await api.tenant({ plan: 'team' });
    expect((await api.call('PUT', `/v1/workspaces/${solo.workspaceId}/siem`, { as: await api.issuer.token(solo.ownerId) })).status).toBe(403);
  });

  it('is seen and ended without that plan, which somebody may have had', async () => {
    await api.call('PUT', `${base}/siem`, { as: owner });
    await api.superuser.query("UPDATE halton.workspaces SET plan = 'solo' WHERE workspace_id = $1", [tenant.workspaceId]);
    expect((await api.call('GET', `${base}/siem`, { as: owner })).body).toEqual({ stream: true });
    expect((await api.call('DELETE', `${base}/siem`, { as: owner })).status).toBe(204);
    expect((await api.call('GET', `${base}/siem`, { as: owner })).body).toEqual({ stream: false });
    expect((await entries()).map(({ details }) => details)).toEqual([{ siemStream: { from: false, to: true } }, { siemStream: { from: true, to: false } }]);
  });
});
