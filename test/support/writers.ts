import type { Pool } from 'pg';
import { appendAudit } from '../../db/audit/append.ts';
import type { Anchor } from '../../db/audit/verify-chain.ts';
import { inTransaction } from '../../db/transaction.ts';
import { verdictsOf } from './audit.ts';
import { bindingOf, newTenant } from './tenants.ts';
import type { Tenant } from './tenants.ts';

/** What was appended and committed, by workspace. */
export type Acknowledged = ReadonlyMap<Tenant, readonly Anchor[]>;

/** So many workspaces, of which each has its first entry. */
export async function newTenants(pool: Pool, count: number): Promise<readonly Tenant[]> {
  return Promise.all(Array.from({ length: count }, () => newTenant(pool)));
}

/**
 * Appends with so many writers at once, each to a workspace at random, one entry a transaction.
 *
 * @param entries of each writer
 */
export async function writeAtOnce(pool: Pool, tenants: readonly Tenant[], writers: number, entries: number): Promise<Acknowledged> {
  const acknowledged = new Map(tenants.map((tenant): [Tenant, Anchor[]] => [tenant, []]));
  const write = async (writer: number) => {
    for (let entry = 1; entry <= entries; entry += 1) {
      const tenant = tenants[Math.floor(Math.random() * tenants.length)];
      if (tenant === undefined) throw new Error('Expected a tenant.');
      const anchor = await inTransaction(pool, bindingOf(tenant), (client) => appendAudit(client, { actorKind: 'member', actor: `writer ${writer}`, action: 'project.created', target: `project ${entry}` }));
      acknowledged.get(tenant)?.push(anchor);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return acknowledged;
}

/** What is wrong with the chains of these workspaces: nothing where both verifiers find every entry that was acknowledged, and no more. */
export async function troubleWith(pool: Pool, acknowledged: Acknowledged): Promise<readonly string[]> {
  const trouble = await Promise.all(Array.from(acknowledged, async ([tenant, anchors]) => {
    const expected = `${anchors.length + 1} verified`; // the first entry was made with the workspace
    const sequences = anchors.map(({ sequence }) => sequence).toSorted((a, b) => a - b);
    const repeated = sequences.some((sequence, index) => sequence !== index + 2);
    const last = anchors.find(({ sequence }) => sequence === anchors.length + 1);
    const { sql, export: exported } = await verdictsOf(pool, tenant, last);
    return [
      ...(repeated ? [`${tenant.workspaceId}: got the sequences ${sequences.join(', ')}, expected each once from 2 on`] : []),
      ...[sql, exported].filter((verdict) => verdict !== expected).map((verdict) => `${tenant.workspaceId}: got ${verdict}, expected ${expected}`),
    ];
  }));
  return trouble.flat();
}
