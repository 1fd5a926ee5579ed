import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import { withClient } from '../support/lifecycle.ts';
import { query, TestPostgres } from '../support/postgres.ts';
import { bindingOf, newTenant, poolAs } from '../support/tenants.ts';
import type { Tenant } from '../support/tenants.ts';

const DAY = '2026-03-29';
const DENIED = { code: '42501' };

let postgres: TestPostgres;
let database: string;
let api: Pool;
let tenants: readonly Tenant[];
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  api = poolAs(postgres, database);
  tenants = await Promise.all(Array.from({ length: 6 }, () => newTenant(api)));
});
afterAll(async () => {
  await api.end();
  await postgres.stop();
});

interface Usage { readonly requests?: number; readonly input?: number; readonly output?: number; readonly cached?: number; readonly cost?: string; readonly latency?: number | null; readonly at?: string }

/** Stores the usage of a model by each of the first workspaces, and answers what analytics sees of the model. */
async function seenOf(usages: readonly Usage[], days: readonly [first: string, last: string] = [DAY, DAY]) {
  const model = `model-${randomUUID()}`;
  for (const [index, usage] of usages.entries()) {
    const tenant = tenants[index];
    if (tenant) await use(tenant, model, usage);
  }
  const rows = await seen('SELECT *, day::text AS day FROM halton.usage_by_day($1, $2)', days);
  return rows.filter((row) => row['model'] === model);
}

function use(tenant: Tenant, model: string, { requests = 1, input = 10, output = 20, cached = 5, cost = '0.5', latency = 100, at = `${DAY}T12:00:00Z` }: Usage): Promise<unknown> {
  return inTransaction(api, bindingOf(tenant), (client) =>
    client.query(
      `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cached_tokens, cost_usd, latency_ms, user_id)
       SELECT $1, gen_random_uuid()::text, $3, 'anthropic', $4, $5, $6, $7, $8, $9, $10 FROM generate_series(1, $2)`,
      [tenant.workspaceId, requests, at, model, input, output, cached, cost, latency, tenant.ownerId],
    ),
  );
}

const asAnalytics = () => postgres.asLogin(database, 'halton_analytics');
const seen = (text: string, values: readonly unknown[] = []) => query<Readonly<Record<string, unknown>>>(asAnalytics(), text, values);
const five = (usage: Usage = {}): readonly Usage[] => Array.from({ length: 5 }, () => usage);

describe('HM-SUP-2: analytics', () => {
  it('gets sums over five workspaces and more, exact to the last digit', async () => {
    const usages = [1, 2, 3, 4, 5].map((requests) => ({ requests, input: 10 * requests, cost: '0.0000000001', latency: 100 * requests }));
    expect(await seenOf(usages)).toEqual([
      {
        day: DAY, provider: 'anthropic', model: expect.any(String) as string, workspaces: '5', requests: '15',
        input_tokens: '550', output_tokens: '300', cached_tokens: '75', cost_usd: '0.0000000015', mean_latency_ms: '367',
      },
    ]);
  });

  it('gets nothing of a group of four', async () => {
    expect(await seenOf(five({ requests: 100 }).slice(1))).toEqual([]);
  });

  it('gets nothing of a group of which one workspace makes up more than 80 %', async () => {
    expect(await seenOf([...five().slice(1), { requests: 16 }])).toHaveLength(1);
    expect(await seenOf([...five().slice(1), { requests: 17 }])).toEqual([]);
  });

  it.each<Usage>([{ input: 1_000 }, { output: 1_000 }, { cached: 1_000 }, { cost: '1000' }, { latency: 10_000 }])('gets nothing of a group in which a sum is as good as one workspace\'s: %j', async (usage) => {
    expect(await seenOf([...five().slice(1), usage])).toEqual([]);
  });

  it('gets nothing of a group in which one workspace alone tells something', async () => {
    expect(await seenOf([...five({ cached: 0 }).slice(1), {}])).toEqual([]);
    expect(await seenOf([...five({ latency: null }).slice(1), {}])).toEqual([]);
  });

  it('gets no latency where nobody told one, and the rest all the same', async () => {
    expect(await seenOf(five({ latency: null, cached: 0, cost: '0' }))).toMatchObject([{ workspaces: '5', mean_latency_ms: null, cached_tokens: '0', cost_usd: '0.0000000000' }]);
  });

  it('counts by days in UTC, of which both ends are in', async () => {
    const ends = ['2026-03-28T23:59:59.999Z', `${DAY}T00:00:00Z`, `${DAY}T23:59:59.999Z`, '2026-03-30T00:00:00Z'];
    const usages = five().map(() => ends);
    const model = `model-${randomUUID()}`;
    for (const [index, times] of usages.entries()) for (const at of times) await use(tenants[index] as Tenant, model, { at });
    const days = await seen("SELECT day::text, requests FROM halton.usage_by_day('2026-03-29', '2026-03-30') WHERE model = $1", [model]);
    expect(days).toEqual([{ day: DAY, requests: '10' }, { day: '2026-03-30', requests: '5' }]);
  });

  it('has the last 30 days as a view, without today, which is not over', async () => {
    const model = `model-${randomUUID()}`;
    const at = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    for (const tenant of tenants) for (const days of [0, 1, 30, 31]) await use(tenant, model, { at: at(days) });
    const rows = await seen('SELECT day::text FROM halton_analytics.last_30_days WHERE model = $1', [model]);
    expect(rows.map(({ day }) => day)).toEqual([at(30).slice(0, 10), at(1).slice(0, 10)]);
  });
});

describe('HM-SUP-2: what analytics gets', () => {
  it('names no workspace, user, project or device', async () => {
    const columns = await postgres.asSuperuser<{ name: string }>("SELECT attname AS name FROM pg_attribute WHERE attrelid = 'halton_analytics.last_30_days'::regclass AND attnum > 0 ORDER BY attnum", [], database);
    const expected = ['day', 'provider', 'model', 'workspaces', 'requests', 'input_tokens', 'output_tokens', 'cached_tokens', 'cost_usd', 'mean_latency_ms'];
    expect(columns.map(({ name }) => name)).toEqual(expected);
    await seenOf(five());
    const rows = await seen('SELECT * FROM halton.usage_by_day($1, $1)', [DAY]);
    expect(Object.keys(rows[0] ?? {})).toEqual(expected);
    const text = JSON.stringify(rows);
    for (const { workspaceId, organisationId, ownerId } of tenants) for (const id of [workspaceId, organisationId, ownerId]) expect(text).not.toContain(id);
  });

  it('is one function and one view, and no table but the version of the schema', async () => {
    const relations = await seen(
      `SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
         AND (has_any_column_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'INSERT') OR has_any_column_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE')) ORDER BY 1`,
    );
    expect(relations).toEqual([{ name: 'halton.schema_versions' }, { name: 'halton_analytics.last_30_days' }]);
    const functions = await seen("SELECT oid::regprocedure::text AS name FROM pg_proc WHERE pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) AND has_function_privilege(oid, 'EXECUTE')");
    expect(functions).toEqual([{ name: 'halton.usage_by_day(date,date)' }]);
  });

  it('grows by no binding', async () => {
    const [{ workspaceId, organisationId, ownerId }] = tenants as readonly [Tenant];
    const bind = `SELECT set_config('halton.workspace_id', '${workspaceId}', false), set_config('halton.organisation_id', '${organisationId}', false), set_config('halton.user_id', '${ownerId}', false)`;
    for (const table of ['requests', 'workspaces', 'members', 'audit_log']) {
      await expect(seen(`DO $$ BEGIN PERFORM 1 FROM (${bind}) AS bound; PERFORM FROM halton.${table}; END $$`)).rejects.toMatchObject(DENIED);
    }
  });

  it('cannot be written', async () => {
    await expect(seen('CREATE TEMPORARY TABLE mine (id integer)')).rejects.toMatchObject({ code: '25006' });
    await withClient(postgres, database, 'halton_analytics', async (client) => {
      await client.query('SET default_transaction_read_only = off');
      for (const text of ['DELETE FROM halton.requests', 'INSERT INTO halton.schema_versions VALUES (99, 1)', 'CREATE TABLE halton_analytics.mine (id integer)', 'CREATE TEMPORARY TABLE mine (id integer)']) {
        await expect(client.query(text)).rejects.toMatchObject(DENIED);
      }
    });
  });

  it.each(['halton_api_a', 'halton_jobs', 'halton_support', 'halton_migrator'] as const)('is nothing to %s', async (login) => {
    const connection = postgres.asLogin(database, login);
    await expect(query(connection, 'SELECT FROM halton.usage_by_day(current_date, current_date)')).rejects.toMatchObject(DENIED);
    await expect(query(connection, 'SELECT FROM halton_analytics.last_30_days')).rejects.toMatchObject(DENIED);
  });

  it('comes from these columns alone', async () => {
    const columns = await postgres.asSuperuser<{ name: string }>(
      `SELECT format('%s.%s', c.oid::regclass, attname) AS name FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
       WHERE relnamespace = 'halton'::regnamespace AND relkind IN ('r', 'p', 'v') AND has_column_privilege('halton_aggregator', c.oid, attname, 'SELECT, INSERT, UPDATE') ORDER BY 1`,
      [],
      database,
    );
    expect(columns.map(({ name }) => name.replace('halton.requests.', ''))).toEqual(['cached_tokens', 'cost_usd', 'input_tokens', 'latency_ms', 'model', 'occurred_at', 'output_tokens', 'provider', 'workspace_id']);
  });
});
