import pg from 'pg';
import { LOGINS, MIGRATOR_LOGIN } from '../../db/roles.ts';
import { query, TestPostgres } from '../support/postgres.ts';
import { newTenant, poolAs } from '../support/tenants.ts';

let postgres: TestPostgres;
let database: string;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  await postgres.asSuperuser("CREATE ROLE stranger LOGIN PASSWORD 'stranger'");
});
afterAll(() => postgres.stop());

describe('a migrated database', () => {
  it('lets no login in that was not granted it', async () => {
    await expect(query(postgres.as({ user: 'stranger', password: 'stranger' }, database), 'SELECT 1')).rejects.toMatchObject({ code: '42501' });
  });

  it('shows its master nothing: neither rows nor functions', async () => {
    for (const forbidden of ['SELECT FROM halton.workspaces', 'SELECT FROM halton.schema_versions', 'SELECT halton.purge_batch(gen_random_uuid(), 1)']) {
      await expect(query(postgres.asMaster(database), forbidden)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it.each(LOGINS.filter((login) => login !== MIGRATOR_LOGIN))('lets %s make nothing, and neither read nor write the books of the migrations', async (login) => {
    const client = new pg.Client(postgres.asLogin(database, login));
    await client.connect();
    // The login of analytics reads only by its settings, which it can change; what is granted it cannot.
    await client.query('SET default_transaction_read_only = off');
    expect((await client.query('SELECT 1')).rowCount).toBe(1);
    for (const forbidden of [
      'INSERT INTO halton.schema_versions VALUES (9, 9)',
      'DELETE FROM halton.schema_versions',
      'CREATE TABLE halton.mine (id integer)',
      'CREATE TABLE public.mine (id integer)',
      'CREATE TEMPORARY TABLE mine (id integer)',
      'CREATE SCHEMA mine',
      'SELECT * FROM halton_migrations.applied',
      'CREATE ROLE mine',
      'SET ROLE halton_owner',
    ]) {
      await expect(client.query(forbidden)).rejects.toMatchObject({ code: '42501' });
    }
    await client.end();
  });

  it('lets the migrator see nothing until it takes the part of the owner, whom the walls hold too', async () => {
    const migrator = new pg.Client(postgres.asLogin(database, MIGRATOR_LOGIN));
    await migrator.connect();
    await expect(migrator.query('SELECT FROM halton.workspaces')).rejects.toMatchObject({ code: '42501' });
    const pool = poolAs(postgres, database);
    await newTenant(pool);
    await pool.end();
    await migrator.query('SET ROLE halton_owner');
    expect((await migrator.query('SELECT FROM halton.workspaces')).rowCount).toBe(0);
    await migrator.end();
  });
});
