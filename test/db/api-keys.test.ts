import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import type { Binding } from '../../db/transaction.ts';
import { BCRYPT_HASH } from '../support/furnish.ts';
import { TestPostgres } from '../support/postgres.ts';
import { bindingOf, newTenant, poolAs } from '../support/tenants.ts';
import type { Tenant } from '../support/tenants.ts';

const DENIED = { code: '42501' };
const CHECKED = { code: '23514' };

let postgres: TestPostgres;
let database: string;
let api: Pool;
let tenant: Tenant;
let other: Tenant;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  api = poolAs(postgres, database);
  [tenant, other] = [await newTenant(api), await newTenant(api)];
});
afterAll(async () => {
  await api.end();
  await postgres.stop();
});

const rowsOf = async (binding: Binding, text: string, values: readonly unknown[] = []) => (await inTransaction(api, binding, (client) => client.query<Readonly<Record<string, unknown>>>(text, [...values]))).rows;
const store = (hash: string) =>
  rowsOf(bindingOf(tenant), "INSERT INTO halton.api_keys (workspace_id, key_id, name, secret_hash, created_by) VALUES ($1, 'k' || replace(gen_random_uuid()::text, '-', ''), 'A key', $2, 'user') RETURNING key_id", [tenant.workspaceId, hash]);
/** What stands behind the version and the cost. */
const rest = BCRYPT_HASH.slice('$2a$05$'.length);

describe('HM-KEY-2: an API key', () => {
  it.each(['$2a$04$', '$2b$10$', '$2y$12$', '$2b$31$'])('is stored as a bcrypt hash: %s…', async (prefix) => {
    expect(await store(`${prefix}${rest}`)).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['the secret itself', `hm_key_abcdefgh_${'s'.repeat(43)}`],
    ['a plain SHA-256', 'ab'.repeat(32)],
    ['argon2', '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG'],
    ['bcrypt as it was before it was mended', `$2x$10$${rest}`],
    ['a cost that bcrypt does not know', `$2b$03$${rest}`],
    ['a cost beyond', `$2b$32$${rest}`],
    ['a hash that was cut', `$2b$10$${rest.slice(1)}`],
    ['a hash with the secret behind it', `$2b$10$${rest} hm_key`],
    ['a line more', `$2b$10$${rest}\n`],
    ['nothing', ''],
  ])('is not stored as %s', async (_what, hash) => {
    await expect(store(hash)).rejects.toMatchObject(CHECKED);
  });

  it('has no other column that its secret could stand in', async () => {
    const columns = await postgres.asSuperuser<{ name: string }>("SELECT attname AS name FROM pg_attribute WHERE attrelid = 'halton.api_keys'::regclass AND attnum > 0 ORDER BY attnum", [], database);
    expect(columns.map(({ name }) => name)).toEqual(['workspace_id', 'key_id', 'name', 'secret_hash', 'created_by', 'created_at', 'revoked_at', 'revoked_by']);
  });

  it('keeps its hash, and is never deleted but with its workspace', async () => {
    await store(BCRYPT_HASH);
    for (const text of [`UPDATE halton.api_keys SET secret_hash = '${BCRYPT_HASH}'`, "UPDATE halton.api_keys SET key_id = 'another1'", 'DELETE FROM halton.api_keys']) {
      await expect(rowsOf(bindingOf(tenant), text)).rejects.toMatchObject(DENIED);
    }
  });
});

describe('HM-KEY-3: an API key', () => {
  it('is found in its own workspace only', async () => {
    const [key] = await store(BCRYPT_HASH);
    const byId = 'SELECT FROM halton.api_keys WHERE key_id = $1';
    expect(await rowsOf(bindingOf(tenant), byId, [key?.['key_id']])).toHaveLength(1);
    expect(await rowsOf(bindingOf(other), byId, [key?.['key_id']])).toEqual([]);
    await expect(rowsOf(bindingOf(other), "INSERT INTO halton.api_keys (workspace_id, key_id, name, secret_hash, created_by) VALUES ($1, 'smuggled', 'A key', $2, 'user')", [tenant.workspaceId, BCRYPT_HASH])).rejects.toMatchObject(DENIED);
  });
});
