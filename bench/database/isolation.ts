import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import { runLoad } from '../load.ts';
import { compare } from '../rounds.ts';
import type { Row } from '../row.ts';
import { insertBatch } from './requests.ts';
import type { Table } from './requests.ts';
import { CLIENTS } from './server.ts';

/** What the policies alone cost: a bound transaction that stores one request and reads it, with and without them. */
export async function isolationRow(api: Pool, workspaces: readonly string[], seconds: number): Promise<Row> {
  let next = 0;
  const on = (table: Table) => async () => {
    const { rate } = await runLoad({ clients: CLIENTS, seconds }, async () => {
      const workspaceId = workspaces[(next += 1) % workspaces.length] ?? '';
      await inTransaction(api, { workspaceId }, async (client) => {
        await insertBatch(client, table, workspaceId, 1);
        await client.query({ name: `read ${table}`, text: `SELECT * FROM ${table} WHERE workspace_id = $1 ORDER BY occurred_at DESC LIMIT 10`, values: [workspaceId] });
      });
    });
    return rate;
  };
  return { name: 'row-level security alone', unit: 'transactions/s', referenceIs: 'the same without policies', target: { atLeast: 0.9 }, ...(await compare(on('halton.requests'), on('plain.requests'))) };
}
