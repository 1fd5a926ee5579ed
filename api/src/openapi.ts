import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

/** Describes the routes that are registered from now on, as OpenAPI 3.1, and serves that at `/openapi.json`. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
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
