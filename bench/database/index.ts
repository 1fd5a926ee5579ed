import type { Row } from '../row.ts';
import { batchRow, rawBatch } from './batch.ts';
import { growthRow } from './growth.ts';
import { isolationRow } from './isolation.ts';
import { copyWithoutPolicies, fillWorkspaces, makeWorkspaces } from './layout.ts';
import { purgeRows } from './purge.ts';
import { startBenchServer } from './server.ts';
import { verificationRows } from './verification.ts';

/** How much of everything there is. */
interface Size {
  readonly tenants: number;
  readonly purgedRows: number;
  readonly auditEntries: number;
  /** Of one measurement. */
  readonly seconds: number;
}

const FULL: Size = { tenants: 10_000, purgedRows: 1_000_000, auditEntries: 100_000, seconds: 3 };
const QUICK: Size = { tenants: 10_000, purgedRows: 100_000, auditEntries: 10_000, seconds: 1 };

/** Rows of one workspace before anything is measured. */
const FILLED = 50;
/** Workspaces that a batch goes to in turn. */
const BUSY = 1_000;

/** What was measured, and on which Postgres. */
export interface DatabaseBench {
  readonly postgres: string;
  readonly rows: readonly Row[];
}

/**
 * Measures what the database promises.
 *
 * @param quick with a tenth of the rows
 */
export async function benchDatabase(quick: boolean, progress: (line: string) => void): Promise<DatabaseBench> {
  const { tenants, purgedRows, auditEntries, seconds } = quick ? QUICK : FULL;
  progress('Starting Postgres');
  const server = await startBenchServer();
  try {
    const { superuser, api } = server.large;
    progress(`Making ${tenants.toLocaleString('en')} workspaces`);
    const workspaces = await makeWorkspaces(superuser, tenants);
    await fillWorkspaces(superuser, workspaces, FILLED);
    await copyWithoutPolicies(superuser);
    const busy = workspaces.slice(0, BUSY);
    const rows: Row[] = [];
    const add = (...more: readonly Row[]) => {
      for (const row of more) progress(`${row.name}: ${row.ratio.toFixed(2)}`);
      rows.push(...more);
    };
    add(await isolationRow(api, busy, seconds));
    add(await batchRow(api, busy, seconds, 0.65));
    add(await batchRow(api, busy.slice(0, 1), seconds, 0.4));
    add(...(await verificationRows(api, workspaces[BUSY] ?? '', auditEntries, rawBatch(api, busy, seconds))));
    // Those that nothing was added to: each has as many rows as the one that is alone.
    add(await growthRow(server, tenants, workspaces.slice(BUSY + 1), seconds));
    progress(`Purging ${purgedRows.toLocaleString('en')} rows`);
    add(...(await purgeRows(server.large, busy, purgedRows, seconds)));
    return { postgres: server.version, rows };
  } finally {
    await server.stop();
  }
}
