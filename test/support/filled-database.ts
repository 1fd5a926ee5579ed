import { randomBytes } from 'node:crypto';
import { inTransaction } from '../../db/transaction.ts';
import { furnish } from './furnish.ts';
import type { TestPostgres } from './postgres.ts';
import { bindingOf, newTenant, poolAs } from './tenants.ts';
import type { Tenant } from './tenants.ts';

/** What a row holds, by column. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Makes tenants and puts a row of each, at least, into every table, written as the logins that write it.
 *
 * @param count of tenants @default 2
 */
export async function fillDatabase(postgres: TestPostgres, database: string, count = 2): Promise<readonly Tenant[]> {
  const [api, support, migrator] = [poolAs(postgres, database), poolAs(postgres, database, 'halton_support'), poolAs(postgres, database, 'halton_migrator')];
  try {
    const tenants: Tenant[] = [];
    for (let made = 0; made < count; made += 1) {
      const tenant = await newTenant(api, { siemStream: true });
      await furnish(api, support, tenant);
      await postgres.asSuperuser('INSERT INTO halton.organisation_admins (organisation_id, user_id) VALUES ($1, $2)', [tenant.organisationId, tenant.ownerId], database); // no login makes one
      await inTransaction(api, bindingOf(tenant), (client) => client.query(
        "INSERT INTO halton.checkout_consent_records (user_id, plan, period, wording_hash, ip, user_agent) VALUES ($1, 'team', 'annual', $2, '192.0.2.1', 'a browser')",
        [tenant.ownerId, randomBytes(32).toString('hex')],
      ));
      // Of a workspace that is no more, brought back as into a restored copy: who was purged here comes no earlier than in 30 days.
      await migrator.query("SELECT halton.import_tombstone($1, now() - interval '31 days', now())", [randomBytes(32)]);
      tenants.push(tenant);
    }
    return tenants;
  } finally {
    for (const pool of [api, support, migrator]) await pool.end();
  }
}

/** The tables of the service, by name and whether they carry the workspace's key. */
export function readTables(postgres: TestPostgres, database: string): Promise<readonly { readonly name: string; readonly ofWorkspace: boolean }[]> {
  return postgres.asSuperuser(
    `SELECT c.oid::regclass::text AS name, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped) AS "ofWorkspace"
     FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'halton'::regnamespace ORDER BY 1`,
    [],
    database,
  );
}

/** Every row of every table, in order of its columns. */
export async function readRows(postgres: TestPostgres, database: string): Promise<Readonly<Record<string, readonly Row[]>>> {
  const rows: Record<string, readonly Row[]> = {};
  for (const { name } of await readTables(postgres, database)) {
    const found = await postgres.asSuperuser<{ row: Row }>(`SELECT to_jsonb(t) AS row FROM ${name} AS t ORDER BY t`, [], database);
    rows[name] = found.map(({ row }) => row);
  }
  return rows;
}
