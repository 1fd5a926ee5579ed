import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import { runLoad } from '../load.ts';
import { compare } from '../rounds.ts';
import type { Row } from '../row.ts';
import { fillWorkspaces, makeWorkspaces } from './layout.ts';
import { CLIENTS } from './server.ts';
import type { BenchServer } from './server.ts';

/** Requests of each workspace, and so of every answer. */
const EACH = 50;

/**
 * A workspace reads its requests, where it is the only one and where it is one of many.
 *
 * @param tenants how many the large one has
 * @param workspaces those of the large database that have as many requests as the only one of the small
 */
export async function growthRow({ large, small }: BenchServer, tenants: number, workspaces: readonly string[], seconds: number): Promise<Row> {
  const alone = await makeWorkspaces(small.superuser, 1);
  await fillWorkspaces(small.superuser, alone, EACH);
  let next = 0;
  const reads = (api: Pool, ids: readonly string[]) => async () => {
    const { rate } = await runLoad({ clients: CLIENTS, seconds }, () => {
      const workspaceId = ids[(next += 1) % ids.length] ?? '';
      return inTransaction(api, { workspaceId }, (client) => client.query({
        name: 'range',
        text: 'SELECT * FROM halton.requests WHERE workspace_id = $1 AND occurred_at >= now() - interval \'1 day\' AND occurred_at < now() ORDER BY occurred_at, request_id LIMIT 100',
        values: [workspaceId],
      }));
    });
    return rate;
  };
  const compared = await compare(reads(large.api, workspaces), reads(small.api, alone));
  return { name: `range of requests, one of ${tenants.toLocaleString('en')} workspaces`, unit: 'queries/s', referenceIs: 'the only workspace', target: { atLeast: 0.8 }, ...compared };
}
