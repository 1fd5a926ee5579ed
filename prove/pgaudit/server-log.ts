import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';

/** Settings that make Postgres write the log to where it can be read, with lines as RDS has them. */
export const LOG_SETTINGS = {
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'all.log',
  log_rotation_size: '0',
  log_rotation_age: '0',
  log_line_prefix: '%t:%r:%u@%d:[%p]:',
};

/** Milliseconds between looks at the log, and looks in all: what was said a second ago is there, also on a busy machine. */
const [LOOK_EVERY, LOOKS] = [20, 500];

/** The log of a server, read through its superuser. */
export class ServerLog {
  readonly #superuser: Client;
  #seen = 0;
  #marks = 0;

  constructor(superuser: Client) {
    this.#superuser = superuser;
  }

  /** The lines that have been logged since the last call; a statement of several lines is one. */
  async next(): Promise<readonly string[]> {
    this.#marks += 1;
    const mark = `end of part ${this.#marks}`;
    await this.#superuser.query(`DO $$ BEGIN RAISE LOG '${mark}'; END $$`);
    for (let look = 0; look < LOOKS; look += 1) {
      const { rows } = await this.#superuser.query<{ text: string }>("SELECT pg_read_file('log/all.log', $1, 1000000000) AS text", [this.#seen]);
      const text = rows[0]?.text ?? '';
      const end = text.indexOf(mark);
      if (end !== -1) {
        const whole = text.slice(0, text.indexOf('\n', end) + 1);
        this.#seen += Buffer.byteLength(whole);
        return whole.split(/\n(?=\d{4}-\d\d-\d\d )/);
      }
      await sleep(LOOK_EVERY);
    }
    throw new Error('What was said did not reach the log within ten seconds.');
  }
}
