import type { ClientBase } from 'pg';
import type { TimeRange } from '../schemas/range.ts';

/** A stored request; of its body nothing. */
export interface StoredRequest {
  readonly requestId: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly provider: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  /** US dollars. */
  readonly costUsd: string;
  readonly latencyMs: number | null;
  readonly projectId: string | null;
  readonly userId: string;
  readonly deviceId: string | null;
  readonly redactionApplied: boolean;
}

type Row = Omit<StoredRequest, 'inputTokens' | 'outputTokens' | 'cachedTokens'> & Readonly<Record<'inputTokens' | 'outputTokens' | 'cachedTokens', string>>;

/** Rows that are fetched at a time: some 400 KB. */
const FETCHED = 1_000;

/** In the order of the index by which they are found, so that none is sorted. */
const ROWS = `SELECT request_id AS "requestId", occurred_at AS "occurredAt", received_at AS "receivedAt", provider, model, input_tokens AS "inputTokens",
    output_tokens AS "outputTokens", cached_tokens AS "cachedTokens", cost_usd AS "costUsd", latency_ms AS "latencyMs", project_id AS "projectId",
    user_id AS "userId", device_id AS "deviceId", redaction_applied AS "redactionApplied"
  FROM halton.requests WHERE workspace_id = $1 AND occurred_at >= $2 AND occurred_at < $3 ORDER BY occurred_at, request_id`;

/**
 * The requests of a range, oldest first, some at a time and never all of them.
 *
 * @param client in a transaction of its own, which ends with it
 */
export async function* exportRequests(client: ClientBase, workspaceId: string, { from, before }: TimeRange): AsyncGenerator<readonly StoredRequest[], void> {
  await client.query(`DECLARE request_export NO SCROLL CURSOR FOR ${ROWS}`, [workspaceId, from, before]);
  for (;;) {
    const { rows } = await client.query<Row>(`FETCH ${FETCHED} FROM request_export`);
    if (rows.length > 0) yield rows.map(exact);
    if (rows.length < FETCHED) return;
  }
}

/** Tokens are no more than a double holds exactly: none larger is taken in. */
function exact(row: Row): StoredRequest {
  return { ...row, inputTokens: Number(row.inputTokens), outputTokens: Number(row.outputTokens), cachedTokens: Number(row.cachedTokens) };
}
