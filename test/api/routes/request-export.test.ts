import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Exports, EXPORT_FORMATS, requestDocument } from '../../../api/src/usage/exports.ts';
import { TestApi } from '../../support/api.ts';
import type { ApiCall } from '../../support/api.ts';
import type { Tenant } from '../../support/tenants.ts';
import { arrivingRow, awaitDeletion, newDevice, newKey } from '../../support/usage.ts';

interface Row { readonly requestId: string; readonly occurredAt: string }
interface Document { readonly requests: readonly Row[] }

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
  path = `/v1/${tenant.workspaceId}/requests`;
});

const RANGE = 'from=2026-01-01&to=2026-12-31';
const read = <Body = Document>(query = RANGE, call: ApiCall = { as: owner }) => api.call<Body>('GET', `${path}?${query}`, call);
/** Lines, which are no JSON together. */
async function readLines(): Promise<{ readonly type: string | null; readonly text: string }> {
  const response = await fetch(`${api.url}${path}?${RANGE}&format=ndjson`, { headers: { authorization: `Bearer ${owner}` } });
  return { type: response.headers.get('content-type'), text: await response.text() };
}
const ids = (document: Document) => document.requests.map(({ requestId }) => requestId);
/** Stores requests of these instants, req_1 and so on. */
const store = (...instants: readonly string[]) =>
  api.superuser.query(
    `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id)
     SELECT $1, 'req_' || n, at, 'anthropic', 'a-model', 9007199254740991, 20, 0.0001234567, $3 FROM unnest($2::timestamptz[]) WITH ORDINALITY AS given (at, n)`,
    [tenant.workspaceId, instants, tenant.ownerId],
  );
/** More than the buffers between the database and a reader hold. */
const MANY = 30_000;
const storeMany = () =>
  api.superuser.query(
    `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id)
     SELECT $1, 'req_' || n, timestamptz '2026-06-01T00:00:00Z' + n * interval '1 second', 'anthropic', repeat('m', 200), 1, 1, 1, repeat('u', 255) FROM generate_series(1, $2::integer) AS n`,
    [tenant.workspaceId, MANY],
  );
/** A reader who has been answered and takes nothing until asked, on a connection of his own. */
async function begin(): Promise<IncomingMessage> {
  const [response] = (await once(get(`${api.url}${path}?${RANGE}`, { agent: false, headers: { authorization: `Bearer ${owner}` } }), 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  return response;
}
const readOn = async (reader: IncomingMessage) => Buffer.concat((await reader.toArray()) as readonly Buffer[]).toString();
const taken = () => api.pool.totalCount - api.pool.idleCount;
async function untilReturned(): Promise<void> {
  for (let turn = 0; taken() > 0; turn += 1) {
    if (turn === 200) throw new Error(`Got ${taken()} connections in use, expected none after 10 s.`);
    await wait(50);
  }
}

describe('an export', () => {
  it('HM-EXP-2: is the full set of rows of a range as JSON, with an API key', async () => {
    const device = await newDevice(api, tenant);
    const key = await newKey(api, tenant);
    await api.call('POST', path, { ...device.call, body: { requests: [arrivingRow('req_1', { latencyMs: 7, cachedTokens: 5 })] } });
    const year = new Date().getUTCFullYear();
    const answer = await read(`from=${year - 1}-01-01&to=${year + 1}-12-31`, key.call);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="requests-${tenant.workspaceId}.json"`);
    expect(answer.body).toEqual({
      requests: [{
        requestId: 'req_1', occurredAt: expect.stringMatching(/Z$/), receivedAt: expect.stringMatching(/Z$/), provider: 'anthropic', model: 'a-model', inputTokens: 10, outputTokens: 20, cachedTokens: 5,
        costUsd: '0.0001234567', latencyMs: 7, projectId: null, userId: tenant.ownerId, deviceId: device.deviceId, redactionApplied: false,
      }],
    });
  });

  it('is of days in UTC, the last one whole, or of instants, before the last one', async () => {
    await store('2025-12-31T23:59:59.999Z', '2026-01-01T00:00:00Z', '2026-06-01T12:00:00Z', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00Z');
    expect(ids((await read()).body)).toEqual(['req_2', 'req_3', 'req_4']);
    expect(ids((await read('from=2026-06-01T14:00:00%2B02:00&to=2026-12-31T23:59:59.999Z')).body)).toEqual(['req_3']);
    expect(ids((await read('from=2026-06-01&to=2026-06-01')).body)).toEqual(['req_3']);
  });

  it('is valid also of no rows, and as one line each', async () => {
    expect((await read()).text).toBe('{"requests":[\n\n]}\n');
    expect((await read()).body).toEqual({ requests: [] });
    expect((await readLines()).text).toBe('');
    await store('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z');
    const { type, text } = await readLines();
    expect(type).toBe('application/x-ndjson; charset=utf-8');
    expect(text.endsWith('\n')).toBe(true);
    expect(text.trimEnd().split('\n').map((line) => JSON.parse(line) as Row)).toEqual((await read()).body.requests);
  });

  it('HP-AUD-1: leaves an entry of what was asked for', async () => {
    await readLines();
    expect(await api.audit(tenant)).toEqual([{ actor_kind: 'member', actor: tenant.ownerId, action: 'export.requests', target: tenant.workspaceId, details: { from: '2026-01-01', to: '2026-12-31', format: 'ndjson' } }]);
  });

  it('HM-EXP-3: works while the workspace awaits its deletion', async () => {
    await store('2026-01-01T00:00:00Z');
    await awaitDeletion(api, tenant);
    expect(ids((await read()).body)).toEqual(['req_1']);
    expect((await api.audit(tenant)).map(({ action }) => action)).toEqual(['export.requests']);
  });

  it('HM-RBAC-2, HM-ISO-1: is for owners, admins and API keys of the workspace', async () => {
    const [admin, member] = [await api.member(tenant, 'admin'), await api.member(tenant, 'member')];
    expect((await read(RANGE, { as: admin.token })).status).toBe(200);
    for (const call of [{ as: member.token }, (await newDevice(api, tenant)).call, { as: await api.issuer.token((await api.tenant()).ownerId) }]) {
      expect(await read(RANGE, call)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
    expect((await read(RANGE, (await newKey(api, await api.tenant())).call)).status).toBe(401);
  });

  it('is refused where the range is none', async () => {
    for (const query of ['', 'from=2026-01-01', 'from=yesterday&to=2026-12-31', 'from=2026-02-30&to=2026-12-31', 'from=2026-12-31&to=2026-01-01', 'from=2026-01-02&to=2026-01-01', `${RANGE}&format=xml`, `${RANGE}&more=1`]) {
      expect(await read(query)).toMatchObject({ status: 400, body: { code: 'REQUEST_INVALID' } });
    }
    expect(await api.audit(tenant)).toEqual([]);
    expect((await read('from=0000-01-01&to=9999-12-31')).body).toEqual({ requests: [] });
  });
});

describe('a long export', () => {
  beforeEach(storeMany);
  afterEach(untilReturned);

  it('shows one state, whatever is stored meanwhile', async () => {
    const reader = await begin();
    await api.superuser.query("INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id) VALUES ($1, 'late', '2026-12-01', 'a', 'b', 0, 0, 0, 'c')", [tenant.workspaceId]);
    const rest = await readOn(reader);
    expect([rest.endsWith('\n]}\n'), rest.includes(`"req_${MANY}"`), rest.includes('"late"')]).toEqual([true, true, false]);
    expect(ids((await read()).body)).toHaveLength(MANY + 1);
  });

  it('that breaks off in its middle does not look whole', async () => {
    const reader = await begin();
    // Once it waits for its reader, and not between two of its statements.
    const waiting = "state = 'idle in transaction' AND usename = 'halton_api_a' AND state_change < clock_timestamp() - interval '500 milliseconds'";
    for (let ended = 0; ended === 0; await wait(50)) ended = (await api.superuser.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${waiting}`)).rows.length;
    expect(await readOn(reader).then(() => 'whole', (error: unknown) => (error as { code?: string }).code)).toBe('ECONNRESET');
  });

  it('ends where its reader goes away', async () => {
    const reader = await begin();
    expect(taken()).toBe(1);
    reader.destroy();
    await untilReturned();
  });

  it('is one of a workspace at a time, and the next is told to come again, of which nothing is recorded', async () => {
    const reader = await begin();
    const refused = await Promise.all([read(), read(), read()]);
    for (const answer of refused) expect(answer).toMatchObject({ status: 503, body: { code: 'TOO_BUSY' } });
    expect(refused[0]?.headers.get('retry-after')).toBe('30');
    expect(refused[0]?.headers.get('content-disposition')).toBeNull();
    expect(await api.audit(tenant)).toHaveLength(1);
    reader.destroy();
    await untilReturned();
    expect((await read()).status).toBe(200);
  });

  it('is one of four in a process, and of a workspace the only one', async () => {
    const exports = new Exports(api.pool);
    exports.reserve('a');
    expect(() => exports.reserve('a')).toThrow('TOO_BUSY');
    for (const id of ['b', 'c', 'd']) exports.reserve(id);
    expect(() => exports.reserve('e')).toThrow('TOO_BUSY');
  });

  it('gives its connection back where its reader takes nothing for long', async () => {
    const exports = new Exports(api.pool, { stalled: 50 });
    const range = { from: new Date('2026-01-01'), before: new Date('2027-01-01') };
    for (let count = 0; count < 4; count += 1) {
      await expect(exports.reserve(tenant.workspaceId).run(requestDocument(tenant.workspaceId, range, EXPORT_FORMATS.json), () => new Promise(() => undefined))).rejects.toThrow('took nothing');
    }
    expect(taken()).toBe(0);
  });
});
