import pg from 'pg';
import { describeSchema } from '../../db/describe/index.ts';
import { prepareDatabase } from '../../db/prepare.ts';
import { readRelease } from '../../db/release.ts';
import { judgeSchema, readSchemaVersion } from '../../db/schema-version.ts';
import { laterRelease } from '../support/migrations.ts';
import { PASSWORDS, query, TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await TestPostgres.start();
});
afterAll(() => postgres.stop());

const THIS = readRelease();
const prepare = (database: string, release = THIS) => prepareDatabase(postgres.asMaster(database), PASSWORDS, release);
const versions = (database: string) => query(postgres.asLogin(database), 'SELECT version, serves FROM halton.schema_versions ORDER BY version');
const appliedNames = async (database: string) => (await postgres.asSuperuser<{ name: string }>('SELECT name FROM halton_migrations.applied ORDER BY id', [], database)).map(({ name }) => name);

/** Answers what is asked on a connection of the API's login. */
async function ask<T>(database: string, question: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(postgres.asLogin(database));
  await client.connect();
  try {
    return await question(client);
  } finally {
    await client.end();
  }
}

const readSchema = (database: string) => ask(database, readSchemaVersion);

/** Waits until a session of the database sleeps, and answers its process. */
async function sleeper(database: string): Promise<number> {
  for (;;) {
    const [session] = await postgres.asSuperuser<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'", [database]);
    if (session) return session.pid;
  }
}

const cutOff = (pid: number) => postgres.asSuperuser('SELECT pg_terminate_backend($1)', [pid]);

describe('migrating', () => {
  it('runs as a login with CREATEROLE and CREATEDB and no more', async () => {
    const attributes = 'rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls';
    expect(await postgres.asSuperuser(`SELECT ${attributes} FROM pg_roles WHERE rolname = 'halton_master'`)).toEqual([
      { rolsuper: false, rolcreaterole: true, rolcreatedb: true, rolreplication: false, rolbypassrls: false },
    ]);
    expect(await prepare(await postgres.empty())).toEqual({ applied: THIS.migrations, from: 0, to: THIS.version });
  });

  it('records the number of each migration and the oldest release that it serves', async () => {
    expect(await versions(await postgres.migrated())).toEqual(THIS.migrations.map((_, index) => ({ version: index + 1, serves: 1 })));
  });

  it('changes nothing when it runs again', async () => {
    const database = await postgres.migrated();
    const before = { versions: await versions(database), schema: await ask(database, describeSchema) };
    expect(await prepare(database)).toEqual({ applied: [], from: THIS.version, to: THIS.version });
    expect(await appliedNames(database)).toEqual(THIS.migrations);
    expect({ versions: await versions(database), schema: await ask(database, describeSchema) }).toEqual(before);
  });

  it('applies each migration once when twenty start at once', async () => {
    const database = await postgres.empty();
    const runs = await Promise.all(Array.from({ length: 20 }, () => prepare(database)));
    expect(runs.flatMap(({ applied }) => applied)).toEqual(THIS.migrations);
    expect(await appliedNames(database)).toEqual(THIS.migrations);
  });

  it('goes on from where the database is', async () => {
    const database = await postgres.migrated();
    const next = laterRelease({ name: 'more' });
    expect(await prepare(database, next)).toEqual({ applied: next.migrations.slice(-1), from: THIS.version, to: next.version });
  });

  it('does nothing on a newer schema that still serves this release', async () => {
    const database = await postgres.migrated();
    const next = laterRelease({ name: 'more' });
    await prepare(database, next);
    expect(await prepare(database)).toEqual({ applied: [], from: next.version, to: next.version });
    expect(await readSchema(database)).toEqual({ version: next.version, serves: THIS.version });
  });

  it('refuses a newer schema that no longer serves this release', async () => {
    const database = await postgres.migrated();
    const [one, two] = [THIS.version + 1, THIS.version + 2];
    await prepare(database, laterRelease({ name: 'more' }, { name: 'less', serves: 1 }));
    await expect(prepare(database)).rejects.toMatchObject({
      code: 'SCHEMA_TOO_NEW',
      message: `Got a database at schema version ${two}, which serves releases from ${one} on, expected one that serves this release, ${THIS.version}. Run a release from ${one} on.`,
    });
    expect(judgeSchema(THIS.version, await readSchema(database))).toBe('SCHEMA_TOO_NEW');
    expect(judgeSchema(one, await readSchema(database))).toBe('served');
  });

  it('refuses a database that has other migrations at the same places', async () => {
    const database = await postgres.migrated();
    const theirs = laterRelease({ name: 'theirs' });
    await prepare(database, theirs);
    const ours = prepare(database, laterRelease({ name: 'ours' }, { name: 'more' }));
    await expect(ours).rejects.toMatchObject({ code: 'MIGRATIONS_DIVERGED', message: expect.stringContaining(`Got ${theirs.migrations.at(-1) ?? ''} as migration ${theirs.version} of the database`) as string });
    expect(await appliedNames(database)).toEqual(theirs.migrations);
  });

  it('names the migration that failed, keeps those before it and leaves nothing of it behind', async () => {
    const database = await postgres.migrated();
    const half = 'CREATE TABLE halton.half (id integer)';
    const broken = laterRelease({ name: 'good' }, { name: 'bad', sql: `${half}; SELECT nothing_of_this_name` });
    const bad = broken.migrations.at(-1) ?? '';
    await expect(prepare(database, broken)).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining(`Migration ${bad} failed: 42703: column "nothing_of_this_name" does not exist.`) as string,
    });
    expect(await readSchema(database)).toMatchObject({ version: THIS.version + 1 });
    expect(await prepare(database, laterRelease({ name: 'good' }, { name: 'bad', sql: half }))).toMatchObject({ applied: [bad] });
  });

  it('shows no row that an error of Postgres quotes', async () => {
    const failing = prepare(await postgres.migrated(), laterRelease({ name: 'bad', sql: "SELECT 'alice@example.com'::integer" }));
    await expect(failing).rejects.toMatchObject({ message: expect.stringMatching(/^Migration \d{4}_bad failed: SQLSTATE 22P02\./) as string });
  });

  it('can be run again after it was cut off in the middle of a migration', async () => {
    const database = await postgres.migrated();
    const slow = (seconds: number) => laterRelease({ name: 'quick' }, { name: 'slow', sql: `CREATE TABLE halton.half (id integer); SELECT pg_sleep(${seconds})` });
    const broken = prepare(database, slow(60)).catch((error: unknown) => error);
    await cutOff(await sleeper(database));
    expect(await broken).toMatchObject({ code: 'MIGRATION_FAILED' });
    expect(await readSchema(database)).toMatchObject({ version: THIS.version + 1 });
    expect(await prepare(database, slow(0))).toEqual({ applied: slow(0).migrations.slice(-1), from: THIS.version + 1, to: THIS.version + 2 });
  });

  it('lets the next run go on when the one that has its turn is cut off', async () => {
    const database = await postgres.empty();
    const slow = (seconds: number) => laterRelease({ name: 'slow', sql: `SELECT pg_sleep(${seconds})` });
    const first = prepare(database, slow(60)).catch((error: unknown) => error);
    const pid = await sleeper(database);
    const others = Array.from({ length: 3 }, () => prepare(database, slow(0)));
    await cutOff(pid);
    expect(await first).toMatchObject({ code: 'MIGRATION_FAILED' });
    expect((await Promise.all(others)).flatMap(({ applied }) => applied)).toEqual(slow(0).migrations.slice(-1));
    expect(await appliedNames(database)).toEqual(slow(0).migrations);
  });

  it('gives way to a busy service rather than keep it waiting', async () => {
    const database = await postgres.migrated();
    const busy = new pg.Client(postgres.asLogin(database));
    await busy.connect();
    await busy.query('BEGIN');
    await busy.query('SELECT FROM halton.projects');
    await expect(prepare(database, laterRelease({ name: 'column', sql: 'ALTER TABLE halton.projects ADD colour text' }))).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(/_column failed: 55P03: canceling statement due to lock timeout\./) as string,
    });
    await busy.query('COMMIT');
    await busy.end();
  });

  it('says when the database cannot be reached', async () => {
    const nowhere = prepareDatabase({ ...postgres.asMaster('halton'), port: 1 }, PASSWORDS, THIS);
    await expect(nowhere).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', message: expect.stringContaining('127.0.0.1:1 as halton_master: ECONNREFUSED') as string });
  });
});
