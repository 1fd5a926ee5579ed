import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import type { ReadinessCheck } from './readiness.ts';

export interface DrainLimits {
  /** Milliseconds between saying that this process is not ready and refusing connections. */
  readonly notice: number;
  /** Milliseconds that requests under way may take to end. */
  readonly finish: number;
}

/**
 * ECS takes a task out of the load balancer, then sends SIGTERM, and kills it 30 s later. For five of them whoever has
 * not heard of it yet still gets an answer, requests have twenty to end, and five remain for the rest.
 */
export const ECS_LIMITS: DrainLimits = { notice: 5_000, finish: 20_000 };

/** Milliseconds: by then no query is under way, and what still holds a connection is stuck. */
const POOL_CLOSE = 2_000;

export interface Draining {
  readonly app: FastifyInstance;
  readonly readiness: Pick<ReadinessCheck, 'drain'>;
  readonly pools: readonly Pool[];
}

/**
 * Ends the service without breaking a request: not ready, then no new connections, then the requests under way, then
 * the database.
 *
 * @returns false when requests took too long and were cut off
 */
export async function drain({ app, readiness, pools }: Draining, { notice, finish }: DrainLimits): Promise<boolean> {
  readiness.drain();
  app.log.info({ notice, finish }, 'draining');
  await sleep(notice);
  const closed = app.close();
  const inTime = await within(finish, closed);
  if (!inTime) {
    app.log.warn('requests were cut off');
    app.server.closeAllConnections();
    await closed;
  }
  await within(POOL_CLOSE, Promise.all(pools.map((pool) => pool.end())));
  return inTime;
}

/** Whether it ended in time. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const done = work.then(() => true);
  const late = sleep(milliseconds, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([done, late]);
  } finally {
    timer.abort();
  }
}
