import { TestApi } from '../../support/api.ts';
import type { Tenant } from '../../support/tenants.ts';

interface Project { readonly projectId: string; readonly name: string; readonly archivedAt: string | null }

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
  path = `/v1/workspaces/${tenant.workspaceId}/projects`;
});

const create = async (name: string) => (await api.call<Project>('POST', path, { as: owner, body: { name } })).body;
const actions = async () => (await api.audit(tenant)).map(({ action, target, details }) => ({ action, target, details }));

describe('projects', () => {
  it('are created and listed', async () => {
    const created = await api.call<Project>('POST', path, { as: owner, body: { name: 'Search' } });
    expect(created).toMatchObject({ status: 201, body: { name: 'Search', archivedAt: null } });
    const listed = await api.call('GET', path, { as: owner });
    expect(listed).toMatchObject({ status: 200, body: { projects: [created.body] } });
  });

  it('HM-AUD-1: leave an entry when one is created, renamed, archived and restored, by whoever did it', async () => {
    const { projectId } = await create('Search');
    await api.call('PATCH', `${path}/${projectId}`, { as: owner, body: { name: 'Find' } });
    await api.call('POST', `${path}/${projectId}/archive`, { as: owner });
    await api.call('POST', `${path}/${projectId}/restore`, { as: owner });
    expect(await actions()).toEqual([
      { action: 'project.created', target: projectId, details: { name: 'Search' } },
      { action: 'project.renamed', target: projectId, details: { from: 'Search', to: 'Find' } },
      { action: 'project.archived', target: projectId, details: {} },
      { action: 'project.restored', target: projectId, details: {} },
    ]);
    expect(await api.audit(tenant)).toEqual(Array.from({ length: 4 }, () => expect.objectContaining({ actor_kind: 'member', actor: tenant.ownerId })));
  });

  it('are not archived twice, and a second request leaves no entry', async () => {
    const { projectId } = await create('Search');
    const first = await api.call<Project>('POST', `${path}/${projectId}/archive`, { as: owner });
    const second = await api.call<Project>('POST', `${path}/${projectId}/archive`, { as: owner });
    expect(second.body).toEqual(first.body);
    expect((await actions()).map(({ action }) => action)).toEqual(['project.created', 'project.archived']);
  });

  it('have names of their own within a workspace', async () => {
    await create('Search');
    const { projectId } = await create('Find');
    expect(await api.call('POST', path, { as: owner, body: { name: 'Search' } })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect(await api.call('PATCH', `${path}/${projectId}`, { as: owner, body: { name: 'Search' } })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    const other = await api.tenant();
    const answer = await api.call('POST', `/v1/workspaces/${other.workspaceId}/projects`, { as: await api.issuer.token(other.ownerId), body: { name: 'Search' } });
    expect(answer.status).toBe(201);
  });

  it('are refused where a name is missing, empty, too long, not text, or not whole', async () => {
    for (const body of [{}, { name: '' }, { name: 'x'.repeat(201) }, { name: 7 }, { name: 'a\0b' }, { name: '\ud800' }, { name: 'ok', more: 1 }]) {
      expect(await api.call('POST', path, { as: owner, body })).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', violations: [{ part: 'body' }] } });
    }
    expect(await actions()).toEqual([]);
  });

  it('of another workspace are not found', async () => {
    const other = await api.tenant();
    const theirs = await api.call<Project>('POST', `/v1/workspaces/${other.workspaceId}/projects`, { as: await api.issuer.token(other.ownerId), body: { name: 'Secret' } });
    expect(await api.call('PATCH', `${path}/${theirs.body.projectId}`, { as: owner, body: { name: 'Mine' } })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  it('HM-RBAC-2: are changed by owners and admins, and a member gets 403', async () => {
    const admin = await api.member(tenant, 'admin');
    const member = await api.member(tenant, 'member');
    expect((await api.call('POST', path, { as: admin.token, body: { name: 'A' } })).status).toBe(201);
    expect(await api.call('POST', path, { as: member.token, body: { name: 'B' } })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect((await api.call('GET', path, { as: member.token })).status).toBe(200);
  });

  it('HM-DEL-2: of a workspace that awaits its deletion are read and not changed', async () => {
    await create('Search');
    await api.superuser.query("UPDATE halton.workspaces SET deletion_requested_at = now(), deletion_requested_by = 'owner' WHERE workspace_id = $1", [tenant.workspaceId]);
    expect((await api.call('GET', path, { as: owner })).status).toBe(200);
    expect(await api.call('POST', path, { as: owner, body: { name: 'Find' } })).toMatchObject({ status: 409, body: { code: 'WORKSPACE_READ_ONLY' } });
  });
});
