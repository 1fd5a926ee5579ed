import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { newDeviceToken } from '../../../api/src/auth/credential.ts';
import { TestApi } from '../../support/api.ts';
import type { ApiAnswer } from '../../support/api.ts';
import type { Tenant } from '../../support/tenants.ts';

let api: TestApi;
let tenant: Tenant;
let owner: string;

beforeAll(async () => {
  api = await TestApi.start({ proxyRange: '127.0.0.0/8' });
});
afterAll(() => api.stop());
beforeEach(async () => {
  tenant = await api.tenant();
  owner = await api.issuer.token(tenant.ownerId);
  api.lines.length = 0;
});

let addresses = 0;
/** An address from which nothing has failed yet, as the load balancer tells it. */
const from = () => ({ 'x-forwarded-for': `192.0.2.${(addresses += 1)}` });
const projects = (workspaceId: string) => `/v1/workspaces/${workspaceId}/projects`;
const logged = (code: string) => api.lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['code'] === code);

/** What two answers must have in common that are to tell nothing apart: all but the id under which the log knows each. */
function shown({ status, headers, text }: ApiAnswer<unknown>) {
  const id = headers.get('x-request-id') ?? '';
  return { status, text: text.replaceAll(id, 'ID'), headers: Object.fromEntries([...headers].filter(([name]) => name !== 'date').map(([name, value]) => [name, value.replaceAll(id, 'ID')])) };
}

describe('HM-AUTH-1: a request without a good credential', () => {
  it.each<[string, string]>([
    ['none', ''],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['no token', 'Bearer'],
    ['two tokens', 'Bearer a b'],
    ['a token of no known form', 'Bearer hello'],
    ['a device token with a wrong checksum', `Bearer hm_sync_${'A'.repeat(43)}00000000`],
    ['a key that is too long for bcrypt', `Bearer hm_key_abcdefgh_${'s'.repeat(73)}`],
  ])('(%s) gets 401, before its body is read', async (_, authorization) => {
    const answer = await api.call('POST', projects(tenant.workspaceId), { headers: { ...from(), ...(authorization !== '' && { authorization }), 'content-type': 'application/json' }, body: '{ this is no JSON' });
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(logged('AUTHENTICATION_REFUSED')).toHaveLength(1);
  });

  it('is told nothing of why, and the log is told', async () => {
    const answers = await Promise.all([undefined, 'https://app.example.com'].map(async (azp) => api.call('GET', projects(tenant.workspaceId), { as: await api.issuer.token(tenant.ownerId, { azp }), headers: from() })));
    expect(answers.map(shown)).toEqual([shown(answers[0] as ApiAnswer<unknown>), shown(answers[0] as ApiAnswer<unknown>)]);
    expect(logged('AUTHENTICATION_REFUSED')).toEqual([expect.objectContaining({ reason: 'TOKEN_AUTHORIZED_PARTY' }), expect.objectContaining({ reason: 'TOKEN_AUTHORIZED_PARTY' })]);
  });

  it('leaves no credential in the log', async () => {
    const secret = 's3cr3t'.repeat(8);
    await api.call('GET', projects(tenant.workspaceId), { as: `hm_key_abcdefgh_${secret}`, headers: from() });
    await api.call('GET', projects(tenant.workspaceId), { as: `nonsense-${secret}`, headers: from() });
    expect(api.lines.join('')).not.toContain(secret);
  });
});

describe('HM-ISO-1: a request to a workspace', () => {
  it('may write the scheme of its credential as it likes (RFC 9110)', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) expect((await api.call('GET', projects(tenant.workspaceId), { headers: { authorization: `${scheme} ${owner}` } })).status).toBe(200);
  });

  it('is answered to its members, and to them alone', async () => {
    expect((await api.call('GET', projects(tenant.workspaceId), { as: owner })).status).toBe(200);
    const other = await api.tenant();
    expect(await api.call('GET', projects(other.workspaceId), { as: owner })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('is refused in the same bytes whether it is another one, none, or no id at all', async () => {
    const other = await api.tenant();
    const paths = [other.workspaceId, randomUUID(), 'no-id', other.workspaceId.toUpperCase(), '%00', "'%20OR%201=1"].map(projects);
    const answers = await Promise.all(paths.map((path) => api.call('GET', path, { as: owner })));
    for (const answer of answers) expect(shown(answer)).toEqual(shown(answers[0] as ApiAnswer<unknown>));
    expect(answers[0]).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('is refused to who is no member any more, with the next request', async () => {
    const { userId, token } = await api.member(tenant, 'member');
    expect((await api.call('GET', projects(tenant.workspaceId), { as: token })).status).toBe(200);
    await api.superuser.query('DELETE FROM halton.members WHERE workspace_id = $1 AND user_id = $2', [tenant.workspaceId, userId]);
    expect((await api.call('GET', projects(tenant.workspaceId), { as: token })).status).toBe(403);
  });

  it('HM-ISO-2: shows a member of two workspaces one of them at a time', async () => {
    const other = await api.tenant();
    await api.member(other, 'member', tenant.ownerId);
    for (const [{ workspaceId }, name] of [[tenant, 'Ours'], [other, 'Theirs']] as const) await api.superuser.query('INSERT INTO halton.projects (workspace_id, project_id, name) VALUES ($1, $2, $3)', [workspaceId, randomUUID(), name]);
    const names = async ({ workspaceId }: Tenant) => (await api.call<{ projects: { name: string }[] }>('GET', projects(workspaceId), { as: owner })).body.projects.map(({ name }) => name);
    expect([await names(tenant), await names(other)]).toEqual([['Ours'], ['Theirs']]);
  });

  it('lets an administrator of its organisation read and not change', async () => {
    const userId = 'user_of_the_organisation';
    await api.superuser.query('INSERT INTO halton.organisation_admins (organisation_id, user_id) VALUES ($1, $2)', [tenant.organisationId, userId]);
    const as = await api.issuer.token(userId);
    expect((await api.call('GET', projects(tenant.workspaceId), { as })).status).toBe(200);
    expect((await api.call('POST', projects(tenant.workspaceId), { as, body: { name: 'A' } })).status).toBe(403);
    expect((await api.call('GET', projects((await api.tenant()).workspaceId), { as })).status).toBe(403);
  });

  it('tells of a malformed body only who may send one', async () => {
    const member = await api.member(tenant, 'member');
    expect((await api.call('POST', projects(tenant.workspaceId), { as: owner, body: { nom: 1 } })).status).toBe(400);
    expect((await api.call('POST', projects(tenant.workspaceId), { as: member.token, body: { nom: 1 } })).status).toBe(403);
    expect((await api.call('POST', projects((await api.tenant()).workspaceId), { as: owner, body: { nom: 1 } })).status).toBe(403);
  });
});

describe('a device', () => {
  it('HM-DEV-2: whose token is of another workspace gets the 401 of a token that is nobody’s', async () => {
    const other = await api.tenant();
    const token = newDeviceToken(Buffer.alloc(32, 7));
    const answers = await Promise.all([tenant, other].map(({ workspaceId }) => api.call('GET', projects(workspaceId), { as: token, headers: { ...from(), 'x-halton-machine-id': 'machine-1' } })));
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });

  it('that does not say on which machine it runs gets 401', async () => {
    expect((await api.call('GET', projects(tenant.workspaceId), { as: newDeviceToken(Buffer.alloc(32, 7)), headers: from() })).status).toBe(401);
  });
});

describe('who fails again and again', () => {
  it('has to wait for the rest of the minute, by address', async () => {
    const headers = from();
    for (let attempt = 0; attempt < 100; attempt += 1) expect((await api.call('GET', projects(tenant.workspaceId), { as: 'wrong', headers })).status).toBe(401);
    const late = await api.call('GET', projects(tenant.workspaceId), { as: 'wrong', headers });
    expect(late).toMatchObject({ status: 429, body: { code: 'TOO_MANY_ATTEMPTS' } });
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(late.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await api.call('GET', projects(tenant.workspaceId), { as: owner, headers: from() })).status).toBe(200);
  });

  it('cannot make up the address that counts', async () => {
    const mine = from()['x-forwarded-for'];
    for (let attempt = 0; attempt < 101; attempt += 1) await api.call('GET', projects(tenant.workspaceId), { as: 'wrong', headers: { 'x-forwarded-for': `198.51.100.${attempt}, ${mine}` } });
    expect((await api.call('GET', projects(tenant.workspaceId), { as: 'wrong', headers: { 'x-forwarded-for': `203.0.113.9, ${mine}` } })).status).toBe(429);
  });
});

describe('a request that is no good HTTP', () => {
  it('gets 400 and a problem', async () => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 400 /);
  });
});
