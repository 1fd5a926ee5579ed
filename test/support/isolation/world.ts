import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { inTransaction } from '../../../db/transaction.ts';
import type { Binding } from '../../../db/transaction.ts';
import { furnish } from '../furnish.ts';
import type { TestPostgres } from '../postgres.ts';
import { bindingOf, newTenant, poolAs, superuserPool } from '../tenants.ts';
import type { Tenant } from '../tenants.ts';
import { readSeeds, readTables, TENANT_LOGINS } from './tables.ts';
import type { Row, Scope, TenantLogin, TenantTable } from './tables.ts';

/** State of what belongs to each owner, as `workspace:…`: whatever is written there, be it the same again, changes it. */
export type Fingerprints = ReadonlyMap<string, string>;

/** Some tenants in a database, with rows in every table, and the logins that work for them. */
export interface World {
  readonly tenants: readonly Tenant[];
  readonly tables: readonly TenantTable[];
  readonly pools: Readonly<Record<TenantLogin, Pool>>;
  readonly superuser: Pool;
  /** Whom every tenant has let in. */
  readonly supportEmail: string;
  /** A row of each owner in each table, as it was at the beginning. */
  readonly seeds: ReadonlyMap<string, ReadonlyMap<string, Row>>;
  end(): Promise<void>;
}

/** Makes a database with so many tenants, of which the first one's owner is a member of the second's workspace too. */
export async function newWorld(postgres: TestPostgres, count: number): Promise<World> {
  const database = await postgres.migrated();
  const pools = { halton_api_a: poolAs(postgres, database, 'halton_api_a', 2), halton_jobs: poolAs(postgres, database, 'halton_jobs', 2), halton_support: poolAs(postgres, database, 'halton_support', 2) };
  const superuser = superuserPool(postgres, database);
  const tenants: Tenant[] = [];
  let supportEmail = '';
  for (let index = 0; index < count; index += 1) {
    const tenant = await newTenant(pools.halton_api_a);
    ({ supportEmail } = await furnish(pools.halton_api_a, pools.halton_support, tenant));
    await superuser.query('INSERT INTO halton.organisation_admins (organisation_id, user_id) VALUES ($1, $2)', [tenant.organisationId, tenant.ownerId]);
    await inTransaction(pools.halton_api_a, bindingOf(tenant), async (client) => {
      await client.query("INSERT INTO halton.checkout_consent_records (user_id, plan, period, wording_hash, ip, user_agent) VALUES ($1, 'team', 'annual', repeat('a', 64), '192.0.2.1', 'a browser')", [tenant.ownerId]);
      await client.query("INSERT INTO halton.members (workspace_id, user_id, role) VALUES ($1, $2, 'member')", [tenant.workspaceId, tenants[0]?.ownerId ?? 'user_other']);
    });
    tenants.push(tenant);
  }
  await superuser.query('ANALYZE'); // statistics hold values of rows, and could tell them
  const tables = await readTables(superuser);
  const seeds = new Map<string, ReadonlyMap<string, Row>>();
  for (const table of tables) seeds.set(table.name, await readSeeds(superuser, table));
  return {
    tenants, tables, pools, superuser, supportEmail, seeds,
    async end() {
      await Promise.all([superuser, ...TENANT_LOGINS.map((login) => pools[login])].map((pool) => pool.end()));
    },
  };
}

/** Reads the state of every owner, in all tables. */
export async function fingerprints({ superuser, tables }: World): Promise<Fingerprints> {
  const lines = tables.map(({ name, scope, owner }) => `SELECT '${scope}:' || coalesce(${owner}::text, '') AS owner, '${name} ' || t.xmin || t::text AS line FROM halton.${name} t`);
  const { rows } = await superuser.query<{ owner: string; state: string }>(
    `SELECT owner, count(*) || ' rows, ' || sum(hashtextextended(line, 0)) AS state FROM (${lines.join(' UNION ALL ')}) written GROUP BY owner`,
  );
  return new Map(rows.map(({ owner, state }) => [owner, state]));
}

/** Brings back what belonged to a tenant at the beginning and was deleted. */
export async function restore({ superuser, seeds }: World, { name, owner }: TenantTable): Promise<void> {
  const rows = [...(seeds.get(name)?.values() ?? [])];
  await superuser.query(`INSERT INTO halton.${name} SELECT * FROM jsonb_populate_recordset(NULL::halton.${name}, $1) r WHERE r.${owner} IS NOT NULL ON CONFLICT DO NOTHING`, [JSON.stringify(rows)]);
}

/** Whom somebody acts for: a tenant by its place, or nobody in one of the ways to be nobody. */
export type Acting = number | 'nobody' | 'never bound' | 'a workspace that is none' | 'no UUID';

/** What a transaction is bound to. */
export function bindingFor({ tenants, supportEmail }: World, acting: Acting): Binding {
  if (typeof acting === 'number') {
    const tenant = tenants[acting % tenants.length];
    if (tenant === undefined) throw new Error('Expected a tenant.');
    return { ...bindingOf(tenant), supportEmail };
  }
  if (acting === 'a workspace that is none') return { workspaceId: randomUUID(), organisationId: randomUUID(), userId: 'user_nobody', supportEmail };
  return acting === 'no UUID' ? { workspaceId: 'acme', organisationId: 'acme' } : {};
}

/** The owner in this scope that a binding opens. */
export function ownerIn(scope: Scope, { workspaceId = '', organisationId = '', userId = '' }: Binding): string {
  return { workspace: workspaceId, organisation: organisationId, user: userId }[scope];
}
