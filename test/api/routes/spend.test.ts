import { randomUUID } from 'node:crypto';
import { TestApi } from '../../support/api.ts';
import { parseCsv } from '../../support/csv.ts';
import type { Tenant } from '../../support/tenants.ts';
import { awaitDeletion, newDevice, newKey } from '../../support/usage.ts';

interface Line { readonly start: string; readonly group: string | null; readonly name: string | null; readonly requests: string; readonly inputTokens: string; readonly outputTokens: string; readonly cachedTokens: string; readonly costUsd: string }
interface Rollup { readonly timeZone: string; readonly lines: readonly Line[]; readonly total: Omit<Line, 'start' | 'group' | 'name'> }

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
  path = `/v1/${tenant.workspaceId}/spend`;
});

interface Made { readonly at: string; readonly cost?: string; readonly project?: string; readonly model?: string; readonly user?: string; readonly tokens?: string }
async function store(...requests: readonly Made[]): Promise<void> {
  for (const { at, cost = '1', project, model = 'a-model', user = 'user_a', tokens = '10' } of requests) {
    await api.superuser.query(
      `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id, project_id) VALUES ($1, $2, $3, 'anthropic', $4, $5, 20, $6, $7, $8)`,
      [tenant.workspaceId, randomUUID(), at, model, tokens, cost, user, project],
    );
  }
}
async function newProject(name: string): Promise<string> {
  const projectId = randomUUID();
  await api.superuser.query('INSERT INTO halton.projects (workspace_id, project_id, name) VALUES ($1, $2, $3)', [tenant.workspaceId, projectId, name]);
  return projectId;
}
const inZone = (zone: string) => api.superuser.query('UPDATE halton.workspaces SET time_zone = $2 WHERE workspace_id = $1', [tenant.workspaceId, zone]);
const read = (query: string, as = owner) => api.call<Rollup>('GET', `${path}?${query}`, { as });
const days = async (from: string, to: string, by = 'day') => {
  const { status, body } = await read(`from=${from}&to=${to}&by=${by}&group=model`);
  expect(status).toBe(200);
  return body.lines.map(({ start, requests }) => `${start} ${requests}`);
};
/** One request every half hour, from one instant up to another. */
async function everyHalfHour(from: string, to: string): Promise<void> {
  await api.superuser.query(
    `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id)
     SELECT $1, to_char(at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MI'), at, 'anthropic', 'a-model', 1, 1, 1, 'user_a' FROM generate_series($2::timestamptz, $3::timestamptz, interval '30 minutes') AS at`,
    [tenant.workspaceId, from, to],
  );
}

describe('a rollup of spend', () => {
  it('is by day, week or month, and by project, model or user', async () => {
    const search = await newProject('Search');
    await store(
      { at: '2026-01-30T12:00:00Z', cost: '0.1', project: search }, { at: '2026-01-30T13:00:00Z', cost: '0.2', project: search, model: 'b-model' },
      { at: '2026-02-01T12:00:00Z', cost: '0.0000000001', user: 'user_b' }, { at: '2026-02-02T12:00:00Z', cost: '5', user: 'user_b', project: search },
    );
    const all = async (by: string, group: string) => (await read(`from=2026-01-01&to=2026-12-31&by=${by}&group=${group}`)).body.lines.map(({ start, group: key, name, costUsd }) => [start, key, name, costUsd]);
    expect(await all('day', 'project')).toEqual([['2026-01-30', search, 'Search', '0.30'], ['2026-02-01', null, null, '0.0000000001'], ['2026-02-02', search, 'Search', '5.00']]);
    expect(await all('week', 'model')).toEqual([['2026-01-26', 'anthropic/a-model', null, '0.1000000001'], ['2026-01-26', 'anthropic/b-model', null, '0.20'], ['2026-02-02', 'anthropic/a-model', null, '5.00']]);
    expect(await all('month', 'user')).toEqual([['2026-01-01', 'user_a', null, '0.30'], ['2026-02-01', 'user_b', null, '5.0000000001']]);
  });

  it('adds up exactly what a double would not hold', async () => {
    await store({ at: '2026-01-01T12:00:00Z', cost: '9999999999.9999999999', tokens: '9007199254740991' }, { at: '2026-01-01T12:00:00Z', cost: '9999999999.9999999999', tokens: '9007199254740990' });
    const { body } = await read('from=2026-01-01&to=2026-01-01&by=day&group=user');
    expect(body.total).toEqual({ requests: '2', inputTokens: '18014398509481981', outputTokens: '40', cachedTokens: '0', costUsd: '19999999999.9999999998' });
  });

  it('HP-RPT-2: shows the same numbers as JSON and as CSV', async () => {
    const search = await newProject('Search, "and" find');
    await store({ at: '2026-01-30T12:00:00Z', cost: '0.1', project: search }, { at: '2026-02-01T12:00:00Z', cost: '0.0000000001' }, { at: '2026-02-01T12:00:00Z', cost: '12345.6' });
    for (const by of ['day', 'week', 'month']) {
      const query = `from=2026-01-01&to=2026-12-31&by=${by}&group=project`;
      const { body } = await read(query);
      const csv = await api.call<string>('GET', `${path}?${query}&format=csv`, { as: owner });
      expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(csv.headers.get('content-disposition')).toBe('attachment; filename="spend-2026-01-01-2026-12-31.csv"');
      const [header, ...rows] = parseCsv(csv.text);
      expect(header).toEqual(['start', 'group', 'name', 'requests', 'input_tokens', 'output_tokens', 'cached_tokens', 'cost_usd']);
      expect(rows).toEqual(body.lines.map((line) => [line.start, line.group ?? '', line.name ?? '', line.requests, line.inputTokens, line.outputTokens, line.cachedTokens, line.costUsd]));
    }
  });

  it('is no formula to a spreadsheet, whatever a project, model or user is called', async () => {
    for (const name of ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\tx', '\rx', 'a\nb']) await store({ at: '2026-01-01T12:00:00Z', project: await newProject(name), user: '=user' });
    const cells = async (group: string) => parseCsv((await api.call<string>('GET', `${path}?from=2026-01-01&to=2026-01-01&by=day&group=${group}&format=csv`, { as: owner })).text).slice(1).flat();
    for (const cell of [...(await cells('project')), ...(await cells('user'))]) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    expect(await cells('project')).toEqual(expect.arrayContaining(["'=1+1", "'@SUM(A1)"]));
  });

  it('of nothing is nothing', async () => {
    expect((await read('from=2026-01-01&to=2026-01-31&by=day&group=user')).body).toMatchObject({ timeZone: 'UTC', lines: [], total: { requests: '0', costUsd: '0.00' } });
  });
});

describe('HP-RPT-1: a day is the workspace\'s own', () => {
  it('of 23 and of 25 hours where clocks change', async () => {
    await inZone('Europe/London');
    await everyHalfHour('2026-03-28T00:00:00Z', '2026-03-30T23:30:00Z');
    await everyHalfHour('2026-10-24T00:00:00Z', '2026-10-26T23:30:00Z');
    expect(await days('2026-03-28', '2026-03-30')).toEqual(['2026-03-28 48', '2026-03-29 46', '2026-03-30 48']);
    expect(await days('2026-10-25', '2026-10-26')).toEqual(['2026-10-25 50', '2026-10-26 48']);
  });

  it('where its midnight does not exist', async () => {
    await inZone('America/Sao_Paulo');
    await everyHalfHour('2018-11-03T00:00:00Z', '2018-11-06T00:00:00Z');
    expect(await days('2018-11-04', '2018-11-04')).toEqual(['2018-11-04 46']);
    await inZone('Asia/Beirut');
    await everyHalfHour('2022-03-26T00:00:00Z', '2022-03-29T00:00:00Z');
    expect(await days('2022-03-27', '2022-03-27')).toEqual(['2022-03-27 46']);
  });

  it('where its midnight comes twice', async () => {
    await inZone('America/Havana');
    await everyHalfHour('2025-11-01T00:00:00Z', '2025-11-04T00:00:00Z');
    expect(await days('2025-11-02', '2025-11-02')).toEqual(['2025-11-02 50']);
    await inZone('America/Sao_Paulo');
    await everyHalfHour('2018-02-16T00:00:00Z', '2018-02-20T00:00:00Z');
    expect(await days('2018-02-17', '2018-02-18')).toEqual(['2018-02-17 50', '2018-02-18 48']);
  });

  it('with three quarters of an hour, a day ahead, or a day that was left out', async () => {
    await store({ at: '2026-01-01T18:14:59Z' }, { at: '2026-01-01T18:15:00Z' });
    await inZone('Asia/Kathmandu');
    expect(await days('2026-01-01', '2026-01-02')).toEqual(['2026-01-01 1', '2026-01-02 1']);
    await inZone('Pacific/Kiritimati');
    expect(await days('2026-01-02', '2026-01-02')).toEqual(['2026-01-02 2']);
    await store({ at: '2011-12-30T09:59:59Z' }, { at: '2011-12-30T10:00:00Z' });
    await inZone('Pacific/Apia');
    expect(await days('2011-12-29', '2011-12-31')).toEqual(['2011-12-29 1', '2011-12-31 1']);
  });

  it('also of a month whose hours belong to two in UTC', async () => {
    await inZone('America/New_York');
    await store({ at: '2026-02-01T04:59:59Z' }, { at: '2026-02-01T05:00:00Z' });
    expect(await days('2026-01-01', '2026-12-31', 'month')).toEqual(['2026-01-01 1', '2026-02-01 1']);
    expect((await read('from=2026-01-31&to=2026-01-31&by=day&group=user')).body).toMatchObject({ timeZone: 'America/New_York', total: { requests: '1' } });
  });
});

describe('spend', () => {
  it('is read by every member and by API keys, also while the deletion is awaited, and by no device', async () => {
    const query = `${path}?from=2026-01-01&to=2026-01-31&by=day&group=user`;
    const member = await api.member(tenant, 'member');
    await awaitDeletion(api, tenant);
    for (const call of [{ as: member.token }, (await newKey(api, tenant)).call]) expect((await api.call('GET', query, call)).status).toBe(200);
    expect(await api.call('GET', query, (await newDevice(api, tenant)).call)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  it('HM-ISO-2: of another workspace is neither told nor added', async () => {
    await store({ at: '2026-01-01T12:00:00Z' });
    const other = await api.tenant();
    const theirs = await api.issuer.token(other.ownerId);
    expect(await read('from=2026-01-01&to=2026-01-31&by=day&group=user', theirs)).toMatchObject({ status: 403 });
    expect((await api.call<Rollup>('GET', `/v1/${other.workspaceId}/spend?from=2026-01-01&to=2026-01-31&by=day&group=user`, { as: theirs })).body.lines).toEqual([]);
  });

  it('is not told at once of more than anybody reads', async () => {
    await api.superuser.query(
      `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id)
       SELECT $1, 'req_' || n, '2026-01-01T12:00:00Z', 'anthropic', 'a-model', 1, 1, 1, 'user_' || n FROM generate_series(1, 100001) AS n`,
      [tenant.workspaceId],
    );
    const refused = await read('from=2026-01-01&to=2026-01-01&by=day&group=user');
    expect(refused).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID', violations: [{ part: 'querystring', pointer: '/to', expected: expect.stringContaining('100000 sums of a day and user') }] } });
    expect((await read('from=2026-01-01&to=2026-01-01&by=day&group=model')).body.total).toMatchObject({ requests: '100001' });
  });

  it('is not told of days that are none, of more than a year, or of less than nothing', async () => {
    const rest = 'by=day&group=user';
    for (const query of [
      '', rest, `from=2026-01-01&to=2026-02-30&${rest}`, `from=2026-01-02&to=2026-01-01&${rest}`, `from=2025-01-01&to=2026-01-02&${rest}`, `from=0000-01-01&to=0000-01-01&${rest}`,
      `from=2026-01-01T00:00:00Z&to=2026-01-02&${rest}`, 'from=2026-01-01&to=2026-01-02&by=year&group=user', 'from=2026-01-01&to=2026-01-02&by=day&group=device', `from=2026-01-01&to=2026-01-02&${rest}&format=xml`,
    ]) expect(await read(query)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    for (const [from, to] of [['2024-01-01', '2024-12-31'], ['0001-01-01', '0001-01-01'], ['9999-12-31', '9999-12-31']]) expect((await read(`from=${from}&to=${to}&${rest}`)).status).toBe(200);
  });
});
