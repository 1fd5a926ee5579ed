import type { FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { inTransaction } from '../../../db/transaction.ts';
import type { Caller } from '../auth/caller.ts';
import { ProblemError } from '../problem.ts';
import { UUID } from '../schemas/common.ts';

/** Header that names the workspace where the path does not. */
export const WORKSPACE_HEADER = 'x-halton-workspace';

/**
 * Tells the workspace of a request whose path names none: the one that a header names, or else the only one that the caller
 * is a member of. Whether he belongs to it is asserted when it is entered.
 *
 * @throws ProblemError `UNAUTHENTICATED` for a device or a key, `FORBIDDEN` where there is none, as where there is one that is not his; `WORKSPACE_UNNAMED` where
 *   there are several
 */
export async function chooseWorkspace(pool: Pool, request: FastifyRequest, caller: Caller): Promise<string> {
  // A device or a key belongs to one workspace, but does not tell which; and it is good below that alone.
  if (caller.kind !== 'member') throw new ProblemError('UNAUTHENTICATED');
  const named = request.headers[WORKSPACE_HEADER];
  if (named !== undefined) {
    if (typeof named === 'string' && UUID.test(named)) return named;
    throw new ProblemError('FORBIDDEN');
  }
  const [only, ...others] = await memberships(pool, caller.userId);
  if (only === undefined) throw new ProblemError('FORBIDDEN');
  if (others.length > 0) throw new ProblemError('WORKSPACE_UNNAMED');
  return only.workspaceId;
}

/** What somebody is where. */
export interface Membership {
  readonly workspaceId: string;
  readonly role: string;
}

/** Where a user is a member: ids and roles, of which no other row is seen. */
export async function memberships(pool: Pool, userId: string): Promise<readonly Membership[]> {
  return inTransaction(pool, { userId }, async (client) => {
    const { rows } = await client.query<{ workspace_id: string; role: string }>('SELECT workspace_id, role FROM halton.members WHERE user_id = $1 ORDER BY workspace_id', [userId]);
    return rows.map(({ workspace_id, role }) => ({ workspaceId: workspace_id, role }));
  });
}
