import type { Pool } from 'pg';
import { errorCode } from '../../db/errors.ts';
import type { Release } from '../../db/release.ts';
import { buildApp } from './app.ts';
import type { AppDeps } from './app.ts';
import type { Draining } from './drain.ts';
import { ReadinessCheck } from './readiness.ts';

export interface ServiceOptions extends Omit<AppDeps, 'readiness'> {
  readonly pool: Pool;
  readonly release: Release;
}

/** What was put together: it can be asked whether it is ready, listen, and be drained. */
export interface Service extends Draining {
  readonly readiness: Pick<ReadinessCheck, 'check' | 'drain'>;
}

/** A service that listens to nobody yet. */
export async function newService({ pool, release, ...options }: ServiceOptions): Promise<Service> {
  const readiness = new ReadinessCheck(pool, release.version);
  const app = await buildApp({ ...options, readiness });
  // Of a connection that nobody uses; without a listener the process would end.
  pool.on('error', (error) => app.log.warn({ code: errorCode(error) }, 'an idle database connection broke'));
  return { app, readiness, pool };
}
