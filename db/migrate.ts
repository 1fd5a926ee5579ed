import { runner } from 'node-pg-migrate';
import type { ClientBase } from 'pg';
import { DatabaseError, errorCode, explainPostgres } from './errors.ts';
import type { Release } from './release.ts';
import { judgeSchema, readSchemaVersion } from './schema-version.ts';

/** What a run of migrations did. */
export interface Migrated {
  /** Names of the migrations that it applied, in order. */
  readonly applied: readonly string[];
  /** Version of the schema before. */
  readonly from: number;
  /** Version of the schema now; above the release's own where a later release has been here. */
  readonly to: number;
}

/** Keeps the books of node-pg-migrate apart from the product's schema. */
const books = { migrationsSchema: 'halton_migrations', migrationsTable: 'applied' };

/**
 * How long a migration waits for a lock on a table: every query that comes after it waits behind it, and a busy
 * service bears that for a few seconds. A migration that gave up has changed nothing and can be run again.
 */
const TABLE_LOCK_TIMEOUT = '5s';

/** A failure is thrown; what the library prints besides repeats SQL. */
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Brings the schema up to the release, one transaction a migration, and never back. A run that finds nothing to do
 * changes nothing.
 *
 * @param client acting as the owner role, with no transaction open, and holding the library's lock
 * @throws DatabaseError `SCHEMA_TOO_NEW` where a later release no longer serves this one, `MIGRATIONS_DIVERGED` where
 *   the database has others than these, `MIGRATION_FAILED`
 */
export async function migrate(client: ClientBase, release: Release): Promise<Migrated> {
  try {
    await client.query(`SET lock_timeout = '${TABLE_LOCK_TIMEOUT}'`);
    const { version: from } = await readSchemaVersion(client);
    await demandSameHistory(client, release);
    const applied = await runner({
      dbClient: client,
      dir: release.folder,
      direction: 'up',
      ...books,
      createMigrationsSchema: true,
      // A transaction each: what was done before a failure stands, and the next run goes on from there.
      singleTransaction: false,
      logger: silent,
    });
    const found = await readSchemaVersion(client);
    if (judgeSchema(release.version, found) === 'SCHEMA_TOO_NEW') {
      throw new DatabaseError('SCHEMA_TOO_NEW', `Got a database at schema version ${found.version}, which serves releases from ${found.serves} on, expected one that serves this release, ${release.version}. Run a release from ${found.serves} on.`);
    }
    return { applied: applied.map(({ name }) => name), from, to: found.version };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined); // the library leaves the failed transaction open
    if (error instanceof DatabaseError) throw error;
    const failed = await firstMissing(client, release).catch(() => undefined);
    throw new DatabaseError('MIGRATION_FAILED', `Migration ${failed ?? '(unknown)'} failed: ${explainPostgres(error)}. Those before it stand and it left nothing behind: mend the cause, and run this again.`, { cause: error });
  }
}

/** Refuses to put migrations on top of others that this release does not know at these places. */
async function demandSameHistory(client: ClientBase, { migrations }: Release): Promise<void> {
  const applied = await readApplied(client);
  const at = applied.findIndex((name, index) => index < migrations.length && name !== migrations[index]);
  if (at === -1) return;
  throw new DatabaseError('MIGRATIONS_DIVERGED', `Got ${applied[at] ?? ''} as migration ${at + 1} of the database, expected ${migrations[at] ?? ''}. A released migration never changes its name or place; run the release that this database comes from.`);
}

async function firstMissing(client: ClientBase, { migrations }: Release): Promise<string | undefined> {
  const applied = new Set(await readApplied(client));
  return migrations.find((name) => !applied.has(name));
}

async function readApplied(client: ClientBase): Promise<readonly string[]> {
  try {
    const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${books.migrationsSchema}.${books.migrationsTable} ORDER BY id`);
    return rows.map(({ name }) => name);
  } catch (error) {
    if (errorCode(error) === '42P01') return []; // no books yet
    throw error;
  }
}
