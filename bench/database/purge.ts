import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { purge } from '../../api/src/jobs/purge.ts';
import type { TombstoneStore } from '../../api/src/jobs/tombstones.ts';
import { inTransaction } from '../../db/transaction.ts';
import { runLoad, runLoadUntil } from '../load.ts';
import type { Load } from '../load.ts';
import { median, quantile, ROUNDS } from '../rounds.ts';
import type { Row } from '../row.ts';
import { rawBatch } from './batch.ts';
import { fillWorkspaces, makeDue, makeWorkspaces } from './layout.ts';
import { insertBatch } from './requests.ts';
import type { BenchDatabase } from './server.ts';

/** What the other tenants send meanwhile: a few at once, so that they wait for the purge and not for each other. */
const TENANTS = 2;
const BATCH = 10;
/** Rows that the job deletes in a transaction of its own. */
const PURGE_BATCH = 2_000;

/** Where the tombstones are kept is not what is measured. */
const NOWHERE: TombstoneStore = { put: () => Promise.resolve(), async *list() {} };

/** Opens and shuts between two batches. */
class Gate {
  #open = Promise.withResolvers<void>();
  /** Batches since the purge began. */
  passed = 0;

  async pass(): Promise<void> {
    this.passed += 1;
    await this.#open.promise;
  }

  open(): void {
    this.#open.resolve();
  }

  shut(): void {
    this.#open = Promise.withResolvers();
  }
}

/** What the purge of a large workspace does to the latency of others, in rounds with and without it, and how long it takes. */
export async function purgeRows({ superuser, api, jobs }: BenchDatabase, workspaces: readonly string[], rows: number, seconds: number): Promise<readonly Row[]> {
  const [doomed = ''] = await makeWorkspaces(superuser, 1);
  await fillWorkspaces(superuser, [doomed], rows);
  await makeDue(superuser, doomed);
  const store = otherTenant(api, workspaces);
  await runLoad({ clients: TENANTS, seconds }, store); // plans and caches are there in either case

  const gate = new Gate();
  const stored = rawBatch(api, workspaces, seconds);
  const client = await jobs.connect();
  const rounds: Round[] = [];
  let purging: Promise<unknown> = Promise.resolve();
  let over = false;
  for (let round = 0; round < ROUNDS; round += 1) {
    const storedRows = await stored();
    const before = await runLoad({ clients: TENANTS, seconds }, store);
    const [begun, from] = [performance.now(), gate.passed];
    const until = Math.ceil((rows / PURGE_BATCH) * ((round + 1) / ROUNDS));
    gate.open();
    if (round === 0) {
      purging = purge(client, NOWHERE, {
        includes: (id) => id === doomed,
        pace: { batch: PURGE_BATCH, pause: async (milliseconds) => { await sleep(milliseconds); await gate.pass(); } },
      }).finally(() => { over = true; });
    }
    const during = await runLoadUntil(TENANTS, () => over || gate.passed >= until, store);
    gate.shut();
    const purgedRows = ((gate.passed - from) * PURGE_BATCH) / ((performance.now() - begun) / 1000);
    rounds.push({ before: p99(before), during: p99(during), storedRows, purgedRows });
  }
  gate.open();
  await purging;
  client.release();
  const of = (value: (round: Round) => number) => median(rounds.map(value));
  return [
    {
      name: `p99 of other tenants while ${rows.toLocaleString('en')} rows are purged`, unit: 'ms', referenceIs: 'before', target: { atMost: 3 },
      measured: of(({ during }) => during), reference: of(({ before }) => before), ratio: of(({ during, before }) => during / before),
    },
    {
      name: 'the purge, with its pauses', unit: 'rows/s', referenceIs: 'raw batch',
      measured: of(({ purgedRows }) => purgedRows), reference: of(({ storedRows }) => storedRows), ratio: of(({ purgedRows, storedRows }) => purgedRows / storedRows),
    },
  ];
}

/** Milliseconds, and rows a second. */
interface Round { readonly before: number; readonly during: number; readonly storedRows: number; readonly purgedRows: number }

const p99 = ({ latencies }: Load): number => quantile(latencies, 0.99);

function otherTenant(api: Pool, workspaces: readonly string[]): () => Promise<void> {
  let next = 0;
  return () => {
    const workspaceId = workspaces[(next += 1) % workspaces.length] ?? '';
    return inTransaction(api, { workspaceId }, (client) => insertBatch(client, 'halton.requests', workspaceId, BATCH));
  };
}
