import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';

/** The table with its policies, or its copy without. */
export type Table = 'halton.requests' | 'plain.requests';

/** Stores a batch of requests in one statement, as a daemon sends them. */
export async function insertBatch(client: ClientBase | Pool, table: Table, workspaceId: string, size: number): Promise<void> {
  const each = <T>(value: (index: number) => T) => Array.from({ length: size }, (_, index) => value(index));
  await client.query({
    name: `insert ${table}`,
    text: `INSERT INTO ${table} (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cached_tokens, cost_usd, latency_ms, user_id)
      SELECT $1, * FROM unnest($2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::numeric[], $10::integer[], $11::text[])`,
    values: [
      workspaceId,
      each(() => `req_${randomUUID()}`),
      each(() => new Date()),
      each(() => 'anthropic'),
      each((index) => `model-${index % 5}`),
      each((index) => 1000 + index),
      each((index) => 200 + index),
      each((index) => index % 100),
      each((index) => `0.00${1000 + index}`),
      each((index) => 300 + index),
      each((index) => `user_${index % 7}`),
    ],
  });
}
