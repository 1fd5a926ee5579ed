import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { tombstoneHash } from '../../../api/src/jobs/tombstones.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { furnish } from '../../support/furnish.ts';
import { makeDue, requestDeletion, rowsByTable, runPurge, tablesWith } from '../../support/lifecycle.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { bindingOf, insertRequests, newTenant, poolAs } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';
import { MemoryTombstones } from '../../support/tombstones.ts';

let postgres: TestPostgres;
let database: string;
let api: Pool;
let support: Pool;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  [api, support] = [poolAs(postgres, database), poolAs(postgres, database, 'halton_support')];
});
afterAll(async () => {
  await Promise.all([api.end(), support.end()]);
  await postgres.stop();
});

async function furnishedTenant(): Promise<Tenant> {
  const tenant = await newTenant(api);
  await furnish(api, support, tenant);
  return tenant;
}
const due = (tenant: Tenant) => makeDue(postgres, database, api, tenant);
const rows = (tenant: Tenant) => rowsByTable(postgres, database, tenant);
const organisations = async (organisationId: string) => (await postgres.asSuperuser('SELECT FROM halton.organisations WHERE organisation_id = $1', [organisationId], database)).length;

describe('HM-DEL-3: on day 30', () => {
  it('every row of the workspace goes, whichever tables there are, the audit log and the views of prompts included', async () => {
    const [gone, waiting, other] = [await furnishedTenant(), await furnishedTenant(), await furnishedTenant()];
    await requestDeletion(api, waiting);
    await due(gone);
    const before = await Promise.all([rows(gone), rows(waiting), rows(other)]);
    expect(tablesWith('no', before[0])).toEqual([]);
    expect(tablesWith('some', before[0])).toEqual(expect.arrayContaining(['halton.audit_log', 'halton.audit_heads', 'halton.prompt_views', 'halton.workspaces']));
    const store = new MemoryTombstones();
    const summary = await runPurge(postgres, database, store);
    const total = Object.values(before[0]).reduce((sum, count) => sum + count, 0);
    expect(summary).toEqual({ otherRun: false, purgedWorkspaces: 1, purgedRows: total - 2, expiredRows: 0 }); // besides, its head and itself
    expect(tablesWith('some', await rows(gone))).toEqual([]);
    expect([await rows(waiting), await rows(other)]).toEqual(before.slice(1));
    expect(store.kept).toMatchObject([{ workspaceHash: tombstoneHash(gone.workspaceId) }]);
  });

  it('its ids and its people are found nowhere in the database, but in what its people agreed to', async () => {
    const tenant = await furnishedTenant();
    await inTransaction(api, { userId: tenant.ownerId }, (client) =>
      client.query("INSERT INTO halton.checkout_consent_records (user_id, plan, period, wording_hash, ip, user_agent) VALUES ($1, 'team', 'annual', $2, '192.0.2.1', 'a browser')", [tenant.ownerId, 'ab'.repeat(32)]),
    );
    await due(tenant);
    expect(await tablesThatHold(tenant.ownerId)).toContain('halton.audit_log');
    expect(await tablesThatHold(tenant.workspaceId)).toContain('halton.requests');
    await runPurge(postgres, database, new MemoryTombstones());
    expect(await tablesThatHold(tenant.workspaceId)).toEqual([]);
    expect(await tablesThatHold(tenant.ownerId)).toEqual(['halton.checkout_consent_records']);
  });

  it('the organisation goes with its last workspace, and its administrators with it', async () => {
    const first = await furnishedTenant();
    const second: Tenant = { ...first, workspaceId: randomUUID() };
    await inTransaction(api, bindingOf(second), async (client) => {
      await client.query("INSERT INTO halton.workspaces (workspace_id, organisation_id, name) VALUES ($1, $2, 'Second')", [second.workspaceId, second.organisationId]);
    });
    await postgres.asSuperuser('INSERT INTO halton.organisation_admins (organisation_id, user_id) VALUES ($1, $2)', [second.organisationId, second.ownerId], database);
    await due(first);
    await runPurge(postgres, database, new MemoryTombstones());
    expect(await organisations(first.organisationId)).toBe(1);
    await due(second);
    await runPurge(postgres, database, new MemoryTombstones());
    expect(await organisations(first.organisationId)).toBe(0);
    expect(await tablesThatHold(first.organisationId)).toEqual([]);
  });

  it('a workspace of more rows than one batch takes goes too', async () => {
    const tenant = await newTenant(api);
    await inTransaction(api, bindingOf(tenant), (client) => insertRequests(client, tenant, Array.from({ length: 4_500 }, (_, index) => `many-${index}`)));
    await due(tenant);
    expect(await runPurge(postgres, database, new MemoryTombstones())).toMatchObject({ purgedWorkspaces: 1, purgedRows: 4_502 });
    expect(tablesWith('some', await rows(tenant))).toEqual([]);
  });

  it('a run that finds nothing to do changes nothing', async () => {
    const store = new MemoryTombstones();
    expect(await runPurge(postgres, database, store)).toEqual({ otherRun: false, purgedWorkspaces: 0, purgedRows: 0, expiredRows: 0 });
    expect(store.kept).toEqual([]);
  });
});

describe('HM-DEL-3, CH-DEL-2: what is left of a workspace', () => {
  it('is a tombstone: a hash, times and a count', async () => {
    const columns = await postgres.asSuperuser<{ column: string }>(
      "SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod)) AS column FROM pg_attribute WHERE attrelid = 'halton.workspace_tombstones'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
      [],
      database,
    );
    expect(columns.map(({ column }) => column)).toEqual([
      'workspace_hash bytea',
      'requested_at timestamp with time zone',
      'begun_at timestamp with time zone',
      'handed_over_at timestamp with time zone',
      'purged_at timestamp with time zone',
      'imported_at timestamp with time zone',
      'rows_deleted bigint',
    ]);
  });

  it('is the same inside and outside, and complete', async () => {
    const tenant = await furnishedTenant();
    await due(tenant);
    const store = new MemoryTombstones();
    const { purgedRows } = await runPurge(postgres, database, store);
    const outside = store.kept[0];
    const [inside] = await postgres.asSuperuser<{ requested_at: Date; begun_at: Date }>(
      `SELECT requested_at, begun_at, handed_over_at BETWEEN begun_at AND purged_at AS in_order, imported_at, rows_deleted
       FROM halton.workspace_tombstones WHERE workspace_hash = decode($1, 'hex')`,
      [tombstoneHash(tenant.workspaceId)],
      database,
    );
    expect(inside).toEqual({ requested_at: outside?.requestedAt, begun_at: outside?.begunAt, in_order: true, imported_at: null, rows_deleted: String(purgedRows) });
  });

  it('is read by none of the logins', async () => {
    for (const login of ['halton_api_a', 'halton_jobs', 'halton_support', 'halton_analytics'] as const) {
      const pool = poolAs(postgres, database, login, 1);
      await expect(pool.query('SELECT FROM halton.workspace_tombstones')).rejects.toMatchObject({ code: '42501' });
      await pool.end();
    }
  });
});

/** The tables of the database in any column of which a text occurs. */
async function tablesThatHold(text: string): Promise<readonly string[]> {
  const tables = await postgres.asSuperuser<{ name: string }>("SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'halton'::regnamespace ORDER BY 1", [], database);
  const each = tables.map(({ name }) => `SELECT '${name}' AS name FROM ${name} t WHERE t::text LIKE '%' || $1 || '%'`);
  return (await postgres.asSuperuser<{ name: string }>(each.join(' UNION '), [text], database)).map(({ name }) => name).toSorted();
}
