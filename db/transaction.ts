import type { Pool, PoolClient } from 'pg';

/** Whom a transaction acts for; what is left out is bound to nobody. */
export interface Binding {
  /** The one workspace whose rows it sees. */
  readonly workspaceId?: string;
  readonly organisationId?: string;
  /** The identity provider's id, for what belongs to a user and not to a workspace. */
  readonly userId?: string;
  /** In lower case; for the login of support alone. */
  readonly supportEmail?: string;
}

/** All four are set every time: a pooled connection may not remember whom it acted for before. */
const BIND = `SELECT set_config('halton.workspace_id', $1, true), set_config('halton.organisation_id', $2, true),
  set_config('halton.user_id', $3, true), set_config('halton.support_email', $4, true)`;

/**
 * Runs work in one transaction that is bound to one workspace, and commits it.
 *
 * @throws whatever the work throws, after a roll-back; TransactionLostError where Postgres rolled back what was to be
 *   committed
 */
export function inTransaction<T>(pool: Pool, binding: Binding, work: (client: PoolClient) => Promise<T>): Promise<T> {
  // Whatever the login's default is: with an older snapshot a workspace could be written to after its deletion was requested.
  return runBound(pool, 'BEGIN ISOLATION LEVEL READ COMMITTED', binding, work);
}

/**
 * Runs work that reads, in a transaction bound as by inTransaction: all of it sees one state of the database.
 *
 * @throws as inTransaction
 */
export function inSnapshot<T>(pool: Pool, binding: Binding, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return runBound(pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', binding, work);
}

async function runBound<T>(pool: Pool, begin: string, binding: Binding, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A pool listens to idle connections alone; one that broke in between two statements would end the process.
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query(begin);
    await client.query(BIND, [binding.workspaceId ?? '', binding.organisationId ?? '', binding.userId ?? '', binding.supportEmail ?? '']);
    const result = await work(client);
    const { command } = await client.query('COMMIT');
    // Committing a transaction that has failed is no error to Postgres: it answers that it rolled back.
    if (command !== 'COMMIT') throw new TransactionLostError();
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((lost: unknown) => {
      broken = lost instanceof Error ? lost : new Error('The connection was lost.');
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken); // one that cannot roll back is not used again
  }
}

/** A statement had failed and its error was not passed on, so nothing was stored. */
export class TransactionLostError extends Error {
  readonly code = 'TRANSACTION_LOST';

  constructor() {
    super('Got ROLLBACK in answer to COMMIT, expected COMMIT: a statement before it had failed. Nothing was stored; send it again.');
    this.name = 'TransactionLostError';
  }
}
