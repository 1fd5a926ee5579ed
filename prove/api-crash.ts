import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { ApiProcess } from '../test/support/api-process.ts';
import { verdictsOf } from '../test/support/audit.ts';
import { killPostgres, untilAnswering } from '../test/support/kill-postgres.ts';
import { PASSWORDS, TestPostgres } from '../test/support/postgres.ts';
import { newTenant, poolAs, superuserPool } from '../test/support/tenants.ts';
import type { Tenant } from '../test/support/tenants.ts';
import { newKey } from '../test/support/usage.ts';
import { ingestUntil, ROWS } from './api-crash/ingest.ts';
import type { Sent, Target } from './api-crash/ingest.ts';
import type { Log, Proof, ProofResult } from './proof.ts';

const KILLS = 50;
const WRITERS = 4;
/** Milliseconds of writing before each kill, which so comes at any point of a request. */
const [SHORTEST, LONGEST] = [300, 1_500];

/** What RDS has, whose storage is there after a crash. */
const DURABLE = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' };
/** Commits are acknowledged before they are written: of these a crash loses some, or the proof would see nothing. */
const FORGETFUL = { ...DURABLE, synchronous_commit: 'off', wal_writer_delay: '10s' };

/** What is acknowledged over HTTP is stored, once. */
export const apiCrash: Proof = {
  name: 'api-crash',
  proves: `kill -9 of the API and of Postgres, in turn and ${KILLS} times, loses no row of a batch that was acknowledged, doubles none that was sent again, and breaks no chain.`,
  async run(log) {
    const control = await crashApi(FORGETFUL, ['postgres'], log);
    if (control.trouble.length === 0) return { outcome: 'failed', details: 'a server that acknowledges before it writes lost nothing either, so that this shows nothing' };
    return resultOf(await crashApi(DURABLE, victims(KILLS), log), `a server that forgets lost some of ${control.rows}`);
  },
};

export type Victim = 'api' | 'postgres';

/** So many, in turn. */
export function victims(count: number): readonly Victim[] {
  return Array.from({ length: count }, (_, kill) => (kill % 2 === 0 ? 'api' : 'postgres'));
}

/** What was found after the kills. */
export interface Crashed {
  readonly kills: number;
  /** Acknowledged. */
  readonly rows: number;
  readonly resent: number;
  readonly repeated: number;
  readonly trouble: readonly string[];
}

export function resultOf({ kills, rows, resent, repeated, trouble }: Crashed, control: string): ProofResult {
  if (trouble.length > 0) return { outcome: 'failed', details: trouble.join('\n') };
  return { outcome: 'proved', details: `${kills} kills, ${rows} rows acknowledged in batches of ${ROWS} and there once; ${resent} batches were sent again, of which ${repeated} had been stored; the chain holds and tells of as many rows; ${control}` };
}

/** Kills one after the other during a load. */
export async function crashApi(settings: Readonly<Record<string, string>>, kills: readonly Victim[], log: Log): Promise<Crashed> {
  const postgres = await TestPostgres.start(settings);
  const database = await postgres.migrated();
  const [pool, superuser] = [poolAs(postgres, database), superuserPool(postgres, database)];
  const api = await ApiProcess.prepare({ port: postgres.port, database, passwords: PASSWORDS });
  try {
    const tenant = await newTenant(pool);
    const { call } = await newKey({ superuser }, tenant);
    await superuser.query('CHECKPOINT'); // the workspace and its key are there to stay
    await api.start();
    const target = { url: api.url, workspaceId: tenant.workspaceId, token: call.as ?? '', userId: tenant.ownerId };
    const sent: Sent = { requestIds: [], resent: 0, repeated: 0 };
    for (const [index, victim] of kills.entries()) {
      await loadAndKill(target, `${index}`, sent, () => (victim === 'api' ? killApi(api) : killDatabase(postgres, api)));
      log(`kill ${index + 1} of ${kills.length} (${victim}) with synchronous_commit ${settings['synchronous_commit']}: ${sent.requestIds.length} rows acknowledged so far`);
    }
    return { kills: kills.length, rows: sent.requestIds.length, resent: sent.resent, repeated: sent.repeated, trouble: await troubleWith(pool, superuser, tenant, sent) };
  } finally {
    await api.stop();
    await Promise.all([pool.end(), superuser.end()]);
    await postgres.stop();
  }
}

/** The writers go on until all that they have begun is acknowledged, which takes the service to be back. */
async function loadAndKill(target: Target, round: string, sent: Sent, kill: () => Promise<void>): Promise<void> {
  let over = false;
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => ingestUntil(target, `${round}-${writer}`, () => over, sent)));
  await Promise.race([sleep(SHORTEST + Math.random() * (LONGEST - SHORTEST)), writing]);
  await kill();
  over = true;
  await writing;
}

async function killApi(api: ApiProcess): Promise<void> {
  await api.kill();
  await api.start();
}

/** The API is to bear it: it is neither started again nor told. */
async function killDatabase(postgres: TestPostgres, api: ApiProcess): Promise<void> {
  const { pid } = api;
  await killPostgres(postgres.superuser());
  await untilAnswering(postgres.superuser());
  if (pid === undefined || api.pid !== pid) throw new Error('Got another process of the API, expected the one that ran before its database was killed.');
}

/** What is not as it was acknowledged: rows, how often they are there, and what the audit log tells of them. */
async function troubleWith(pool: Pool, superuser: Pool, tenant: Tenant, { requestIds }: Sent): Promise<readonly string[]> {
  const { rows } = await superuser.query<{ id: string; times: number }>('SELECT request_id AS id, count(*)::integer AS times FROM halton.requests WHERE workspace_id = $1 GROUP BY request_id', [tenant.workspaceId]);
  const found = new Map(rows.map(({ id, times }) => [id, times]));
  const lost = requestIds.filter((id) => !found.has(id));
  const more = rows.filter(({ times }) => times !== 1);
  const { rows: [told] } = await superuser.query<{ stored: string | null }>("SELECT sum((details::jsonb->>'stored')::bigint) AS stored FROM halton.audit_log WHERE workspace_id = $1 AND action = 'usage.recorded'", [tenant.workspaceId]);
  const verdicts = await verdictsOf(pool, tenant);
  return [
    ...(lost.length > 0 ? [`${lost.length} of ${requestIds.length} rows that were acknowledged are not there, as ${lost[0]}`] : []),
    ...more.map(({ id, times }) => `${id} is there ${times} times`),
    ...(found.size > requestIds.length ? [`${found.size} rows are there, and ${requestIds.length} were sent`] : []),
    ...(Number(told?.stored ?? 0) === found.size ? [] : [`the audit log tells of ${told?.stored} rows, and ${found.size} are there`]),
    ...[verdicts.sql, verdicts.export].filter((verdict) => verdict.includes(',')).map((verdict) => `the chain: ${verdict}`),
  ];
}
