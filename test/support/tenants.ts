import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Pool, PoolClient, PoolConfig } from 'pg';
import type { LoginName } from '../../db/roles.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { Binding } from '../../db/transaction.ts';
import type { TestPostgres } from './postgres.ts';

/** A workspace with its organisation and its owner. */
export interface Tenant {
  readonly workspaceId: string;
  readonly organisationId: string;
  readonly ownerId: string;
}

/** A pool that logs in as one of the service's logins. */
export function poolAs(postgres: TestPostgres, database: string, login: LoginName = 'halton_api_a', max = 4): Pool {
  return quietPool({ ...postgres.asLogin(database, login), max });
}

/** A pool of one connection that logs in as the superuser. */
export function superuserPool(postgres: TestPostgres, database: string): Pool {
  return quietPool({ ...postgres.superuser(database), max: 1 });
}

/** A pool has ended before its connections have closed, and the server that a test stops then cuts them off. */
function quietPool(config: PoolConfig): Pool {
  const pool = new pg.Pool(config);
  pool.on('error', () => undefined);
  return pool;
}

export const bindingOf = ({ workspaceId, organisationId, ownerId }: Tenant): Binding => ({ workspaceId, organisationId, userId: ownerId });

/** Makes a workspace as the API does, with its first entry in the audit log. */
export async function newTenant(pool: Pool, more: { readonly plan?: string; readonly siemStream?: boolean } = {}): Promise<Tenant> {
  const tenant: Tenant = { workspaceId: randomUUID(), organisationId: randomUUID(), ownerId: `user_${randomBytes(8).toString('hex')}` };
  await inTransaction(pool, bindingOf(tenant), async (client) => {
    await client.query('INSERT INTO halton.organisations (organisation_id, name) VALUES ($1, $2)', [tenant.organisationId, 'An organisation']);
    await client.query('INSERT INTO halton.workspaces (workspace_id, organisation_id, name, plan, siem_stream) VALUES ($1, $2, $3, $4, $5)', [
      tenant.workspaceId, tenant.organisationId, 'A workspace', more.plan ?? 'enterprise', more.siemStream ?? false,
    ]);
    await client.query("INSERT INTO halton.members (workspace_id, user_id, role) VALUES ($1, $2, 'owner')", [tenant.workspaceId, tenant.ownerId]);
    await appendAudit(client, tenant.ownerId, 'workspace.created', tenant.workspaceId);
  });
  return tenant;
}

/** Appends an entry to the bound workspace's chain. */
export async function appendAudit(client: PoolClient, actor: string, action: string, target: string, details: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await client.query('SELECT halton.audit_append($1, $2, $3, $4, $5)', ['member', actor, action, target, JSON.stringify(details)]);
}

/** Stores requests of these ids in the bound workspace. */
export async function insertRequests(client: PoolClient, { workspaceId, ownerId }: Tenant, ids: readonly string[], occurredAt = new Date()): Promise<void> {
  await client.query(
    `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id)
     SELECT $1, id, $3, 'anthropic', 'a-model', 10, 20, 0.0001234567, $4 FROM unnest($2::text[]) AS id`,
    [workspaceId, ids, occurredAt, ownerId],
  );
}
