import { buildApp } from '../../../api/src/app.ts';
import { ApiKeySecrets } from '../../../api/src/auth/api-keys.ts';
import { FailedAttempts } from '../../../api/src/auth/failures.ts';
import { MemberTokens } from '../../../api/src/auth/member-token.ts';
import { registerWorkspaceRoutes } from '../../../api/src/routes/register.ts';
import { workspaceRoute } from '../../../api/src/routes/route.ts';
import { withDatabase } from '../../support/app-deps.ts';
import { TestApi } from '../../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());

describe('HP-AUD-1: a route', () => {
  it('that records what it does not say it records fails, and leaves neither the change nor the entry', async () => {
    const tenant = await api.tenant();
    const app = await buildApp({ ...withDatabase(api.pool), identity: api.issuer.identity, readiness: { check: async () => ({ ready: true }) }, log: { level: 'silent' } });
    const deps = { pool: api.pool, tokens: new MemberTokens(api.issuer.identity), failures: new FailedAttempts(), secrets: new ApiKeySecrets() };
    registerWorkspaceRoutes(app, deps, [workspaceRoute({
      method: 'POST',
      path: '/v1/workspaces/:workspace/lying',
      summary: 'Changes the name and says something else.',
      permission: 'workspace.update',
      records: ['project.renamed'],
      schemas: {},
      async handle({ client, workspace: { workspaceId } }) {
        await client.query("UPDATE halton.workspaces SET name = 'Changed' WHERE workspace_id = $1", [workspaceId]);
        return { answer: undefined, recorded: [{ action: 'workspace.changed', target: workspaceId }] };
      },
    })]);
    const { statusCode } = await app.inject({ method: 'POST', url: `/v1/workspaces/${tenant.workspaceId}/lying`, headers: { authorization: `Bearer ${await api.issuer.token(tenant.ownerId)}` } });
    await app.close();
    expect(statusCode).toBe(500);
    expect(await api.audit(tenant)).toEqual([]);
    expect((await api.superuser.query('SELECT name FROM halton.workspaces WHERE workspace_id = $1', [tenant.workspaceId])).rows).toEqual([{ name: 'A workspace' }]);
  });
});

describe('HM-RBAC-1: who waits for another’s change of members', () => {
  it('may do no more than he may once it is his turn', async () => {
    const tenant = await api.tenant();
    const [admin, member] = [await api.member(tenant, 'admin'), await api.member(tenant, 'member')];
    await api.superuser.query('BEGIN');
    await api.superuser.query('SELECT FROM halton.workspaces WHERE workspace_id = $1 FOR UPDATE', [tenant.workspaceId]);
    const promoting = api.call('PATCH', `/v1/workspaces/${tenant.workspaceId}/members/${member.userId}`, { as: admin.token, body: { role: 'admin' } });
    for (let waiting = 0; waiting === 0;) waiting = (await api.superuser.query("SELECT FROM pg_stat_activity WHERE usename = 'halton_api_a' AND wait_event_type = 'Lock'")).rowCount ?? 0;
    await api.superuser.query('DELETE FROM halton.members WHERE workspace_id = $1 AND user_id = $2', [tenant.workspaceId, admin.userId]);
    await api.superuser.query('COMMIT');
    expect(await promoting).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await api.audit(tenant)).toEqual([]);
  });
});
