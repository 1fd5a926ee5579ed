import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { problemSchema } from './problem.ts';

/** Name of the schema that every refusal has: it stands in the document once. */
export const PROBLEM_SCHEMA = 'Problem';

/** Describes the routes that are registered from now on, as OpenAPI 3.1, and serves that at `/openapi.json`. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  app.addSchema({ $id: PROBLEM_SCHEMA, ...problemSchema });
  await app.register(swagger, {
    // By their names: a number would change with whatever is registered before.
    refResolver: { buildLocalReference: ({ $id }, _base, _fragment, index) => (typeof $id === 'string' ? $id : `schema-${index}`) },
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Halton Meter Cloud',
        description: 'Meters what teams spend on LLM APIs. Every error is a problem (RFC 9457) whose `code` never changes its meaning.',
        version: '1',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: "A session token of the identity provider, a device's `hm_sync_…` token with the machine's id in `x-halton-machine-id`, or an API key `hm_key_…`." },
        },
      },
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
