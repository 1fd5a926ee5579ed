import type { Pool } from 'pg';
import { inTransaction } from '../../../db/transaction.ts';
import { furnish } from '../../support/furnish.ts';
import { requestDeletion, rowsByTable, runPurge } from '../../support/lifecycle.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { bindingOf, insertRequests, newTenant, poolAs } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';
import { MemoryTombstones } from '../../support/tombstones.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

let postgres: TestPostgres;
let database: string;
let api: Pool;
let support: Pool;
let tenant: Tenant;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  [api, support] = [poolAs(postgres, database), poolAs(postgres, database, 'halton_support')];
});
afterAll(async () => {
  await Promise.all([api.end(), support.end()]);
  await postgres.stop();
});
beforeEach(async () => {
  tenant = await newTenant(api);
});

const run = () => runPurge(postgres, database, new MemoryTombstones());
const write = (text: string, values: readonly unknown[] = [], of = tenant) => inTransaction(api, bindingOf(of), async (client) => (await client.query(text, [...values])).rowCount);
const keep = (days: number, of = tenant) => write('UPDATE halton.workspaces SET retention_days = $1', [days], of);
/** Stores a request that happened so long ago, with its body. */
const store = (id: string, age: number, of = tenant) =>
  inTransaction(api, bindingOf(of), async (client) => {
    await insertRequests(client, of, [id], new Date(Date.now() - age));
    await client.query("INSERT INTO halton.request_bodies (workspace_id, request_id, sealed) VALUES ($1, $2, 'gAAAAABsealed')", [of.workspaceId, id]);
  });
const stored = async (table: 'requests' | 'request_bodies', of = tenant) =>
  (await inTransaction(api, bindingOf(of), (client) => client.query<{ id: string }>(`SELECT request_id AS id FROM halton.${table} ORDER BY 1`))).rows.map(({ id }) => id);

describe('HM-DEL-1: a request', () => {
  it('goes with its body once it is older than its workspace keeps it, and not before', async () => {
    await keep(30);
    await store('beyond', 30 * DAY + MINUTE);
    await store('within', 30 * DAY - MINUTE);
    expect(await run()).toMatchObject({ expiredRows: 1 });
    expect(await stored('requests')).toEqual(['within']);
    expect(await stored('request_bodies')).toEqual(['within']);
  });

  it('stays where another workspace would not keep it', async () => {
    const other = await newTenant(api);
    await keep(7);
    await keep(90, other);
    for (const workspace of [tenant, other]) await store('a-month-old', 30 * DAY, workspace);
    await run();
    expect(await stored('requests')).toEqual([]);
    expect(await stored('requests', other)).toEqual(['a-month-old']);
  });

  it('of a device that was disconnected stays for the window', async () => {
    await furnish(api, support, tenant);
    const before = await rowsByTable(postgres, database, tenant);
    await write("UPDATE halton.devices SET revoked_at = now(), revoked_by = 'user'");
    await run();
    expect(await rowsByTable(postgres, database, tenant)).toEqual(before);
    expect(await write('SELECT FROM halton.requests r JOIN halton.devices d USING (workspace_id, device_id) WHERE d.revoked_at IS NOT NULL')).toBe(3);
  });

  it('of an archived project stays for the window', async () => {
    await furnish(api, support, tenant);
    await write('UPDATE halton.projects SET archived_at = now()');
    await run();
    expect(await write('SELECT FROM halton.requests r JOIN halton.projects p USING (workspace_id, project_id) WHERE p.archived_at IS NOT NULL')).toBe(3);
  });

  it('leaves the record of who looked at it', async () => {
    await furnish(api, support, tenant);
    await keep(1);
    await postgres.asSuperuser("UPDATE halton.requests SET occurred_at = now() - interval '2 days' WHERE workspace_id = $1", [tenant.workspaceId], database);
    await run();
    expect(await stored('requests')).toEqual([]);
    expect(await write('SELECT FROM halton.prompt_views')).toBe(1);
  });

  it('goes with its window also while a deletion is awaited', async () => {
    await keep(1);
    await store('beyond', 2 * DAY);
    await requestDeletion(api, tenant);
    await run();
    expect(await stored('requests')).toEqual([]);
  });

  it('goes in batches where there are many', async () => {
    await keep(1);
    await inTransaction(api, bindingOf(tenant), (client) => insertRequests(client, tenant, Array.from({ length: 4_500 }, (_, index) => `many-${index}`), new Date(Date.now() - 2 * DAY)));
    expect(await run()).toMatchObject({ expiredRows: 4_500 });
  });
});

describe('HM-DEL-1: the window', () => {
  it.each([0, -1, 3651])('cannot be %d days', async (days) => {
    await expect(keep(days)).rejects.toMatchObject({ code: '23514' });
  });
});

describe('an idempotency key', () => {
  it('goes after a day', async () => {
    for (const key of ['yesterday', 'today']) {
      await write("INSERT INTO halton.idempotency_keys (workspace_id, idempotency_key, request_hash, status, response) VALUES ($1, $2, sha256('x'), 200, '{}')", [tenant.workspaceId, key]);
    }
    await postgres.asSuperuser("UPDATE halton.idempotency_keys SET created_at = now() - interval '24 hours' WHERE idempotency_key = 'yesterday'", [], database);
    expect(await run()).toMatchObject({ expiredRows: 1 });
    expect(await write("SELECT FROM halton.idempotency_keys WHERE idempotency_key = 'today'")).toBe(1);
    expect(await write("SELECT FROM halton.idempotency_keys WHERE idempotency_key = 'yesterday'")).toBe(0);
  });
});
