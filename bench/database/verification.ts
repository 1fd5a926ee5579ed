import type { ClientBase, Pool } from 'pg';
import { exportEntries } from '../../db/audit/export.ts';
import { verifyChain } from '../../db/audit/verify-chain.ts';
import { inTransaction } from '../../db/transaction.ts';
import { compare } from '../rounds.ts';
import type { Row } from '../row.ts';

/** Entries of one transaction: what it changes again and again it has to look through until it ends. */
const CHUNK = 200;

const append = (client: ClientBase): Promise<unknown> => client.query(
  `SELECT count(*) FROM generate_series(1, $1::integer) AS n, halton.audit_append('member', 'user_' || n, 'policy.changed', 'policy', '{"n":1}')`,
  [CHUNK],
);

/** How fast a chain of so many entries is verified, in the database and from an export, against how fast rows are stored. */
export async function verificationRows(api: Pool, workspaceId: string, entries: number, storedPerSecond: () => Promise<number>): Promise<readonly Row[]> {
  for (let appended = 0; appended < entries; appended += CHUNK) await inTransaction(api, { workspaceId }, append);
  const perSecond = (verify: () => Promise<number>) => async () => {
    const begun = performance.now();
    const verified = await verify();
    if (verified < entries) throw new Error(`Got a chain that holds for ${verified} entries, expected ${entries} at least.`);
    return verified / ((performance.now() - begun) / 1000);
  };
  const inSql = perSecond(() => inTransaction(api, { workspaceId }, async (client) => {
    const { rows } = await client.query<{ entries: string }>('SELECT entries FROM halton.verify_audit()');
    return Number(rows[0]?.entries);
  }));
  const fromExport = perSecond(() => inTransaction(api, { workspaceId }, async (client) => (await verifyChain(workspaceId, exportEntries(client))).entries));
  const row = { unit: 'rows/s', referenceIs: 'raw batch' };
  return [
    { name: 'audit verification in SQL', ...row, ...(await compare(inSql, storedPerSecond)) },
    { name: 'audit verification of an export', ...row, ...(await compare(fromExport, storedPerSecond)) },
  ];
}
