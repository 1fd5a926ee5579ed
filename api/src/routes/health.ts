import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { answerProblem } from '../error-handler.ts';
import { problemSchema } from '../problem.ts';
import type { ReadinessCheck } from '../readiness.ts';
import { problemResponses } from './route-schema.ts';

/** Asked every few seconds by the load balancer: a line for each would bury the others. */
const quiet = { logLevel: 'warn' } as const;

/** They ask for nothing, and what nobody can store is refused here too. */
const refusal = problemResponses(['REQUEST_INVALID']);

/**
 * Whether the process lives, which it tells without anybody else, and whether it is ready for requests.
 */
export function healthRoutes(readiness: Pick<ReadinessCheck, 'check'>): FastifyPluginAsyncTypebox {
  // eslint-disable-next-line typescript/require-await -- Fastify tells a plugin by its promise
  return async (app) => {
    app.get('/healthz', { ...quiet, schema: { response: { 200: Type.Object({ status: Type.Literal('alive') }), ...refusal } } }, () => ({ status: 'alive' as const }));

    app.get('/readyz', { ...quiet, schema: { response: { 200: Type.Object({ status: Type.Literal('ready') }), ...refusal, 503: problemSchema } } }, async (request, reply) => {
      const verdict = await readiness.check();
      if (verdict.ready) return { status: 'ready' as const };
      request.log.warn({ code: verdict.code, err: verdict.cause }, 'not ready');
      answerProblem(verdict.code, request, reply);
      return reply;
    });
  };
}
