import type { Pool, PoolClient } from 'pg';
import { appendAudit } from '../../db/audit/append.ts';
import { exportEntries } from '../../db/audit/export.ts';
import type { ExportedEntry } from '../../db/audit/hash.ts';
import { verifyChain } from '../../db/audit/verify-chain.ts';
import type { Anchor } from '../../db/audit/verify-chain.ts';
import { inTransaction } from '../../db/transaction.ts';
import { bindingOf } from './tenants.ts';
import type { Tenant } from './tenants.ts';

/** What a verifier answers, as a line: `10 verified`, or `4 verified, changed at 5`. */
export type Verdict = string;

/** What both verifiers say of one state of the bound workspace's log. */
export interface Verdicts {
  readonly sql: Verdict;
  readonly export: Verdict;
}

/** Both say the same. */
export const both = (verdict: Verdict): Verdicts => ({ sql: verdict, export: verdict });

/** The log of a tenant's workspace as an export. */
export async function exportOf(pool: Pool, tenant: Tenant): Promise<readonly ExportedEntry[]> {
  return inTransaction(pool, bindingOf(tenant), async (client) => {
    const entries: ExportedEntry[] = [];
    for await (const entry of exportEntries(client)) entries.push(entry);
    return entries;
  });
}

/** Asks both verifiers, as the login of the pool and bound to the tenant's workspace. */
export async function verdictsOf(pool: Pool, tenant: Tenant, anchor?: Anchor): Promise<Verdicts> {
  return inTransaction(pool, bindingOf(tenant), (client) => verdictsIn(client, tenant.workspaceId, anchor));
}

/** Asks both verifiers in a transaction that is bound to the workspace. */
export async function verdictsIn(client: PoolClient, workspaceId: string, anchor?: Anchor): Promise<Verdicts> {
  // As two queries of a transaction that only reads they see one state, unless somebody appends at the moment.
  const { rows: [sql] } = await client.query<{ entries: string; bad_sequence: string | null; fault: string | null }>(
    "SELECT * FROM halton.verify_audit($1, decode($2, 'hex'))", [anchor?.sequence ?? null, anchor?.hash ?? null],
  );
  const { entries, fault } = await verifyChain(workspaceId, exportEntries(client), anchor);
  return { sql: line(sql?.entries, sql?.fault, sql?.bad_sequence), export: line(entries, fault?.code, fault?.sequence) };
}

function line(entries: string | number | undefined, fault?: string | null, sequence?: string | number | null): Verdict {
  return fault === undefined || fault === null ? `${entries} verified` : `${entries} verified, ${fault} at ${sequence}`;
}

/** Appends so many entries to a tenant's log, in one transaction. */
export async function appendEntries(pool: Pool, tenant: Tenant, count: number): Promise<readonly Anchor[]> {
  return inTransaction(pool, bindingOf(tenant), async (client) => {
    const anchors: Anchor[] = [];
    for (let entry = 1; entry <= count; entry += 1) {
      anchors.push(await appendAudit(client, { actorKind: 'member', actor: tenant.ownerId, action: 'project.renamed', target: `project ${entry}`, details: { from: 'a', to: `Größe ${entry}` } }));
    }
    return anchors;
  });
}
