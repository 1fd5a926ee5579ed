import { TestApi } from '../../support/api.ts';
import { requestDeletion } from '../../support/lifecycle.ts';
import type { Tenant } from '../../support/tenants.ts';

interface Invitation { readonly invitationId: string; readonly token: string; readonly invitedAt: string; readonly expiresAt: string }

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
  path = `/v1/workspaces/${tenant.workspaceId}/invitations`;
});

const SEVEN_DAYS = 7 * 24 * 3_600_000;
const invite = (role = 'member', as = owner) => api.call<Invitation>('POST', path, { as, body: { email: 'ada@example.com', role } });
const newUser = () => `user_${Math.random().toString(36).slice(2)}`;
const accept = async (token: unknown, userId = newUser()) => api.call('POST', '/v1/invitations/accept', { as: await api.issuer.token(userId), body: { token } });
const opaque = ({ status, body }: { readonly status: number; readonly body: unknown }) => ({ status, body: { ...(body as object), requestId: '' } });

describe('an invitation', () => {
  it('is made with a token that is shown once and stored as its SHA-256 alone', async () => {
    const { status, body } = await invite();
    expect(status).toBe(201);
    expect(body).toMatchObject({ email: 'ada@example.com', role: 'member', invitedBy: tenant.ownerId });
    expect(body.token).toMatch(new RegExp(`^hm_invite_${tenant.workspaceId.replaceAll('-', '')}_[A-Za-z0-9_-]{43}$`));
    expect(Math.abs(Date.parse(body.expiresAt) - Date.parse(body.invitedAt) - SEVEN_DAYS)).toBeLessThan(1000);
    const listed = await api.call('GET', path, { as: owner });
    const { token, ...shown } = body;
    expect(listed).toMatchObject({ status: 200, body: { invitations: [shown] } });
    expect(listed.text).not.toContain(token.slice(-43));
    const { rows } = await api.superuser.query('SELECT token_hash = sha256($2) AS hashed, row_to_json(i)::text AS whole FROM halton.invitations i WHERE workspace_id = $1', [tenant.workspaceId, Buffer.from(token)]);
    expect(rows).toMatchObject([{ hashed: true }]);
    expect(JSON.stringify(rows) + api.lines.join('')).not.toContain(token.slice(-43));
  });

  it('lets who accepts it in at once, with its role', async () => {
    const { body } = await invite('admin');
    const userId = newUser();
    expect(await accept(body.token, userId)).toMatchObject({ status: 200, body: { workspaceId: tenant.workspaceId, role: 'admin' } });
    expect((await api.call('GET', path, { as: await api.issuer.token(userId) })).status).toBe(200);
    expect(await api.call('GET', path, { as: owner })).toMatchObject({ body: { invitations: [] } });
    expect(await api.audit(tenant)).toEqual([
      { actor_kind: 'member', actor: tenant.ownerId, action: 'member.invited', target: body.invitationId, details: { email: 'ada@example.com', role: 'admin' } },
      { actor_kind: 'member', actor: userId, action: 'member.joined', target: userId, details: { role: 'admin', invitation: body.invitationId } },
    ]);
  });

  it('is answered alike where it is unknown, malformed, expired, revoked, used or of another workspace', async () => {
    const used = (await invite()).body;
    await accept(used.token);
    const revoked = (await invite()).body;
    expect((await api.call('DELETE', `${path}/${revoked.invitationId}`, { as: owner })).status).toBe(204);
    const expired = (await invite()).body;
    await api.superuser.query("UPDATE halton.invitations SET invited_at = invited_at - interval '168 hours', expires_at = expires_at - interval '168 hours' WHERE invitation_id = $1", [expired.invitationId]);
    const good = (await invite()).body;
    const other = await api.tenant();
    const foreign = good.token.replace(tenant.workspaceId.replaceAll('-', ''), other.workspaceId.replaceAll('-', ''));
    const unknown = `${good.token.slice(0, -43)}${'A'.repeat(43)}`;
    const [first, ...others] = await Promise.all([used.token, revoked.token, expired.token, foreign, unknown, 'x', `${good.token}A`].map((token) => accept(token)));
    expect(first).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    for (const answer of others) expect(opaque(answer)).toEqual(first && opaque(first));
    expect((await accept(good.token)).status).toBe(200);
  });

  it('is good no longer than whoever sent it may give that role', async () => {
    const second = await api.member(tenant, 'owner');
    const [asOwner, asAdmin] = [(await invite('owner', second.token)).body, (await invite('admin', second.token)).body];
    await api.call('PATCH', `/v1/workspaces/${tenant.workspaceId}/members/${second.userId}`, { as: owner, body: { role: 'admin' } });
    expect((await accept(asOwner.token)).status).toBe(403);
    expect((await accept(asAdmin.token)).status).toBe(200);
    const late = (await invite('admin', second.token)).body;
    await api.call('DELETE', `/v1/workspaces/${tenant.workspaceId}/members/${second.userId}`, { as: owner });
    expect((await accept(late.token, second.userId)).status).toBe(403);
    expect((await accept(late.token)).status).toBe(403);
  });

  it('is revoked while a deletion is awaited too, and lets nobody in then', async () => {
    const open = (await invite()).body;
    await api.superuser.query("UPDATE halton.workspaces SET deletion_requested_at = now(), deletion_requested_by = 'owner' WHERE workspace_id = $1", [tenant.workspaceId]);
    expect(await accept(open.token)).toMatchObject({ status: 409, body: { code: 'WORKSPACE_READ_ONLY' } });
    expect((await api.call('DELETE', `${path}/${open.invitationId}`, { as: owner })).status).toBe(204);
  });

  it('is good for one user, also where several accept at once', async () => {
    const { body } = await invite();
    const answers = await Promise.all(Array.from({ length: 4 }, () => accept(body.token)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403, 403, 403]);
  });

  it('stays good where a member tries it, who keeps his role', async () => {
    const { body } = await invite('admin');
    const { userId } = await api.member(tenant, 'member');
    expect(await accept(body.token, userId)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect((await accept(body.token)).status).toBe(200);
  });

  it('is revoked once, and no more when it was accepted', async () => {
    const { body } = await invite();
    expect((await api.call('DELETE', `${path}/${body.invitationId}`, { as: owner })).status).toBe(204);
    expect((await api.call('DELETE', `${path}/${body.invitationId}`, { as: owner })).status).toBe(204);
    expect((await api.audit(tenant)).map(({ action, target }) => ({ action, target }))).toEqual([
      { action: 'member.invited', target: body.invitationId },
      { action: 'member.invitation_revoked', target: body.invitationId },
    ]);
    const accepted = (await invite()).body;
    await accept(accepted.token);
    expect(await api.call('DELETE', `${path}/${accepted.invitationId}`, { as: owner })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  });

  it('of another workspace is neither listed nor revoked', async () => {
    const { body } = await invite();
    const other = await api.tenant();
    const token = await api.issuer.token(other.ownerId);
    expect(await api.call('GET', path, { as: token })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await api.call('DELETE', `/v1/workspaces/${other.workspaceId}/invitations/${body.invitationId}`, { as: token })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('HM-RBAC-2: is made by owners and admins, and for an owner by owners alone', async () => {
    const admin = await api.member(tenant, 'admin');
    const member = await api.member(tenant, 'member');
    expect((await invite('admin', admin.token)).status).toBe(201);
    expect((await invite('owner')).status).toBe(201);
    expect(await invite('owner', admin.token)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await invite('member', member.token)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await api.call('GET', path, { as: member.token })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('is refused without an address or with a role that there is not', async () => {
    for (const body of [{}, { email: 'ada', role: 'member' }, { email: 'a@b@c', role: 'member' }, { email: 'a b@c', role: 'member' }, { email: `a@${'b'.repeat(256)}`, role: 'member' }, { email: 'a@b', role: 'support' }, { email: 'a@b' }]) {
      expect(await api.call('POST', path, { as: owner, body })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    }
  });

  it('HM-DEL-2: is neither made nor accepted while the workspace awaits its deletion', async () => {
    const { body } = await invite();
    await requestDeletion(api.pool, tenant);
    expect(await invite()).toMatchObject({ status: 409, body: { code: 'WORKSPACE_READ_ONLY' } });
    expect(await accept(body.token)).toMatchObject({ status: 409, body: { code: 'WORKSPACE_READ_ONLY' } });
    expect((await accept(body.token.slice(0, -1))).status).toBe(403);
  });
});
