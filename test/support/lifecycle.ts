import pg from 'pg';
import type { ClientBase, Pool } from 'pg';
import { purge } from '../../api/src/jobs/purge.ts';
import type { Pace, PurgeSummary } from '../../api/src/jobs/purge.ts';
import type { TombstoneStore } from '../../api/src/jobs/tombstones.ts';
import type { LoginName } from '../../db/roles.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { TestPostgres } from './postgres.ts';
import { bindingOf } from './tenants.ts';
import type { Tenant } from './tenants.ts';

/** Hours in the 30 days of grace. */
export const GRACE_HOURS = 720;

/** Gives the other tenants no rest, of whom a test has none. */
export const HASTE: Pace = { batch: 2_000, pause: () => Promise.resolve() };

/** Asks for the deletion of a workspace as the API does. */
export function requestDeletion(api: Pool, tenant: Tenant): Promise<unknown> {
  return inTransaction(api, bindingOf(tenant), (client) => client.query('UPDATE halton.workspaces SET deletion_requested_at = now(), deletion_requested_by = $1', [tenant.ownerId]));
}

/** Takes the request back as the API does. */
export function cancelDeletion(api: Pool, tenant: Tenant): Promise<unknown> {
  return inTransaction(api, bindingOf(tenant), (client) => client.query('UPDATE halton.workspaces SET deletion_requested_at = NULL, deletion_requested_by = NULL'));
}

/** Lets hours pass since the request, which the database's clock alone could do: the guard is off meanwhile. */
export async function letHoursPass(postgres: TestPostgres, database: string, tenant: Tenant, hours: number): Promise<void> {
  await postgres.asSuperuser('ALTER TABLE halton.workspaces DISABLE TRIGGER guard_deletion_request', [], database);
  await postgres.asSuperuser("UPDATE halton.workspaces SET deletion_requested_at = deletion_requested_at - make_interval(secs => 3600 * $2::float) WHERE workspace_id = $1", [tenant.workspaceId, hours], database);
  await postgres.asSuperuser('ALTER TABLE halton.workspaces ENABLE ALWAYS TRIGGER guard_deletion_request', [], database);
}

/** Asks for the deletion, and lets the 30 days pass. */
export async function makeDue(postgres: TestPostgres, database: string, api: Pool, tenant: Tenant): Promise<void> {
  await requestDeletion(api, tenant);
  await letHoursPass(postgres, database, tenant, GRACE_HOURS);
}

/** Runs work on a connection of its own. */
export async function withClient<T>(postgres: TestPostgres, database: string, login: LoginName, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = new pg.Client(postgres.asLogin(database, login));
  client.on('error', () => undefined); // a test may end the connection
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** One run of the job. */
export function runPurge(postgres: TestPostgres, database: string, store: TombstoneStore): Promise<PurgeSummary> {
  return withClient(postgres, database, 'halton_jobs', (client) => purge(client, store, { pace: HASTE }));
}

/** How many rows of a workspace each table holds that carries the workspace's key, whichever tables there are. */
export async function rowsByTable(postgres: TestPostgres, database: string, { workspaceId }: Tenant): Promise<Readonly<Record<string, number>>> {
  const tables = await postgres.asSuperuser<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE a.attname = 'workspace_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm') ORDER BY 1`,
    [],
    database,
  );
  const each = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS rows FROM ${name} WHERE workspace_id = $1`);
  const counts = await postgres.asSuperuser<{ name: string; rows: number }>(each.join(' UNION ALL '), [workspaceId], database);
  return Object.fromEntries(counts.map(({ name, rows }) => [name, rows]));
}

/** The tables of `rowsByTable` with rows, or without. */
export function tablesWith(rows: 'some' | 'no', counts: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(counts).filter(([, count]) => (count > 0) === (rows === 'some')).map(([name]) => name);
}
