import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import { runLoad } from '../load.ts';
import { compare } from '../rounds.ts';
import type { Measure } from '../rounds.ts';
import type { Row } from '../row.ts';
import { insertBatch } from './requests.ts';
import { CLIENTS } from './server.ts';

const BATCH = 100;

/** A batch of 100 with its one entry in the audit log, against the same rows stored by one statement and nothing else. */
export async function batchRow(api: Pool, workspaces: readonly string[], seconds: number, atLeast: number): Promise<Row> {
  const audited = rowsPerSecond(workspaces, seconds, (workspaceId) =>
    inTransaction(api, { workspaceId }, async (client) => {
      await insertBatch(client, 'halton.requests', workspaceId, BATCH);
      // The head stays locked until the commit, so this comes last.
      await client.query({ name: 'append', text: 'SELECT halton.audit_append($1, $2, $3, $4, $5)', values: ['device', 'a device', 'usage.recorded', workspaceId, `{"requests":${BATCH}}`] });
    }));
  const where = workspaces.length === 1 ? 'one hot workspace' : `${workspaces.length.toLocaleString('en')} workspaces`;
  const compared = await compare(audited, rawBatch(api, workspaces, seconds));
  return { name: `batch of ${BATCH} with one audit entry, ${where}`, unit: 'rows/s', referenceIs: 'raw batch', target: { atLeast }, ...compared };
}

/** Rows a second that are stored in batches without a policy, a binding and an audit entry. */
export function rawBatch(api: Pool, workspaces: readonly string[], seconds: number): Measure {
  return rowsPerSecond(workspaces, seconds, (workspaceId) => insertBatch(api, 'plain.requests', workspaceId, BATCH));
}

function rowsPerSecond(workspaces: readonly string[], seconds: number, store: (workspaceId: string) => Promise<void>): Measure {
  let next = 0;
  return async () => {
    const { rate } = await runLoad({ clients: CLIENTS, seconds }, () => store(workspaces[(next += 1) % workspaces.length] ?? ''));
    return rate * BATCH;
  };
}
