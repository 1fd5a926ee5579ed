import { TestApi } from '../../support/api.ts';
import { letHoursPass } from '../../support/lifecycle.ts';
import type { Tenant } from '../../support/tenants.ts';

interface Workspace {
  readonly workspaceId: string;
  readonly organisationId: string;
  readonly deletion: { readonly requestedAt: string; readonly purgeAfter: string } | null;
}

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
  path = `/v1/workspaces/${tenant.workspaceId}`;
});

const GRACE = 30 * 24 * 3_600_000;
const actions = async () => (await api.audit(tenant)).map(({ action, actor, target, details }) => ({ action, actor, target, details }));

describe('creating a workspace', () => {
  it('makes an organisation, a workspace on the plan Solo and its owner, and records it', async () => {
    const token = await api.issuer.token('user_new');
    const created = await api.call<Workspace>('POST', '/v1/workspaces', { as: token, body: { name: 'Search', organisationName: 'A & Co' } });
    expect(created).toMatchObject({
      status: 201,
      body: { name: 'Search', plan: 'solo', seats: 1, timeZone: 'UTC', retentionDays: 365, bodySync: false, siemStream: false, deletion: null },
    });
    const { workspaceId, organisationId } = created.body;
    expect((await api.call('GET', `/v1/workspaces/${workspaceId}`, { as: token })).body).toEqual(created.body);
    const { rows } = await api.superuser.query('SELECT sequence, actor_kind, actor, action, target, details::jsonb AS details FROM halton.audit_log WHERE workspace_id = $1', [workspaceId]);
    expect(rows).toEqual([{ sequence: '1', actor_kind: 'member', actor: 'user_new', action: 'workspace.created', target: workspaceId, details: { name: 'Search', organisation: organisationId } }]);
    const { rows: organisations } = await api.superuser.query('SELECT name FROM halton.organisations WHERE organisation_id = $1', [organisationId]);
    expect(organisations).toEqual([{ name: 'A & Co' }]);
  });

  it('takes a name for each, and nothing else', async () => {
    for (const body of [{}, { name: 'A' }, { name: '', organisationName: 'B' }, { name: 'A', organisationName: 'x'.repeat(201) }, { name: 'A', organisationName: 'B', plan: 'enterprise' }]) {
      expect(await api.call('POST', '/v1/workspaces', { as: owner, body })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    }
  });

  it('takes a token of the identity provider', async () => {
    expect(await api.call('POST', '/v1/workspaces', { body: { name: 'A', organisationName: 'B' } })).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    const key = `hm_key_abcdefgh_${'s'.repeat(43)}`;
    expect(await api.call('POST', '/v1/workspaces', { as: key, body: { name: 'A', organisationName: 'B' } })).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  });
});

describe('listing workspaces', () => {
  it('HM-ISO-2: tells a member of several their ids and his roles, and nothing of what is in them', async () => {
    const other = await api.tenant();
    await api.tenant();
    await api.member(other, 'member', tenant.ownerId);
    const { status, body } = await api.call<{ workspaces: unknown[] }>('GET', '/v1/workspaces', { as: owner });
    expect(status).toBe(200);
    expect(body.workspaces).toHaveLength(2);
    expect(body.workspaces).toEqual(expect.arrayContaining([{ workspaceId: tenant.workspaceId, role: 'owner' }, { workspaceId: other.workspaceId, role: 'member' }]));
  });

  it('HM-ISO-2: tells who belongs nowhere of none', async () => {
    expect(await api.call('GET', '/v1/workspaces', { as: await api.issuer.token('user_nobody') })).toMatchObject({ status: 200, body: { workspaces: [] } });
  });
});

describe('a workspace', () => {
  it('HM-ISO-1: is shown to its members, and somebody else gets the same 403 as for one that does not exist', async () => {
    const member = await api.member(tenant, 'member');
    expect(await api.call('GET', path, { as: member.token })).toMatchObject({ status: 200, body: { workspaceId: tenant.workspaceId, name: 'A workspace' } });
    const stranger = await api.issuer.token('user_stranger');
    const theirs = await api.call<object>('GET', path, { as: stranger });
    const nobodys = await api.call<object>('GET', '/v1/workspaces/00000000-0000-4000-8000-000000000000', { as: stranger });
    const noId = await api.call<object>('GET', '/v1/workspaces/no-id', { as: stranger });
    expect(theirs).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    for (const answer of [nobodys, noId]) expect({ ...answer.body, requestId: '' }).toEqual({ ...theirs.body, requestId: '' });
  });

  it('HM-ISO-1: of another one is not changed by an owner of this one', async () => {
    const other = await api.tenant();
    for (const [method, more, body] of [['PATCH', '', { name: 'Mine' }], ['DELETE', '', undefined], ['POST', '/cancel-deletion', undefined]] as const) {
      expect(await api.call(method, `/v1/workspaces/${other.workspaceId}${more}`, { as: owner, ...(body && { body }) })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
    expect(await api.audit(other)).toEqual([]);
  });

  it('is changed where something else is given, of which alone the entry tells', async () => {
    const changed = await api.call('PATCH', path, { as: owner, body: { name: 'Search', timeZone: 'Europe/London', retentionDays: 365 } });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Search', timeZone: 'Europe/London', retentionDays: 365, bodySync: false } });
    expect(await api.call('PATCH', path, { as: owner, body: { retentionDays: 30, bodySync: true } })).toMatchObject({ status: 200, body: { name: 'Search', retentionDays: 30, bodySync: true } });
    expect(await actions()).toEqual([
      { action: 'workspace.changed', actor: tenant.ownerId, target: tenant.workspaceId, details: { from: { name: 'A workspace', timeZone: 'UTC' }, to: { name: 'Search', timeZone: 'Europe/London' } } },
      { action: 'workspace.changed', actor: tenant.ownerId, target: tenant.workspaceId, details: { from: { retentionDays: 365, bodySync: false }, to: { retentionDays: 30, bodySync: true } } },
    ]);
  });

  it('that is as it is to be leaves no entry', async () => {
    expect((await api.call('PATCH', path, { as: owner, body: { name: 'A workspace', timeZone: 'UTC' } })).status).toBe(200);
    expect(await actions()).toEqual([]);
  });

  it('keeps its settings where they are malformed', async () => {
    const wrong = [{}, { name: '' }, { retentionDays: 0 }, { retentionDays: 3651 }, { retentionDays: '30' }, { retentionDays: 1.5 }, { bodySync: 'yes' }, { timeZone: '' }, { plan: 'enterprise' }, { seats: 9 }];
    for (const body of wrong) expect(await api.call('PATCH', path, { as: owner, body })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    expect(await actions()).toEqual([]);
  });

  it.each(['Europe/Atlantis', '+01:00', 'europe/london', 'localtime', 'posix/Europe/London', 'Europe/London;', 'GMT+0200'])('has no time zone %s, which is not known to both the database and this process', async (timeZone) => {
    expect(await api.call('PATCH', path, { as: owner, body: { timeZone } })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', violations: [{ part: 'body', pointer: '/timeZone' }] } });
  });

  it.each(['Asia/Kolkata', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])('has the time zone %s', async (timeZone) => {
    expect(await api.call('PATCH', path, { as: owner, body: { timeZone } })).toMatchObject({ status: 200, body: { timeZone } });
  });

  it('HM-RBAC-2: is changed by owners and admins, deleted by owners, and who may not gets 403', async () => {
    const admin = await api.member(tenant, 'admin');
    const member = await api.member(tenant, 'member');
    expect((await api.call('PATCH', path, { as: admin.token, body: { name: 'B' } })).status).toBe(200);
    expect(await api.call('PATCH', path, { as: member.token, body: { name: 'C' } })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    for (const { token } of [admin, member]) {
      expect(await api.call('DELETE', path, { as: token })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
      expect(await api.call('POST', `${path}/cancel-deletion`, { as: token })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
  });
});

describe('deleting a workspace', () => {
  it('HM-DEL-2: is due 30 days after it was requested, until when everything can be read and nothing changed', async () => {
    const before = Date.now();
    const { status, body } = await api.call<NonNullable<Workspace['deletion']>>('DELETE', path, { as: owner });
    expect(status).toBe(202);
    expect(Date.parse(body.purgeAfter) - Date.parse(body.requestedAt)).toBe(GRACE);
    expect(Math.abs(Date.parse(body.requestedAt) - before)).toBeLessThan(10_000);
    expect((await api.call<Workspace>('GET', path, { as: owner })).body.deletion).toEqual(body);
    expect(await api.call('PATCH', path, { as: owner, body: { name: 'Other' } })).toMatchObject({ status: 409, body: { code: 'WORKSPACE_READ_ONLY' } });
    expect(await actions()).toEqual([{ action: 'workspace.deletion_requested', actor: tenant.ownerId, target: tenant.workspaceId, details: body }]);
  });

  it('HM-DEL-2: is not put off by a second request, also when both come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => api.call('DELETE', path, { as: owner })));
    const [first] = answers;
    for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 202, body: first?.body });
    expect((await actions()).map(({ action }) => action)).toEqual(['workspace.deletion_requested']);
  });

  it('is cancelled, after which the workspace can be changed again', async () => {
    await api.call('DELETE', path, { as: owner });
    expect(await api.call('POST', `${path}/cancel-deletion`, { as: owner })).toMatchObject({ status: 200, body: { deletion: null } });
    expect((await api.call('POST', `${path}/cancel-deletion`, { as: owner })).status).toBe(200);
    expect((await api.call('PATCH', path, { as: owner, body: { name: 'Saved' } })).status).toBe(200);
    expect((await actions()).map(({ action }) => action)).toEqual(['workspace.deletion_requested', 'workspace.deletion_cancelled', 'workspace.changed']);
  });

  it('can still be cancelled when it is due, and no more once the purge has begun', async () => {
    await api.call('DELETE', path, { as: owner });
    await letHoursPass(api.postgres, api.database, tenant, 720);
    expect((await api.call('POST', `${path}/cancel-deletion`, { as: owner })).status).toBe(200);
    await api.call('DELETE', path, { as: owner });
    await letHoursPass(api.postgres, api.database, tenant, 720);
    await api.superuser.query('SELECT halton.begin_purge($1)', [tenant.workspaceId]);
    expect(await api.call('POST', `${path}/cancel-deletion`, { as: owner })).toMatchObject({ status: 409, body: { code: 'WORKSPACE_READ_ONLY' } });
  });
});
