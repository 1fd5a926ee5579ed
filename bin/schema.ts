import pg from 'pg';
import { describeSchema } from '../db/describe/index.ts';
import { newMasterLogin } from '../db/embedded/master.ts';
import { newPasswords } from '../db/embedded/passwords.ts';
import { startEmbeddedPostgres } from '../db/embedded/server.ts';
import { prepareDatabase } from '../db/prepare.ts';
import { readRelease } from '../db/release.ts';

const DATABASE = 'halton';

/**
 * The schema that the migrations make, from a Postgres that they are run on for it.
 *
 * @throws DatabaseError where they do not run
 */
export async function renderSchema(): Promise<string> {
  const postgres = await startEmbeddedPostgres();
  try {
    const address = { host: '127.0.0.1', port: postgres.port, database: DATABASE, ssl: false };
    const passwords = newPasswords();
    await prepareDatabase({ ...address, ...(await newMasterLogin(postgres, DATABASE)) }, passwords, readRelease());
    const client = new pg.Client({ ...address, user: 'halton_jobs', password: passwords.halton_jobs });
    await client.connect();
    try {
      return await describeSchema(client);
    } finally {
      await client.end();
    }
  } finally {
    await postgres.stop();
  }
}
