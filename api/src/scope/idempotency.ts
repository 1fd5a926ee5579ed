import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { invalid, ProblemError } from '../problem.ts';
import { actorOf } from './scope.ts';
import type { Scope } from './scope.ts';

/** Header by which a client says that a request is the same as one before (draft-ietf-httpapi-idempotency-key-header). */
export const IDEMPOTENCY_HEADER = 'idempotency-key';

/** Characters of an answer that is kept: what the table takes. A longer one is made anew. */
const LONGEST = 65_536;

/** An answer that was given before. */
export interface Replayed {
  readonly answer: unknown;
}

/**
 * Does work once for each key of a workspace: who sends a request again within a day is given the answer of the first, and
 * nothing is done or recorded again.
 *
 * @param status of the answer, where it goes well
 * @throws ProblemError `IDEMPOTENCY_KEY_REUSED` where the key came with another request or from somebody else, `TOO_BUSY`
 *   where the first is still under way
 */
export async function onceForKey<Outcome extends { readonly answer: unknown }>(scope: Scope, request: FastifyRequest, status: number, work: () => Promise<Outcome>): Promise<Outcome | Replayed> {
  const key = request.headers[IDEMPOTENCY_HEADER];
  if (key === undefined) return work();
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) throw invalid('headers', `/${IDEMPOTENCY_HEADER}`, 'up to 255 printable characters');
  const { client, workspace: { workspaceId } } = scope;
  const hash = hashOf(scope, request);
  const { rows: [known] } = await client.query<{ same: boolean; response: string }>(
    'SELECT request_hash = $3 AS same, response FROM halton.idempotency_keys WHERE workspace_id = $1 AND idempotency_key = $2',
    [workspaceId, key, hash],
  );
  if (known?.same === false) throw new ProblemError('IDEMPOTENCY_KEY_REUSED');
  if (known !== undefined) return { answer: known.response === '' ? undefined : JSON.parse(known.response) };
  const outcome = await work();
  const response = outcome.answer === undefined ? '' : JSON.stringify(outcome.answer);
  if (response.length > LONGEST) return outcome;
  const { rowCount } = await client.query(
    'INSERT INTO halton.idempotency_keys (workspace_id, idempotency_key, request_hash, status, response) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    [workspaceId, key, hash, status, response],
  );
  // The same one came twice at once, and the other was first: this one is undone.
  if (rowCount === 0) throw new ProblemError('TOO_BUSY', { retryAfter: 1 });
  return outcome;
}

/** Of what was asked and by whom: a key that somebody else has used tells nothing of what he was answered. */
function hashOf({ principal }: Scope, { method, url, body }: FastifyRequest): Buffer {
  const { actorKind, actor } = actorOf(principal);
  return createHash('sha256').update(JSON.stringify([actorKind, actor, method, url, body ?? null])).digest();
}
