import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { repurge } from '../../../api/src/jobs/repurge.ts';
import type { RepurgeSummary } from '../../../api/src/jobs/repurge.ts';
import { tombstoneHash } from '../../../api/src/jobs/tombstones.ts';
import type { TombstoneStore } from '../../../api/src/jobs/tombstones.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { furnish } from '../../support/furnish.ts';
import { cancelDeletion, GRACE_HOURS, HASTE, letHoursPass, requestDeletion, rowsByTable, runPurge, tablesWith, withClient } from '../../support/lifecycle.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { bindingOf, newTenant, poolAs } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';
import { MemoryTombstones } from '../../support/tombstones.ts';

let postgres: TestPostgres;
let store: MemoryTombstones;
const [beforeRequest, inGrace, broken, another] = ['copy_before_request', 'copy_in_grace', 'copy_that_broke', 'another_copy'];
let deleted: Tenant;
let cancelled: Tenant;
let untouched: Tenant;

beforeAll(async () => {
  postgres = await TestPostgres.start();
  const database = await postgres.migrated();
  const withPools = async (work: (api: Pool, support: Pool) => Promise<void>) => {
    const pools = [poolAs(postgres, database), poolAs(postgres, database, 'halton_support')] as const;
    await work(...pools);
    await Promise.all(pools.map((pool) => pool.end()));
  };
  await withPools(async (api, support) => {
    [deleted, cancelled, untouched] = [await newTenant(api), await newTenant(api), await newTenant(api)];
    for (const tenant of [deleted, cancelled, untouched]) await furnish(api, support, tenant);
    await requestDeletion(api, cancelled);
  });
  await copy(database, beforeRequest);
  await copy(database, broken);
  await copy(database, another);
  await withPools((api) => requestDeletion(api, deleted).then(() => undefined));
  await copy(database, inGrace);
  store = new MemoryTombstones();
  await withPools(async (api) => {
    await cancelDeletion(api, cancelled);
    await letHoursPass(postgres, database, deleted, GRACE_HOURS);
    await runPurge(postgres, database, store);
  });
  expect(store.kept).toMatchObject([{ workspaceHash: tombstoneHash(deleted.workspaceId) }]);
});
afterAll(() => postgres.stop());

/** A copy as of now; what was granted on the database itself does not come along. */
async function copy(database: string, name: string): Promise<void> {
  await postgres.asSuperuser(`CREATE DATABASE ${name} TEMPLATE ${database} OWNER ${postgres.master.user}`);
  await postgres.asSuperuser('UPDATE pg_database SET datacl = (SELECT datacl FROM pg_database WHERE datname = $1) WHERE datname = $2', [database, name]);
}

const rows = (database: string, tenant: Tenant) => rowsByTable(postgres, database, tenant);
const runRepurge = (database: string, from: TombstoneStore): Promise<RepurgeSummary> =>
  withClient(postgres, database, 'halton_migrator', (migrator) => withClient(postgres, database, 'halton_jobs', (jobs) => repurge(migrator, jobs, from, { pace: HASTE })));

describe('HM-DEL-5, HM-DEL-4: in a restored copy', () => {
  it.each([beforeRequest, inGrace])('a workspace that was purged since is purged again, and no other is: %s', async (database) => {
    const before = await Promise.all([rows(database, cancelled), rows(database, untouched)]);
    expect(tablesWith('no', await rows(database, deleted))).toEqual([]);
    expect(await runRepurge(database, store)).toMatchObject({ importedTombstones: 1, purgedWorkspaces: 1 });
    expect(tablesWith('some', await rows(database, deleted))).toEqual([]);
    expect(await Promise.all([rows(database, cancelled), rows(database, untouched)])).toEqual(before);
  });

  it('no tombstone is left that waits for its purge', async () => {
    await runRepurge(inGrace, store);
    const count = await withClient(postgres, inGrace, 'halton_migrator', async (client) => {
      await client.query('SET ROLE halton_owner');
      await client.query('SET ROLE halton_purger');
      return client.query<{ count: string }>('SELECT count(*) FROM halton.workspace_tombstones WHERE imported_at IS NOT NULL AND purged_at IS NULL');
    });
    expect(count.rows).toEqual([{ count: '0' }]);
  });

  it('doing so again finds nothing left to do', async () => {
    await runRepurge(inGrace, store);
    expect(await runRepurge(inGrace, store)).toMatchObject({ importedTombstones: 1, purgedWorkspaces: 0, purgedRows: 0 });
  });

  it('no tombstone is left that waits, also of a workspace that the copy never had', async () => {
    const more = new MemoryTombstones();
    for (const tombstone of [...store.kept, { workspaceHash: tombstoneHash(randomUUID()), requestedAt: new Date('2026-01-01'), begunAt: new Date('2026-02-01') }]) await more.put(tombstone);
    expect(await runRepurge(beforeRequest, more)).toMatchObject({ importedTombstones: 2, settledTombstones: 1 });
    expect(await postgres.asSuperuser('SELECT FROM halton.workspace_tombstones WHERE purged_at IS NULL', [], beforeRequest)).toEqual([]);
    expect(await runRepurge(beforeRequest, more)).toMatchObject({ settledTombstones: 0 });
    await postgres.asSuperuser('DELETE FROM halton.workspace_tombstones WHERE workspace_hash <> halton.tombstone_hash($1)', [deleted.workspaceId], beforeRequest);
  });

  it('the first tombstone stays as it is, and nothing is handed over again', async () => {
    await runRepurge(beforeRequest, store);
    const tombstones = await postgres.asSuperuser('SELECT requested_at, begun_at, imported_at IS NOT NULL AS imported, purged_at IS NOT NULL AS purged FROM halton.workspace_tombstones', [], beforeRequest);
    expect(tombstones).toEqual([{ requested_at: store.kept[0]?.requestedAt, begun_at: store.kept[0]?.begunAt, imported: true, purged: true }]);
  });

  it('a deletion that was cancelled since, and is overdue there, waits for whoever restores to cancel it again', async () => {
    await letHoursPass(postgres, inGrace, cancelled, GRACE_HOURS);
    await runRepurge(inGrace, store);
    expect(tablesWith('no', await rows(inGrace, cancelled))).toEqual([]);
    const api = poolAs(postgres, inGrace);
    await cancelDeletion(api, cancelled);
    await api.end();
    expect(await runPurge(postgres, inGrace, new MemoryTombstones())).toMatchObject({ purgedWorkspaces: 0 });
  });
});

describe('HM-DEL-5: purging a restored copy', () => {
  it('goes on after it broke off between the tombstones and the purge', async () => {
    const breaking: TombstoneStore = {
      put: (tombstone) => store.put(tombstone),
      async *list() {
        yield* store.list();
        throw new Error('the store is gone');
      },
    };
    await expect(runRepurge(broken, breaking)).rejects.toThrow('the store is gone');
    expect(tablesWith('no', await rows(broken, deleted))).toEqual([]);
    const api = poolAs(postgres, broken);
    const renaming = inTransaction(api, bindingOf(deleted), (client) => client.query("UPDATE halton.workspaces SET name = 'Back again'"));
    await expect(renaming).rejects.toMatchObject({ code: 'HM001' });
    await api.end();
    await runRepurge(broken, store);
    expect(tablesWith('some', await rows(broken, deleted))).toEqual([]);
  });

  it.each(['zz', 'ab'])('works the others off where a tombstone cannot be read, and says so: %s', async (workspaceHash) => {
    const more = new MemoryTombstones();
    for (const tombstone of [{ workspaceHash, requestedAt: new Date('2026-01-01'), begunAt: new Date('2026-02-01') }, ...store.kept]) await more.put(tombstone);
    await expect(runRepurge(another, more)).rejects.toMatchObject({ code: 'PURGE_INCOMPLETE', message: expect.stringMatching(/^Got 1 tombstones that the database refused \((22023|23514)\)/) as string });
    expect(tablesWith('some', await rows(another, deleted))).toEqual([]);
  });

  it('is refused while another purge is at work there', async () => {
    await withClient(postgres, broken, 'halton_jobs', async (other) => {
      await other.query("SELECT pg_advisory_lock(hashtextextended('halton.purge', 0))");
      await expect(runRepurge(broken, store)).rejects.toMatchObject({ code: 'PURGE_INCOMPLETE', message: expect.stringMatching(/^Got another run/) as string });
    });
  });
});

describe('bringing a tombstone back', () => {
  const hash = () => tombstoneHash(randomUUID());
  const bringBack = (login: Parameters<typeof withClient>[2], requested: string, begun: string) =>
    withClient(postgres, inGrace, login, (client) => client.query(`SELECT halton.import_tombstone(decode($1, 'hex'), now() - $2::interval, now() - $3::interval)`, [hash(), requested, begun]));

  it.each(['halton_api_a', 'halton_api_b', 'halton_jobs', 'halton_support', 'halton_analytics'] as const)('is not for %s', async (login) => {
    await expect(bringBack(login, '31 days', '1 hour')).rejects.toMatchObject({ code: '42501' });
  });

  it('is refused where it is from the future, or too soon after its request', async () => {
    await bringBack('halton_migrator', '31 days', '1 hour');
    await expect(bringBack('halton_migrator', '31 days', '-1 hour')).rejects.toMatchObject({ code: 'HM007' });
    await expect(bringBack('halton_migrator', '29 days', '1 hour')).rejects.toMatchObject({ code: '23514' });
  });

  it('deletes nothing by itself', async () => {
    await withClient(postgres, inGrace, 'halton_migrator', async (client) => {
      await expect(client.query('SELECT halton.purge_batch($1, 1)', [untouched.workspaceId])).rejects.toMatchObject({ code: '42501' });
    });
  });
});

describe('a tombstone', () => {
  it('is recognised by the same hash in the service as in the database', async () => {
    const id = randomUUID();
    const [row] = await postgres.asSuperuser<{ hash: string }>("SELECT encode(halton.tombstone_hash($1), 'hex') AS hash", [id], inGrace);
    expect(row?.hash).toBe(tombstoneHash(id));
  });
});
