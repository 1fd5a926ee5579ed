import type { ClientBase } from 'pg';
import { DatabaseError, errorCode } from '../../../db/errors.ts';
import { purge } from './purge.ts';
import type { PurgeOptions, PurgeSummary } from './purge.ts';
import { tombstoneHash } from './tombstones.ts';
import type { TombstoneStore } from './tombstones.ts';

/** What was done to a restored copy. */
export interface RepurgeSummary extends PurgeSummary {
  readonly importedTombstones: number;
  /** Of workspaces that the copy does not have. */
  readonly settledTombstones: number;
}

/**
 * Deletes again what a restored copy brought back, before the copy serves anyone.
 *
 * Only what has a tombstone in the store is purged: in the copy another request may be due that was cancelled since.
 * Safe to run again after a crash at any step. A tombstone that cannot be read stops none of the others.
 *
 * @param migrator logged in to the copy as halton_migrator, with no transaction open
 * @param jobs the same, as halton_jobs
 * @throws DatabaseError `PURGE_INCOMPLETE`
 */
export async function repurge(migrator: ClientBase, jobs: ClientBase, store: TombstoneStore, options: Pick<PurgeOptions, 'pace'> = {}): Promise<RepurgeSummary> {
  const imported = new Set<string>();
  const refused: string[] = [];
  for await (const { workspaceHash, requestedAt, begunAt } of store.list()) {
    try {
      await migrator.query("SELECT halton.import_tombstone(decode($1, 'hex'), $2, $3)", [workspaceHash, requestedAt, begunAt]);
      imported.add(workspaceHash);
    } catch (error) {
      refused.push(errorCode(error));
    }
  }
  const summary = await purge(jobs, store, { ...options, includes: (workspaceId) => imported.has(tombstoneHash(workspaceId)) });
  if (summary.otherRun) {
    throw new DatabaseError('PURGE_INCOMPLETE', 'Got another run that purges this copy, expected none before the copy serves: end it (pg_locks, locktype advisory), and run this again.');
  }
  const { rows: [settled] } = await migrator.query<{ tombstones: string }>('SELECT halton.settle_tombstones() AS tombstones');
  if (refused.length > 0) {
    throw new DatabaseError('PURGE_INCOMPLETE', `Got ${refused.length} tombstones that the database refused (${[...new Set(refused)].join(', ')}), expected none; those of ${imported.size} others were brought back and worked off. See what the store holds, and run this again.`);
  }
  return { importedTombstones: imported.size, settledTombstones: Number(settled?.tombstones ?? 0), ...summary };
}
