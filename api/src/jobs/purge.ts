import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { DatabaseError, errorCode } from '../../../db/errors.ts';
import type { TombstoneStore } from './tombstones.ts';

/**
 * Rows a transaction: what two cores delete in well under a tenth of a second, during which an entry of the workspace's own
 * audit log waits. Fewer would be found and committed for more than they cost.
 */
const BATCH = 1_000;

/** Ends with the session, so that a run that crashed is in nobody's way. */
const TURN = "hashtextextended('halton.purge', 0)";

/**
 * Whether another session of this login has the turn. Any login can take the lock, and must not keep the purge from running
 * by that; the locks on the rows keep apart what such a one lets run at once.
 */
const OTHER_RUN = `EXISTS (
  SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (l.classid::bigint << 32 | l.objid::bigint) = ${TURN} AND l.pid <> pg_backend_pid() AND a.usename = current_user)`;

const NOT_DUE = 'HM005';

/** A deadlock with a transaction under way, and a row that it added: both have passed by the next attempt. */
const PASSING = new Set(['40P01', '23503']);
/** More than one in a row is rare already, since the last batch alone can meet them. */
const ATTEMPTS = 5;

/** What a run did, in numbers that name nobody. */
export interface PurgeSummary {
  /** Whether another run, of the same login, was at work, so that this one left it to that. */
  readonly otherRun: boolean;
  readonly purgedWorkspaces: number;
  readonly purgedRows: number;
  /** Requests beyond their workspace's window, and idempotency keys older than a day. */
  readonly expiredRows: number;
}

/** How fast to purge. */
export interface Pace {
  /** Rows a transaction. */
  readonly batch: number;
  /** Waits so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** How to purge; a test says otherwise. */
export interface PurgeOptions {
  /** Which of the due workspaces are purged. @default all */
  readonly includes?: (workspaceId: string) => boolean;
  /** @default 1000 rows, and real time */
  readonly pace?: Pace;
}

/**
 * Purges the workspaces that are due, each once its tombstone is stored outside, then what is older than each workspace
 * keeps it.
 *
 * Every step commits by itself, so that a run goes on where one before it ended. A workspace that fails keeps the others
 * waiting no longer than that takes.
 *
 * @param client logged in as halton_jobs, with no transaction open
 * @throws DatabaseError `PURGE_INCOMPLETE` once everything was tried
 */
export async function purge(client: ClientBase, store: TombstoneStore, { includes = () => true, pace = { batch: BATCH, pause: sleep } }: PurgeOptions = {}): Promise<PurgeSummary> {
  const { rows } = await client.query<{ other_run: boolean }>(`SELECT NOT pg_try_advisory_lock(${TURN}) AND ${OTHER_RUN} AS other_run`);
  if (rows[0]?.other_run !== false) return { otherRun: true, purgedWorkspaces: 0, purgedRows: 0, expiredRows: 0 };
  try {
    const due = (await idsFrom(client, 'halton.due_workspaces()')).filter(includes);
    const purged = await each(due, (workspaceId) => purgeWorkspace(client, store, workspaceId, pace));
    const ids = await idsFrom(client, 'halton.workspace_ids() AS workspace_id');
    const expired = await each(ids, (workspaceId) => emptied(client, 'halton.expire_requests', workspaceId, pace));
    demandAll([...purged, ...expired]);
    await demandNoneStuck(client);
    const counts = numbersOf(purged);
    return { otherRun: false, purgedWorkspaces: counts.length, purgedRows: sum(counts), expiredRows: sum(numbersOf(expired)) };
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${TURN})`).catch(() => undefined); // a lost connection has let go of it
  }
}

type Outcome = { readonly deleted: number } | { readonly failed: string } | 'no longer due';

/** One after the other, so that the other tenants bear one batch at a time. */
async function each(workspaceIds: readonly string[], work: (workspaceId: string) => Promise<number | undefined>): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const workspaceId of workspaceIds) {
    try {
      const deleted = await work(workspaceId);
      outcomes.push(deleted === undefined ? 'no longer due' : { deleted });
    } catch (error) {
      outcomes.push({ failed: errorCode(error) });
    }
  }
  return outcomes;
}

async function purgeWorkspace(client: ClientBase, store: TombstoneStore, workspaceId: string, pace: Pace): Promise<number | undefined> {
  const tombstone = await beginPurge(client, workspaceId);
  if (tombstone === undefined) return undefined;
  if (!tombstone.handed_over) {
    await store.put({ workspaceHash: tombstone.workspace_hash, requestedAt: tombstone.requested_at, begunAt: tombstone.begun_at });
    await client.query('SELECT halton.tombstone_handed_over($1)', [workspaceId]);
  }
  return emptied(client, 'halton.purge_batch', workspaceId, pace);
}

/** Nothing that the service does leaves one behind; whoever changed the database by hand may have. */
async function demandNoneStuck(client: ClientBase): Promise<void> {
  const { rows: [row] } = await client.query<{ stuck: string }>('SELECT halton.stuck_purges() AS stuck');
  if (row?.stuck === '0') return;
  throw new DatabaseError('PURGE_INCOMPLETE', `Got ${row?.stuck ?? 'an unknown number of'} workspaces whose tombstone stands and whose deletion nobody requests any more, expected none: part of them may be gone, and no run ends their purge. The runbook says how to find them and what to do.`);
}

interface TombstoneRow { readonly workspace_hash: string; readonly requested_at: Date; readonly begun_at: Date; readonly handed_over: boolean }

/** Nothing where the deletion was cancelled at the last moment. */
async function beginPurge(client: ClientBase, workspaceId: string): Promise<TombstoneRow | undefined> {
  try {
    const { rows } = await client.query<TombstoneRow>("SELECT encode(workspace_hash, 'hex') AS workspace_hash, requested_at, begun_at, handed_over FROM halton.begin_purge($1)", [workspaceId]);
    return rows[0];
  } catch (error) {
    if (errorCode(error) === NOT_DUE) return undefined;
    throw error;
  }
}

/** Deletes batch after batch until nothing is left, and leaves the database to others for as long as each batch took. */
async function emptied(client: ClientBase, deletes: string, workspaceId: string, { batch, pause }: Pace): Promise<number> {
  let total = 0;
  for (;;) {
    const begun = performance.now();
    const deleted = await attempt(async () => {
      const { rows } = await client.query<{ deleted: string }>(`SELECT ${deletes}($1, $2) AS deleted`, [workspaceId, batch]);
      return Number(rows[0]?.deleted ?? 0);
    });
    if (deleted === 0) return total;
    total += deleted;
    await pause(performance.now() - begun);
  }
}

async function attempt(deleteBatch: () => Promise<number>, left = ATTEMPTS): Promise<number> {
  try {
    return await deleteBatch();
  } catch (error) {
    if (left <= 1 || !PASSING.has(errorCode(error))) throw error;
    return attempt(deleteBatch, left - 1);
  }
}

async function idsFrom(client: ClientBase, source: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ workspace_id: string }>(`SELECT workspace_id FROM ${source}`);
  return rows.map(({ workspace_id }) => workspace_id);
}

function numbersOf(outcomes: readonly Outcome[]): readonly number[] {
  return outcomes.flatMap((outcome) => (typeof outcome === 'object' && 'deleted' in outcome ? [outcome.deleted] : []));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function demandAll(outcomes: readonly Outcome[]): void {
  const failed = outcomes.flatMap((outcome) => (typeof outcome === 'object' && 'failed' in outcome ? [outcome.failed] : []));
  if (failed.length === 0) return;
  throw new DatabaseError('PURGE_INCOMPLETE', `Got ${failed.length} failures (${[...new Set(failed)].join(', ')}) in ${outcomes.length} steps, expected none. What was deleted stays deleted: mend the cause, and run this again, which goes on from there.`);
}
