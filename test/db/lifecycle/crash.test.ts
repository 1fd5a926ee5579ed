import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { purge } from '../../../api/src/jobs/purge.ts';
import { tombstoneHash } from '../../../api/src/jobs/tombstones.ts';
import type { Tombstone } from '../../../api/src/jobs/tombstones.ts';
import { errorCode } from '../../../db/errors.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { furnish, recordView } from '../../support/furnish.ts';
import { cancelDeletion, makeDue, rowsByTable, runPurge, tablesWith, withClient } from '../../support/lifecycle.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { appendAudit, bindingOf, insertRequests, newTenant, poolAs } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';
import { MemoryTombstones } from '../../support/tombstones.ts';

let postgres: TestPostgres;
let database: string;
let api: Pool;
let support: Pool;
let jobs: Pool;
let tenant: Tenant;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  [api, support, jobs] = [poolAs(postgres, database), poolAs(postgres, database, 'halton_support'), poolAs(postgres, database, 'halton_jobs')];
});
afterAll(async () => {
  await Promise.all([api.end(), support.end(), jobs.end()]);
  await postgres.stop();
});
beforeEach(async () => {
  tenant = await newDueTenant();
});
afterEach(async () => {
  await runPurge(postgres, database, new MemoryTombstones());
});

async function newDueTenant(): Promise<Tenant> {
  const made = await newTenant(api);
  await furnish(api, support, made);
  await makeDue(postgres, database, api, made);
  return made;
}
const rows = (of = tenant) => rowsByTable(postgres, database, of);
const run = (store: MemoryTombstones) => runPurge(postgres, database, store);
const waitsForLock = "SELECT FROM pg_stat_activity WHERE usename = 'halton_jobs' AND wait_event_type = 'Lock'";

/** Fails as a store outside fails: before it stored anything, or after, so that nobody heard of it. */
class FailingTombstones extends MemoryTombstones {
  readonly #stores: 'before' | 'after';
  readonly #only: string | undefined;

  constructor(fails: 'before' | 'after', only?: string) {
    super();
    this.#stores = fails;
    this.#only = only;
  }

  override async put(tombstone: Tombstone): Promise<void> {
    const fails = this.#only === undefined || this.#only === tombstone.workspaceHash;
    if (!fails || this.#stores === 'after') await super.put(tombstone);
    if (fails) throw Object.assign(new Error(`no way to ${tenant.workspaceId}`), { code: 'ECONNRESET' });
  }
}

describe('HM-DEL-3: a purge that did not come to its end', () => {
  it.each(['before', 'after'] as const)('has deleted nothing where the store outside failed, %s it stored the tombstone, and the next run goes on with the same', async (when) => {
    const before = await rows();
    const failing = new FailingTombstones(when);
    await expect(run(failing)).rejects.toMatchObject({ code: 'PURGE_INCOMPLETE', message: expect.stringMatching(/^Got 1 failures \(ECONNRESET\) in \d+ steps/) as string });
    expect(await rows()).toEqual(before);
    const store = new MemoryTombstones();
    await run(store);
    expect(tablesWith('some', await rows())).toEqual([]);
    expect(store.kept).toMatchObject([{ workspaceHash: tombstoneHash(tenant.workspaceId) }]);
    expect(failing.kept).toEqual(when === 'after' ? store.kept : []);
  });

  it('says so without naming whom', async () => {
    const failed = await run(new FailingTombstones('before')).catch(String);
    expect(failed).toMatch(/^DatabaseError: Got 1 failures/);
    expect(failed).not.toContain(tenant.workspaceId);
  });

  it('goes on after its connection was cut off, whichever batch it was at', async () => {
    const store = new MemoryTombstones();
    const cutOffAfterABatch = () =>
      withClient(postgres, database, 'halton_jobs', async (client) => {
        const { rows: [session] } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        const cutOff = () => postgres.asSuperuser('SELECT pg_terminate_backend($1)', [session?.pid]);
        return purge(client, store, { pace: { batch: 3, pause: cutOff } });
      });
    let runs = 0;
    while (tablesWith('some', await rows()).length > 0) {
      const outcome = await cutOffAfterABatch().then(() => 'done', errorCode);
      runs += 1;
      expect(runs).toBeLessThan(30);
      expect(['done', 'PURGE_INCOMPLETE', 'ECONNRESET', 'unknown']).toContain(outcome); // a lost connection has no code
    }
    expect(runs).toBeGreaterThan(5);
    expect(store.kept).toHaveLength(1);
  });

  it('holds up no other workspace', async () => {
    const other = await newDueTenant();
    await expect(run(new FailingTombstones('before', tombstoneHash(tenant.workspaceId)))).rejects.toMatchObject({ code: 'PURGE_INCOMPLETE' });
    expect(tablesWith('some', await rows(other))).toEqual([]);
    expect(tablesWith('no', await rows())).toEqual([]);
  });
});

describe('two purges at once', () => {
  it('are one: the other leaves it to the first, and a later one is free to run', async () => {
    const second: unknown[] = [];
    class Slow extends MemoryTombstones {
      override async put(tombstone: Tombstone): Promise<void> {
        second.push(await run(new MemoryTombstones()));
        await super.put(tombstone);
      }
    }
    expect(await run(new Slow())).toMatchObject({ otherRun: false, purgedWorkspaces: 1 });
    expect(second).toEqual([{ otherRun: true, purgedWorkspaces: 0, purgedRows: 0, expiredRows: 0 }]);
    expect(await run(new MemoryTombstones())).toMatchObject({ otherRun: false });
  });

  it('take turns in the database even where nobody keeps them apart', async () => {
    const many = await newTenant(api);
    await inTransaction(api, bindingOf(many), (client) => insertRequests(client, many, Array.from({ length: 300 }, (_, index) => `many-${index}`)));
    await makeDue(postgres, database, api, many);
    await jobs.query('SELECT halton.begin_purge($1)', [many.workspaceId]);
    await jobs.query('SELECT halton.tombstone_handed_over($1)', [many.workspaceId]);
    const emptied = async () => {
      for (let deleted = 1; deleted > 0; ) {
        deleted = Number((await jobs.query<{ deleted: string }>('SELECT halton.purge_batch($1, 20) AS deleted', [many.workspaceId])).rows[0]?.deleted);
      }
      return 'emptied';
    };
    expect(await Promise.all([emptied(), emptied(), emptied()])).toEqual(['emptied', 'emptied', 'emptied']);
    expect(tablesWith('some', await rows(many))).toEqual([]);
  });
});

describe('HM-DEL-2: a cancellation', () => {
  it('that is under way when the purge begins stands, and nothing goes', async () => {
    const before = await rows();
    let running: Promise<unknown> = Promise.resolve();
    await inTransaction(api, bindingOf(tenant), async (client) => {
      await client.query('UPDATE halton.workspaces SET deletion_requested_at = NULL, deletion_requested_by = NULL');
      running = run(new MemoryTombstones());
      while ((await postgres.asSuperuser(waitsForLock)).length === 0) await sleep(5);
    });
    expect(await running).toMatchObject({ purgedWorkspaces: 0, purgedRows: 0 });
    expect(await rows()).toEqual(before);
  });

  it('comes too late once the tombstone stands: some of the workspace may be gone', async () => {
    await expect(run(new FailingTombstones('before'))).rejects.toMatchObject({ code: 'PURGE_INCOMPLETE' });
    await expect(cancelDeletion(api, tenant)).rejects.toMatchObject({ code: 'HM001', message: 'the purge of the workspace has begun' });
  });
});

describe('what is written while the purge is at work', () => {
  it('goes with the rest', async () => {
    const outcomes: string[] = [];
    const append = () => inTransaction(api, bindingOf(tenant), (client) => appendAudit(client, tenant.ownerId, 'export.requests', tenant.workspaceId));
    const write = async () => outcomes.push(await append().then(() => 'written', errorCode));
    await withClient(postgres, database, 'halton_jobs', (client) => purge(client, new MemoryTombstones(), { pace: { batch: 5, pause: write } }));
    expect(outcomes.slice(0, 3)).toEqual(['written', 'written', 'written']);
    expect(outcomes.at(-1)).toBe('23503'); // the workspace is gone
    expect(tablesWith('some', await rows())).toEqual([]);
  });

  it.each(['commits', 'goes on to the audit log, which the purge holds'])('goes too where the last batch waits for it, and it %s', async (then) => {
    let running: Promise<unknown> = Promise.resolve();
    const viewing = inTransaction(api, bindingOf(tenant), async (client) => {
      await recordView(client, tenant);
      running = run(new MemoryTombstones());
      while ((await postgres.asSuperuser(waitsForLock)).length === 0) await sleep(5);
      if (then !== 'commits') await appendAudit(client, tenant.ownerId, 'prompt.viewed', 'furnished-1'); // a deadlock, which fails one of the two
    });
    await viewing.catch((error: unknown) => expect(errorCode(error)).toBe('40P01'));
    expect(await running).toMatchObject({ purgedWorkspaces: 1 });
    expect(tablesWith('some', await rows())).toEqual([]);
  });

  it('never keeps the purge from its end', async () => {
    const writing = new AbortController();
    const write = async () => {
      while (!writing.signal.aborted) {
        await inTransaction(api, bindingOf(tenant), (client) => appendAudit(client, tenant.ownerId, 'export.requests', tenant.workspaceId)).catch(() => writing.abort());
      }
    };
    await Promise.all([write(), write(), write(), run(new MemoryTombstones())]);
    expect(tablesWith('some', await rows())).toEqual([]);
  });
});
