import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { query } from './postgres.ts';

/** Milliseconds between two tries to log in, and tries: to replay the log of a minute takes less than one. */
const [TRY_EVERY, TRIES] = [50, 1200];

/**
 * Ends every process of a Postgres at once and without a word.
 *
 * @param before is called when it is about to happen @default nothing
 */
export async function killPostgres(superuser: ClientConfig, before: () => void = () => undefined): Promise<void> {
  const [postmaster] = await query<{ pid: number }>(superuser, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid");
  const others = await query<{ pid: number }>(superuser, 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
  if (postmaster === undefined) throw new Error('Expected the id of the server process.');
  before();
  // The first one tells the others to end when one is gone, and they tell their clients when it is.
  kill(postmaster.pid, 'SIGSTOP');
  for (const { pid } of others) kill(pid, 'SIGKILL');
  kill(postmaster.pid, 'SIGKILL');
}

function kill(pid: number, signal: 'SIGSTOP' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // it ended in the meantime
  }
}

/** Waits until a Postgres that was killed takes connections again. */
export async function untilAnswering(connection: ClientConfig): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await query(connection, 'SELECT 1');
      return;
    } catch (error) {
      if (attempt === TRIES) throw error;
      await sleep(TRY_EVERY);
    }
  }
}
