import pg from 'pg';
import { prepareDatabase } from '../../db/prepare.ts';
import { readRelease } from '../../db/release.ts';
import { later, releaseWith } from '../support/migrations.ts';
import { PASSWORDS, query, TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await TestPostgres.start();
});
afterAll(() => postgres.stop());

const prepare = (database: string, release = readRelease()) => prepareDatabase(postgres.asMaster(database), PASSWORDS, release);
const versions = (database: string) => query(postgres.asMaster(database), 'SELECT version, serves FROM halton.schema_versions ORDER BY version');
const appliedNames = async (database: string) => (await query<{ name: string }>(postgres.asMaster(database), 'SELECT name FROM halton_migrations.applied ORDER BY id')).map(({ name }) => name);

describe('migrating', () => {
  it('runs as a login with CREATEROLE and CREATEDB and no more', async () => {
    const attributes = 'rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls';
    expect(await postgres.asSuperuser(`SELECT ${attributes} FROM pg_roles WHERE rolname = 'halton_master'`)).toEqual([
      { rolsuper: false, rolcreaterole: true, rolcreatedb: true, rolreplication: false, rolbypassrls: false },
    ]);
    expect(await prepare(await postgres.empty())).toEqual({ applied: readRelease().migrations, from: 0, to: readRelease().version });
  });

  it('records the number of each migration and the oldest release that it serves', async () => {
    expect(await versions(await postgres.migrated())).toEqual([{ version: 1, serves: 1 }]);
  });

  it('changes nothing when it runs again', async () => {
    const database = await postgres.migrated();
    expect(await prepare(database)).toEqual({ applied: [], from: 1, to: 1 });
    expect(await appliedNames(database)).toEqual(readRelease().migrations);
  });

  it('applies each migration once when five start at once', async () => {
    const database = await postgres.empty();
    const runs = await Promise.all(Array.from({ length: 5 }, () => prepare(database)));
    expect(runs.flatMap(({ applied }) => applied)).toEqual(readRelease().migrations);
    expect(await appliedNames(database)).toEqual(readRelease().migrations);
  });

  it('goes on from where the database is', async () => {
    const database = await postgres.migrated();
    expect(await prepare(database, releaseWith({ '0002_more.sql': later(2, 1) }))).toEqual({ applied: ['0002_more'], from: 1, to: 2 });
  });

  it('does nothing on a newer schema that still serves this release', async () => {
    const database = await postgres.migrated();
    await prepare(database, releaseWith({ '0002_more.sql': later(2, 1) }));
    expect(await prepare(database)).toEqual({ applied: [], from: 2, to: 2 });
  });

  it('refuses a newer schema that no longer serves this release', async () => {
    const database = await postgres.migrated();
    await prepare(database, releaseWith({ '0002_more.sql': later(2, 1), '0003_less.sql': later(3, 2) }));
    await expect(prepare(database)).rejects.toMatchObject({
      code: 'SCHEMA_TOO_NEW',
      message: 'Got a database at schema version 3, which serves releases from 2 on, expected one that serves this release, 1. Run a release from 2 on.',
    });
  });

  it('refuses a database that has other migrations at the same places', async () => {
    const database = await postgres.migrated();
    await prepare(database, releaseWith({ '0002_theirs.sql': later(2, 1) }));
    const ours = prepare(database, releaseWith({ '0002_ours.sql': later(2, 1), '0003_more.sql': later(3, 1) }));
    await expect(ours).rejects.toMatchObject({ code: 'MIGRATIONS_DIVERGED', message: expect.stringContaining('Got 0002_theirs as migration 2') as string });
    expect(await appliedNames(database)).toEqual(['0001_halton', '0002_theirs']);
  });

  it('names the migration that failed, keeps those before it and leaves nothing of it behind', async () => {
    const database = await postgres.migrated();
    const broken = { '0002_good.sql': later(2, 1), '0003_bad.sql': later(3, 1, 'CREATE TABLE halton.half (id integer); SELECT nothing_of_this_name') };
    await expect(prepare(database, releaseWith(broken))).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringMatching(/^Migration 0003_bad failed: 42703: column "nothing_of_this_name" does not exist\./) as string,
    });
    expect(await versions(database)).toHaveLength(2);
    expect(await prepare(database, releaseWith({ ...broken, '0003_bad.sql': later(3, 1, 'CREATE TABLE halton.half (id integer)') }))).toMatchObject({ applied: ['0003_bad'] });
  });

  it('shows no row that an error of Postgres quotes', async () => {
    const database = await postgres.migrated();
    const failing = prepare(database, releaseWith({ '0002_bad.sql': later(2, 1, "SELECT 'alice@example.com'::integer") }));
    await expect(failing).rejects.toMatchObject({ message: expect.stringMatching(/^Migration 0002_bad failed: SQLSTATE 22P02\./) as string });
  });

  it('can be run again after it was cut off in the middle', async () => {
    const database = await postgres.migrated();
    const slow = (seconds: number) => releaseWith({ '0002_slow.sql': later(2, 1, `CREATE TABLE halton.half (id integer); SELECT pg_sleep(${seconds})`) });
    const cutOff = prepare(database, slow(60)).catch((error: unknown) => error);
    const sessions = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND query LIKE '%pg_sleep%' AND state = 'active'`;
    while ((await postgres.asSuperuser(sessions, [database])).length === 0);
    expect(await cutOff).toMatchObject({ code: 'MIGRATION_FAILED' });
    expect(await prepare(database, slow(0))).toMatchObject({ applied: ['0002_slow'], to: 2 });
  });

  it('says when the database cannot be reached', async () => {
    const nowhere = prepareDatabase({ ...postgres.asMaster('halton'), port: 1 }, PASSWORDS, readRelease());
    await expect(nowhere).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', message: expect.stringContaining('127.0.0.1:1 as halton_master: ECONNREFUSED') as string });
  });
});

describe('a migrated database', () => {
  let database: string;
  beforeAll(async () => {
    database = await postgres.migrated();
    await postgres.asSuperuser("CREATE ROLE stranger LOGIN PASSWORD 'stranger'");
  });

  it('lets no login in that was not granted it', async () => {
    await expect(query(postgres.as({ user: 'stranger', password: 'stranger' }, database), 'SELECT 1')).rejects.toMatchObject({ code: '42501' });
  });

  it('grants nothing to PUBLIC, on what stands nor on what will be made', async () => {
    await query(postgres.asMaster(database), 'CREATE FUNCTION halton.later() RETURNS integer LANGUAGE sql RETURN 1');
    const [row] = await postgres.asSuperuser(
      `SELECT has_database_privilege('public', current_database(), 'TEMPORARY') AS temporary, has_schema_privilege('public', 'public', 'USAGE') AS usage,
         has_schema_privilege('public', 'halton', 'USAGE') AS halton, has_function_privilege('public', 'halton.later()', 'EXECUTE') AS execute`,
      [],
      database,
    );
    expect(row).toEqual({ temporary: false, usage: false, halton: false, execute: false });
  });

  it.each(['halton_api_a', 'halton_api_b'] as const)('lets %s read the schema version and nothing else', async (login) => {
    const api = new pg.Client(postgres.asApi(database, login));
    await api.connect();
    expect((await api.query('SELECT version FROM halton.schema_versions')).rowCount).toBe(1);
    for (const forbidden of [
      'INSERT INTO halton.schema_versions VALUES (9, 9)',
      'DELETE FROM halton.schema_versions',
      'CREATE TABLE halton.mine (id integer)',
      'CREATE TABLE public.mine (id integer)',
      'CREATE TEMPORARY TABLE mine (id integer)',
      'CREATE SCHEMA mine',
      'SELECT * FROM halton_migrations.applied',
      'CREATE ROLE mine',
    ]) {
      await expect(api.query(forbidden)).rejects.toMatchObject({ code: '42501' });
    }
    await api.end();
  });

  it('belongs to none of the logins that serve', async () => {
    const owned = `SELECT oid FROM pg_class WHERE relowner IN (SELECT oid FROM pg_roles WHERE rolname LIKE 'halton_api%')`;
    expect(await postgres.asSuperuser(owned, [], database)).toEqual([]);
  });
});
