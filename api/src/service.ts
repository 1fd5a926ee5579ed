import { errorCode } from '../../db/errors.ts';
import type { Release } from '../../db/release.ts';
import { buildApp } from './app.ts';
import type { AppDeps } from './app.ts';
import type { Draining } from './drain.ts';
import { ReadinessCheck } from './readiness.ts';

export interface ServiceOptions extends Omit<AppDeps, 'readiness'> {
  readonly release: Release;
}

/** What was put together: it can be asked whether it is ready, listen, and be drained. */
export interface Service extends Draining {
  readonly readiness: Pick<ReadinessCheck, 'check' | 'drain'>;
}

/** A service that listens to nobody yet. */
export async function newService({ release, ...deps }: ServiceOptions): Promise<Service> {
  const readiness = new ReadinessCheck(deps.pool, release.version);
  const app = await buildApp({ ...deps, readiness });
  const pools = [deps.pool, deps.support];
  // Of a connection that nobody uses; without a listener the process would end.
  for (const pool of pools) pool.on('error', (error) => app.log.warn({ code: errorCode(error) }, 'an idle database connection broke'));
  return { app, readiness, pools };
}
