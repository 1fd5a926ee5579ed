import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import { bindingOf } from './tenants.ts';
import type { Tenant } from './tenants.ts';

export const SUPPORT_EMAIL = 'ada@support.example';

/**
 * Lets support in as an owner does.
 *
 * @param more.lasts @default 23 hours
 * @returns the grant's id
 */
export async function grantSupport(api: Pool, tenant: Tenant, { lasts = '23 hours' } = {}): Promise<string> {
  const grantId = randomUUID();
  await inTransaction(api, bindingOf(tenant), (client) =>
    client.query('INSERT INTO halton.support_grants (workspace_id, grant_id, support_email, granted_by, expires_at) VALUES ($1, $2, $3, $4, clock_timestamp() + $5::interval)', [tenant.workspaceId, grantId, SUPPORT_EMAIL, tenant.ownerId, lasts]),
  );
  return grantId;
}

/** Runs work in a transaction of support's. */
export function asSupport<T>(support: Pool, { workspaceId }: Tenant, work: (client: PoolClient) => Promise<T>, supportEmail = SUPPORT_EMAIL): Promise<T> {
  return inTransaction(support, { workspaceId, supportEmail }, work);
}

/** Whether support was let in. */
export async function enterSupport(client: PoolClient): Promise<boolean | undefined> {
  return (await client.query<{ entered: boolean }>('SELECT halton.enter_support() AS entered')).rows[0]?.entered;
}

export async function countRows(client: PoolClient, table: string): Promise<number> {
  return (await client.query(`SELECT FROM halton.${table}`)).rowCount ?? 0;
}
