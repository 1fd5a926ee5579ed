import { TestApi } from '../../support/api.ts';
import type { Tenant } from '../../support/tenants.ts';

interface Grant { readonly grantId: string; readonly expiresAt: string; readonly uses: number }

const EMAIL = 'ada@haltonlabs.com';

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
  path = `/v1/workspaces/${tenant.workspaceId}/support-grants`;
});

const staff = (email: unknown = EMAIL, verified: unknown = true) => api.issuer.token('user_staff', { email, email_verified: verified });
const grant = async (hours = 24) => (await api.call<Grant>('POST', path, { as: owner, body: { supportEmail: EMAIL, hours } })).body;
const look = async (area = 'members', as?: string) => api.call<{ rows: Record<string, unknown>[] }>('GET', `/v1/support/${tenant.workspaceId}/${area}`, { as: as ?? (await staff()) });

describe('HM-SUP-1: support', () => {
  it('reads a workspace only where its owner let that address in', async () => {
    expect(await look()).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    await grant();
    expect(await look()).toMatchObject({ status: 200, body: { rows: [{ user_id: tenant.ownerId, role: 'owner' }] } });
    expect((await look('members', await staff('eve@haltonlabs.com'))).status).toBe(403);
  });

  it('is known by the address that the identity provider has verified, and by nothing else', async () => {
    await grant();
    for (const token of [await staff(EMAIL, false), await staff(EMAIL, 'true'), await staff(null), await staff([EMAIL])]) expect((await look('members', token)).status).toBe(403);
    expect((await look('members', await staff(EMAIL.toUpperCase()))).status).toBe(200);
  });

  it('is recorded in the workspace’s audit log each time', async () => {
    const { grantId } = await grant();
    await look('members');
    await look('audit');
    expect(await api.audit(tenant)).toEqual([
      expect.objectContaining({ actor_kind: 'member', actor: tenant.ownerId, action: 'support.granted', target: grantId }),
      expect.objectContaining({ actor_kind: 'support', actor: EMAIL, action: 'support.entered', target: grantId }),
      expect.objectContaining({ actor_kind: 'support', actor: EMAIL, action: 'support.entered', target: grantId }),
    ]);
    expect((await api.call<{ grants: Grant[] }>('GET', path, { as: owner })).body.grants).toEqual([expect.objectContaining({ grantId, uses: 2 })]);
  });

  it('is out by itself when the time is over', async () => {
    await grant(1);
    await api.superuser.query("UPDATE halton.support_grants SET granted_at = now() - interval '2 hours', expires_at = now() - interval '1 second' WHERE workspace_id = $1", [tenant.workspaceId]);
    expect((await look()).status).toBe(403);
  });

  it('is out with the next request when the owner revokes the grant', async () => {
    const { grantId } = await grant();
    expect((await look()).status).toBe(200);
    expect((await api.call('DELETE', `${path}/${grantId}`, { as: owner })).status).toBe(204);
    expect((await look()).status).toBe(403);
    expect((await api.call('DELETE', `${path}/${grantId}`, { as: owner })).status).toBe(204);
    expect((await api.audit(tenant)).filter(({ action }) => action === 'support.revoked')).toHaveLength(1);
  });

  it('reads no body, and no hash of a token or key', async () => {
    await grant();
    for (const area of ['workspace', 'members', 'devices', 'requests', 'projects', 'policies', 'pricing-overrides', 'audit']) {
      const { status, text } = await look(area);
      expect({ area, status }).toEqual({ area, status: 200 });
      expect(text).not.toMatch(/token_hash|secret_hash|sealed/);
    }
  });

  it('has nothing to change, and no other way in', async () => {
    await grant();
    const as = await staff();
    expect((await api.call('POST', `/v1/support/${tenant.workspaceId}/members`, { as, body: {} })).status).toBe(404);
    expect((await api.call('GET', `/v1/workspaces/${tenant.workspaceId}/members`, { as })).status).toBe(403);
    expect((await api.call('GET', '/v1/support/no-id/members', { as })).status).toBe(403);
  });
});

describe('a grant to support', () => {
  it('is an owner’s to give', async () => {
    const admin = await api.member(tenant, 'admin');
    expect((await api.call('POST', path, { as: admin.token, body: { supportEmail: EMAIL, hours: 24 } })).status).toBe(403);
  });

  it('lasts no longer than support may be let in at all', async () => {
    expect(await api.call('POST', path, { as: owner, body: { supportEmail: EMAIL, hours: 25 } })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', violations: [{ part: 'body', pointer: '/hours' }] } });
    expect(new Date((await grant(24)).expiresAt).getTime()).toBeLessThanOrEqual(Date.now() + 24 * 3_600_000);
  });

  it.each([{}, { supportEmail: 'nobody', hours: 1 }, { supportEmail: EMAIL, hours: 0 }, { supportEmail: EMAIL, hours: 1.5 }, { supportEmail: EMAIL, hours: '24' }, { supportEmail: `${'a'.repeat(65)}@b.c`, hours: 1 }])('is refused as %j', async (body) => {
    expect(await api.call('POST', path, { as: owner, body })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
  });

  it('of another workspace is not found', async () => {
    const { grantId } = await grant();
    const other = await api.tenant();
    expect((await api.call('DELETE', `/v1/workspaces/${other.workspaceId}/support-grants/${grantId}`, { as: await api.issuer.token(other.ownerId) })).status).toBe(404);
    expect((await look()).status).toBe(200);
  });
});
