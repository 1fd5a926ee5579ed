import type { Pool } from 'pg';
import { appendAudit } from '../db/audit/append.ts';
import type { Anchor } from '../db/audit/verify-chain.ts';
import { inTransaction } from '../db/transaction.ts';
import { verdictsOf } from '../test/support/audit.ts';
import { killPostgres, untilAnswering } from '../test/support/kill-postgres.ts';
import { TestPostgres } from '../test/support/postgres.ts';
import { bindingOf, insertRequests, poolAs } from '../test/support/tenants.ts';
import type { Tenant } from '../test/support/tenants.ts';
import { newTenants } from '../test/support/writers.ts';
import type { Log, Proof } from './proof.ts';

const WRITERS = 8;
const WORKSPACES = 20;
const KILLS = 5;
/** Milliseconds of writing before each kill, which so comes at any point of a transaction. */
const [SHORTEST, LONGEST] = [500, 2000];

/** What RDS has, whose storage is there after a crash. */
const DURABLE = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };
/** Commits are acknowledged before they are written: of these a crash loses some, or the proof would see nothing. */
const FORGETFUL = { ...DURABLE, synchronous_commit: 'off', wal_writer_delay: '10s' };

/** A transaction whose commit was answered. */
interface Acknowledged {
  readonly tenant: Tenant;
  readonly requestId: string;
  readonly entry: Anchor;
}

/** What is acknowledged is stored. */
export const crash: Proof = {
  name: 'crash',
  proves: 'kill -9 of Postgres in the middle of writing loses no row that was acknowledged, and breaks no chain.',
  async run(log) {
    const control = await crashTest(FORGETFUL, 1, log);
    if (control.lost.length === 0 || control.faults.length === 0) return { outcome: 'failed', details: 'a server that acknowledges before it writes lost nothing either, so that this shows nothing' };
    const { lost, faults, acknowledged } = await crashTest(DURABLE, KILLS, log);
    if (lost.length + faults.length > 0) return { outcome: 'failed', details: [...lost, ...faults].join('\n') };
    return { outcome: 'proved', details: `${KILLS} kills, ${acknowledged} transactions acknowledged and found in ${WORKSPACES} chains that hold; a server that forgets lost ${control.lost.length} of ${control.acknowledged}, and ${control.faults.length} verdicts said so` };
  },
};

interface Found {
  readonly acknowledged: number;
  /** Transactions that were acknowledged, and of which something is not there. */
  readonly lost: readonly string[];
  /** Chains that do not hold against the last entry that was acknowledged. */
  readonly faults: readonly string[];
}

async function crashTest(settings: Readonly<Record<string, string>>, kills: number, log: Log): Promise<Found> {
  const postgres = await TestPostgres.start(settings);
  const database = await postgres.migrated();
  const pool = poolAs(postgres, database, 'halton_api_a', WRITERS);
  try {
    const tenants = await newTenants(pool, WORKSPACES);
    await postgres.asSuperuser('CHECKPOINT'); // the tenants are there to stay
    const acknowledged: Acknowledged[] = [];
    for (let kill = 1; kill <= kills; kill += 1) {
      await writeUntilKilled(pool, tenants, acknowledged, postgres, kill);
      await untilAnswering(postgres.superuser());
      log(`kill ${kill} of ${kills} with synchronous_commit ${settings['synchronous_commit']}: ${acknowledged.length} transactions acknowledged so far`);
    }
    return await look(pool, tenants, acknowledged);
  } finally {
    await pool.end();
    await postgres.stop();
  }
}

async function writeUntilKilled(pool: Pool, tenants: readonly Tenant[], acknowledged: Acknowledged[], postgres: TestPostgres, round: number): Promise<void> {
  const killing = new AbortController();
  const write = async (writer: number) => {
    for (let number = 1; !killing.signal.aborted; number += 1) {
      const tenant = tenants[Math.floor(Math.random() * tenants.length)];
      if (tenant === undefined) throw new Error('Expected a tenant.');
      const requestId = `${round}-${writer}-${number}`;
      const commit = inTransaction(pool, bindingOf(tenant), async (client) => {
        await insertRequests(client, tenant, [requestId]);
        return appendAudit(client, { actorKind: 'device', actor: `writer ${writer}`, action: 'usage.recorded', target: requestId });
      });
      const entry = await commit.catch((error: unknown) => {
        if (!killing.signal.aborted) throw error;
      });
      if (entry !== undefined) acknowledged.push({ tenant, requestId, entry });
    }
  };
  const writing = Array.from({ length: WRITERS }, (_, writer) => write(writer));
  await new Promise((resolve) => setTimeout(resolve, SHORTEST + Math.random() * (LONGEST - SHORTEST)));
  await killPostgres(postgres.superuser(), () => killing.abort());
  await Promise.all(writing);
}

async function look(pool: Pool, tenants: readonly Tenant[], acknowledged: readonly Acknowledged[]): Promise<Found> {
  const lost: string[] = [];
  const faults: string[] = [];
  for (const tenant of tenants) {
    const own = acknowledged.filter((one) => one.tenant === tenant);
    const { requests, entries } = await inTransaction(pool, bindingOf(tenant), async (client) => ({
      requests: new Set((await client.query<{ id: string }>('SELECT request_id AS id FROM halton.requests')).rows.map(({ id }) => id)),
      entries: new Set((await client.query<{ hash: string }>("SELECT encode(hash, 'hex') AS hash FROM halton.audit_log")).rows.map(({ hash }) => hash)),
    }));
    lost.push(...own.filter(({ requestId, entry }) => !requests.has(requestId) || !entries.has(entry.hash)).map(({ requestId }) => `${tenant.workspaceId}: ${requestId} was acknowledged and is not there`));
    const last = own.map(({ entry }) => entry).toSorted((a, b) => a.sequence - b.sequence).at(-1);
    const { sql, export: exported } = await verdictsOf(pool, tenant, last);
    faults.push(...[sql, exported].filter((verdict) => verdict.includes(',')).map((verdict) => `${tenant.workspaceId}: ${verdict}`));
  }
  return { acknowledged: acknowledged.length, lost, faults };
}
