import { ApiProcess } from '../../test/support/api-process.ts';
import { copyWithoutPolicies } from '../database/layout.ts';
import { startBenchServer } from '../database/server.ts';
import type { Row } from '../row.ts';
import { BATCHES, ingestOver, ingestRow, insertInto } from './ingest.ts';
import { BATCH, latencyRows } from './latency.ts';
import { makeLargeWorkspace, makeSenders } from './layout.ts';
import { peakRows, restRows, startRow } from './process.ts';
import { exportRow, reportRows } from './reads.ts';
import { Client } from './send.ts';

/** How much of everything there is. */
interface Size {
  /** Workspaces that send. */
  readonly senders: number;
  /** Of the export and the reports. */
  readonly rows: number;
  /** Of one measurement. */
  readonly seconds: number;
}

const FULL: Size = { senders: 50, rows: 1_000_000, seconds: 3 };
const QUICK: Size = { senders: 20, rows: 100_000, seconds: 1 };

/** Seconds for which a token is good: a bench takes minutes. */
const LIFETIME = 3_600;

/** What was measured, and on which Postgres. */
export interface ApiBench {
  readonly postgres: string;
  readonly rows: readonly Row[];
}

/**
 * Measures the service, which runs as a process of its own.
 *
 * @param quick with a tenth of the rows
 */
export function benchApi(quick: boolean, progress: (line: string) => void): Promise<ApiBench> {
  return measureApi(quick ? QUICK : FULL, progress);
}

/** Measures it with so much of everything. */
export async function measureApi({ senders: count, rows: exported, seconds }: Size, progress: (line: string) => void): Promise<ApiBench> {
  progress('Starting Postgres and the service');
  const server = await startBenchServer();
  const api = await ApiProcess.prepare({ port: server.port, database: 'large', passwords: server.passwords });
  const client = new Client(api.url);
  try {
    const { superuser, api: pool } = server.large;
    const senders = await makeSenders(superuser, count);
    await copyWithoutPolicies(superuser);
    await api.start();
    const rows: Row[] = [];
    const add = (...more: readonly Row[]) => {
      for (const row of more) progress(`${row.name}: ${row.ratio.toFixed(2)}`);
      rows.push(...more);
    };
    const [http, plain] = [ingestOver(client, senders), insertInto(pool, senders)];
    for (let key = 0; key < count; key += 1) await http(1); // each key is compared once
    for (const batch of BATCHES) add(await ingestRow(http, plain, batch, seconds));
    const most = (rows.find(({ name }) => name.includes(` ${BATCH} `))?.measured ?? 0) / BATCH;
    add(...(await latencyRows(http, plain, most, seconds)));
    progress(`Making a workspace of ${exported.toLocaleString('en')} rows`);
    const large = await makeLargeWorkspace(superuser, exported);
    const token = await api.issuer.token(large.ownerId, { exp: Math.floor(Date.now() / 1000) + LIFETIME });
    // What was measured so far is not in the memory of the process that starts here.
    add(await startRow(api), ...(await restRows(api)));
    add(await exportRow(client, pool, large, token, exported), ...peakRows(api));
    add(...(await reportRows(client, pool, large, token)));
    return { postgres: server.version, rows };
  } finally {
    client.end();
    await api.stop();
    await server.stop();
  }
}
