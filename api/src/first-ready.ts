import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from './service.ts';

/** Milliseconds between two questions: a database that comes back is noticed before the load balancer asks again. */
const PAUSE = 1_000;

/**
 * Waits until the service is ready for the first time, so that one that cannot work listens to nobody.
 *
 * It waits without an end: the load balancer's health check finds nobody, and ECS replaces the task, which counts
 * against the deployment. A limit here would only end the process before ECS had seen why.
 *
 * @param pause waits for so many milliseconds
 */
export async function firstReady({ app, readiness }: Pick<Service, 'app' | 'readiness'>, pause: (milliseconds: number) => Promise<unknown> = sleep): Promise<void> {
  let said: string | undefined;
  for (;;) {
    const verdict = await readiness.check();
    if (verdict.ready) return;
    if (verdict.code !== said) app.log.warn({ code: verdict.code, err: verdict.cause }, 'not ready, so not listening yet');
    said = verdict.code;
    await pause(PAUSE);
  }
}
