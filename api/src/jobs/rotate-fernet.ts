import type { Pool } from 'pg';
import { inTransaction } from '../../../db/transaction.ts';
import { rotateBodies } from '../repositories/bodies.ts';
import type { RotationProgress } from '../repositories/bodies.ts';
import type { FernetKeys } from '../sealing/keys.ts';

/** Bodies a transaction: opened and sealed in well under a second, during which nobody else changes one of them. */
const BATCH = 100;

/** What a run did, in numbers that name nobody. */
export interface RotationSummary {
  readonly workspaces: number;
  readonly rotated: number;
  /** Somebody was just writing them: no key may go while there are any, and the next run sees them. */
  readonly passedOver: number;
  /** None of the keys opens them: they were left as they are, and no key may go before it is known why. */
  readonly unreadable: number;
}

/**
 * Seals every body anew that an older key has sealed, workspace after workspace.
 *
 * Each batch commits by itself, so that a run goes on where one before it ended; two at once pass over what the other holds.
 *
 * @param pool logs in as halton_jobs
 */
export async function rotateFernet(pool: Pool, keys: FernetKeys): Promise<RotationSummary> {
  const { rows } = await pool.query<{ workspace_id: string }>('SELECT workspace_id FROM halton.workspace_ids() AS workspace_id');
  let [rotated, passedOver, unreadable] = [0, 0, 0];
  for (const { workspace_id: workspaceId } of rows) {
    let after: string | undefined = '';
    while (after !== undefined) {
      const from: string = after;
      const progress: RotationProgress = await inTransaction(pool, { workspaceId }, (client) => rotateBodies(client, keys, { workspaceId }, BATCH, from));
      rotated += progress.rotated;
      passedOver += progress.passedOver;
      unreadable += progress.unreadable;
      after = progress.next;
    }
  }
  return { workspaces: rows.length, rotated, passedOver, unreadable };
}
