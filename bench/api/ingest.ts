import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { ArrivingRow } from '../../api/src/schemas/usage.ts';
import { insertBatch } from '../database/requests.ts';
import { CLIENTS } from '../database/server.ts';
import { runLoad } from '../load.ts';
import { compare } from '../rounds.ts';
import type { Measure } from '../rounds.ts';
import type { Row, Target } from '../row.ts';
import type { Sender } from './layout.ts';
import type { Client } from './send.ts';

/** Rows of a batch, and what is promised of it. */
export const BATCHES: readonly (readonly [size: number, target: Target])[] = [[1, { atLeast: 0.15 }], [100, { atLeast: 0.35 }], [500, { atLeast: 0.5 }]];

/** Does one batch over HTTP. */
export type Ingest = (size: number) => Promise<unknown>;

/** Batches over HTTP, to one workspace after the other. */
export function ingestOver(client: Client, senders: readonly Sender[]): Ingest {
  let next = 0;
  return (size) => {
    const { workspaceId = '', token = '' } = senders[(next += 1) % senders.length] ?? {};
    return client.send({ method: 'POST', path: `/v1/${workspaceId}/requests`, token, body: JSON.stringify({ requests: arrivingBatch(size) }) });
  };
}

/** The same rows stored by one statement and nothing else. */
export function insertInto(api: Pool, senders: readonly Sender[]): Ingest {
  let next = 0;
  return (size) => insertBatch(api, 'plain.requests', senders[(next += 1) % senders.length]?.workspaceId ?? '', size);
}

/** Rows a second over HTTP, against plain inserts of the same rows. */
export async function ingestRow(http: Ingest, plain: Ingest, [size, target]: (typeof BATCHES)[number], seconds: number): Promise<Row> {
  const perSecond = (ingest: Ingest): Measure => async () => (await runLoad({ clients: CLIENTS, seconds }, () => ingest(size))).rate * size;
  return { name: `batch of ${size} over HTTP`, unit: 'rows/s', referenceIs: 'plain insert', target, ...(await compare(perSecond(http), perSecond(plain))) };
}

/** What insertBatch stores, as a client sends it. */
function arrivingBatch(size: number): readonly ArrivingRow[] {
  const occurredAt = new Date().toISOString();
  return Array.from({ length: size }, (_, index) => ({
    requestId: `req_${randomUUID()}`, occurredAt, provider: 'anthropic', model: `model-${index % 5}`, inputTokens: 1000 + index, outputTokens: 200 + index,
    cachedTokens: index % 100, costUsd: `0.00${1000 + index}`, latencyMs: 300 + index, userId: `user_${index % 7}`,
  }));
}
