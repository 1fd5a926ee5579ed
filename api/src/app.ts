import { randomUUID } from 'node:crypto';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { Certificate } from './certificate.ts';
import { answerClientError } from './client-error.ts';
import { answerError, answerProblem } from './error-handler.ts';
import { securityHeaders } from './headers.ts';
import { logOptions } from './logger.ts';
import type { LogStream } from './logger.ts';
import { trustLoadBalancer } from './proxy.ts';
import type { ReadinessCheck } from './readiness.ts';
import { ApiKeySecrets } from './auth/api-keys.ts';
import { FailedAttempts } from './auth/failures.ts';
import { MemberTokens } from './auth/member-token.ts';
import type { Identity } from './identity.ts';
import { describeApi } from './openapi.ts';
import type { RouteDeps } from './routes/deps.ts';
import { healthRoutes } from './routes/health.ts';
import { pairingRoutes } from './routes/pairing.ts';
import { registerBillingWebhook } from './routes/billing-webhook.ts';
import { registerSecurityTxt } from './routes/security-txt.ts';
import { registerSupportReads } from './routes/support-reads.ts';
import { registerUserRoutes, registerWorkspaceRoutes } from './routes/register.ts';
import { userRoutes } from './routes/user-routes.ts';
import { workspaceRoutes } from './routes/workspace-routes.ts';
import { refuseUnstorable } from './unstorable.ts';

export interface AppDeps extends RouteDeps {
  readonly readiness: Pick<ReadinessCheck, 'check'>;
  readonly log: {
    /** A level of pino. */
    readonly level: string;
    /** @default standard output */
    readonly stream?: LogStream;
  };
  /** @default plain HTTP */
  readonly tls?: Certificate;
  /** Where the load balancer stands, whose X-Forwarded-For tells the client's address. @default nobody is believed */
  readonly proxyRange?: string;
  readonly identity: Identity;
}

/** Milliseconds that an unused connection stays open: longer than the load balancer's 60 s, which would otherwise send a request into a connection that is just being closed. */
const KEEP_ALIVE = 75_000;
/** Milliseconds for a request to arrive whole: as long as the load balancer itself would wait. */
const REQUEST_TIMEOUT = 60_000;

/** Puts the service together; it listens to nobody yet. */
export async function buildApp({ readiness, log, tls, proxyRange, identity, ...routeDeps }: AppDeps): Promise<FastifyInstance> {
  const app = fastify({
    // Fastify's own setting, and no server made beside it: by this one the log says https where it is.
    https: tls ? { ...tls, minVersion: 'TLSv1.2' } : null,
    keepAliveTimeout: KEEP_ALIVE,
    requestTimeout: REQUEST_TIMEOUT,
    trustProxy: trustLoadBalancer(proxyRange),
    genReqId: () => randomUUID(),
    logger: logOptions(log.level, log.stream),
    // What is asked while the service drains is answered like everything else: the connection closes after it.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerError,
    // Ajv would otherwise turn "1" into 1 and drop what it does not know: the caller would never learn of the mistake.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, strict: true } },
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => answerProblem('ROUTE_UNKNOWN', request, reply));
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(request.id));
  });
  app.addHook('preValidation', refuseUnstorable);
  app.decorateRequest('caller');
  app.decorateRequest('entered');
  await describeApi(app);
  await app.register(healthRoutes(readiness));
  registerSecurityTxt(app);
  const failures = new FailedAttempts();
  await app.register(pairingRoutes({ pool: routeDeps.pool, failures }));
  await app.register((api, _, done) => {
    const deps = { pool: routeDeps.pool, tokens: new MemberTokens(identity), failures, secrets: new ApiKeySecrets() };
    registerWorkspaceRoutes(api, deps, workspaceRoutes({ ...routeDeps, failures }));
    registerUserRoutes(api, deps, userRoutes(routeDeps));
    registerSupportReads(api, routeDeps, deps);
    registerBillingWebhook(api, routeDeps);
    done();
  });
  return app;
}
