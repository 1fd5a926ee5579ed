import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import { TestPostgres } from '../support/postgres.ts';
import { bindingOf, insertRequests, newTenant, poolAs } from '../support/tenants.ts';
import type { Tenant } from '../support/tenants.ts';

let postgres: TestPostgres;
let database: string;
let pool: Pool; // of one connection, so that each transaction gets the one that the last one had
let tenant: Tenant;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  pool = poolAs(postgres, database, 'halton_api_a', 1);
  tenant = await newTenant(pool);
});
afterAll(async () => {
  await pool.end();
  await postgres.stop();
});

const count = async (): Promise<number> => (await inTransaction(pool, bindingOf(tenant), (client) => client.query('SELECT FROM halton.requests'))).rowCount ?? 0;

test('what the work did is committed, and seen by the workspace it is bound to', async () => {
  await inTransaction(pool, bindingOf(tenant), (client) => insertRequests(client, tenant, ['a', 'b']));
  expect(await count()).toBe(2);
});

test('a connection forgets whom it acted for', async () => {
  await inTransaction(pool, { ...bindingOf(tenant), supportEmail: 'support@example.com' }, (client) => client.query('SELECT 1'));
  const bound = 'SELECT halton.bound_workspace() AS workspace, halton.bound_organisation() AS organisation, halton.bound_user() AS "user", halton.bound_support_email() AS email';
  const nobody = [{ workspace: null, organisation: null, user: null, email: null }];
  expect((await inTransaction(pool, {}, (client) => client.query(bound))).rows).toEqual(nobody);
  expect((await pool.query(bound)).rows).toEqual(nobody);
});

test("a transaction is READ COMMITTED, whatever the login's default is", async () => {
  await pool.query("SET default_transaction_isolation = 'repeatable read'");
  expect((await inTransaction(pool, {}, (client) => client.query('SHOW transaction_isolation'))).rows).toEqual([{ transaction_isolation: 'read committed' }]);
  await pool.query('RESET default_transaction_isolation');
});

test('what the work throws is thrown, and nothing of it stays', async () => {
  const before = await count();
  const thrown = new Error('refused');
  await expect(inTransaction(pool, bindingOf(tenant), async (client) => {
    await insertRequests(client, tenant, ['c']);
    throw thrown;
  })).rejects.toBe(thrown);
  expect(await count()).toBe(before);
});

test('a commit that Postgres answers with a roll-back is an error', async () => {
  await expect(inTransaction(pool, bindingOf(tenant), async (client) => {
    await client.query('SELECT 1/0').catch(() => undefined);
  })).rejects.toMatchObject({ code: 'TRANSACTION_LOST' });
  expect(await count()).toBe(2);
});

test('a connection that breaks between two statements fails the transaction and nothing else', async () => {
  const lost = inTransaction(pool, bindingOf(tenant), async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const gone = new Promise((resolve) => client.once('end', resolve));
    await postgres.asSuperuser('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
    await gone;
    await client.query('SELECT 1');
  });
  await expect(lost).rejects.toThrow('not queryable');
  expect(await count()).toBe(2);
});
