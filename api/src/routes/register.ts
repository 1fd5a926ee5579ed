import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { appendAudit } from '../../../db/audit/append.ts';
import { refused, tellCaller } from '../auth/caller.ts';
import type { Caller, CallerDeps } from '../auth/caller.ts';
import { answerError, codeOf } from '../error-handler.ts';
import { ProblemError } from '../problem.ts';
import { UUID } from '../schemas/common.ts';
import { enter, userAgentOf } from '../scope/enter.ts';
import type { EnterDeps } from '../scope/enter.ts';
import { onceForKey } from '../scope/idempotency.ts';
import { chooseWorkspace } from '../scope/memberships.ts';
import { isAllowed } from '../scope/permissions.ts';
import { actorOf } from '../scope/scope.ts';
import type { Scope } from '../scope/scope.ts';
import { sendDownload } from './download.ts';
import { BODY_LIMIT, statusOf, takesKey, userRouteSchema, workspaceRouteSchema } from './route-schema.ts';
import type { Outcome, RouteSchemas, UserRoute, WorkspaceRoute } from './route.ts';

/** What routes of a workspace need besides what their handlers do. */
export interface ScopeDeps extends CallerDeps, EnterDeps {}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the body is read, on every route that asks who it is. */
    caller: Caller | undefined;
    /** Whether its handler has begun. */
    entered: boolean | undefined;
  }
  interface FastifyContextConfig {
    /** What a route says of itself; a test reads it. */
    route?: WorkspaceRoute | UserRoute;
  }
}

/** Puts routes behind the one dependency: who asks is told first, then bound to one workspace, and then the handler runs. */
export function registerWorkspaceRoutes(app: FastifyInstance, deps: ScopeDeps, routes: readonly WorkspaceRoute[]): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      bodyLimit: route.bodyLimit ?? BODY_LIMIT,
      config: { route },
      schema: workspaceRouteSchema(route),
      // What is wrong with a request is told to who may make it.
      attachValidation: true,
      onRequest: async (request) => {
        request.caller = await tellCaller(deps, request);
      },
      errorHandler: (error, request, reply) => refuseUnread(deps, route, error, request, reply),
      handler: (request, reply) => answer(deps, route, request, reply),
    });
  }
}

/** Puts routes behind a verified token of the identity provider, which no device and no key has. */
export function registerUserRoutes(app: FastifyInstance, deps: CallerDeps, routes: readonly UserRoute[]): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      bodyLimit: route.bodyLimit ?? BODY_LIMIT,
      config: { route },
      schema: userRouteSchema(route),
      onRequest: async (request) => {
        request.caller = await tellCaller(deps, request);
        // A token of a device and a key are good below their workspace alone, where it can be told whether they are.
        if (request.caller.kind !== 'member') throw new ProblemError('UNAUTHENTICATED');
      },
      handler: async (request, reply) => {
        const user = { userId: memberOf(request.caller), ip: request.ip, userAgent: userAgentOf(request) };
        // eslint-disable-next-line typescript/no-unsafe-type-assertion -- validated by the schemas that the handler's types come from
        const { answer: content } = await route.handle(user, { params: request.params, query: request.query, body: request.body } as never);
        return reply.code(statusOf(route)).send(content);
      },
    });
  }
}

function memberOf(caller: Caller | undefined): string {
  if (caller?.kind !== 'member') throw new Error('Got a request without a member, expected the hook to have told one.');
  return caller.userId;
}

async function answer(deps: ScopeDeps, route: WorkspaceRoute, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { caller } = request;
  if (caller === undefined) throw new Error('Got a request without a caller, expected the hook to have told one.');
  request.entered = true;
  const workspaceId = await workspaceOf(deps, route, request, caller);
  const use: { known?: Scope } = {};
  try {
    const { answer: content, download } = await enter(deps, request, caller, workspaceId, async (scope) => {
      use.known = scope;
      return handleInScope(route, scope, request);
    });
    if (download !== undefined) return await sendDownload(reply, download);
    return await reply.code(statusOf(route)).send(content);
  } catch (error) {
    if (use.known?.principal.kind === 'api_key') {
      await recordRefusedUse(deps, route, request, caller, workspaceId, error).catch((failed: unknown) => {
        // What the caller is told is why the request itself was refused.
        request.log.error({ err: failed, code: 'USE_NOT_RECORDED' }, 'the use of a key could not be recorded');
      });
    }
    throw error;
  }
}

/**
 * Answers what failed; where that was before the handler, as a body that is no JSON, who may not come in is told that instead,
 * and the use of a key is recorded like any other.
 */
async function refuseUnread(deps: ScopeDeps, route: WorkspaceRoute, error: FastifyError | ProblemError, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { caller, entered } = request;
  if (caller === undefined || caller.kind === 'member' || entered === true) {
    answerError(error, request, reply);
    return;
  }
  try {
    await recordRefusedUse(deps, route, request, caller, await workspaceOf(deps, route, request, caller), error);
    answerError(error, request, reply);
  } catch (refusal) {
    answerError(refusal instanceof ProblemError ? refusal : error, request, reply);
  }
}

async function handleInScope(route: WorkspaceRoute, scope: Scope, request: FastifyRequest): Promise<Outcome<RouteSchemas>> {
  const { workspace, principal, client } = scope;
  if (!isAllowed(route.permission, principal, workspace.features)) throw new ProblemError('FORBIDDEN');
  // What a device may is served below /v1/:workspace/ too, and it may be nowhere else.
  if (principal.kind === 'device' && !route.path.startsWith('/v1/:workspace/')) throw new ProblemError('FORBIDDEN');
  if (request.validationError !== undefined) throw request.validationError;
  if (workspace.awaitsDeletion && route.records.length > 0 && route.inGrace !== true) throw new ProblemError('WORKSPACE_READ_ONLY');
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- validated by the schemas that the handler's types come from
  const handle = () => route.handle(scope, { params: request.params, query: request.query, body: request.body } as never);
  const outcome: Outcome<RouteSchemas> = takesKey(route) ? await onceForKey(scope, request, statusOf(route), handle) : await handle();
  const { recorded = [] } = outcome;
  const undeclared = recorded.find(({ action }) => !route.records.includes(action));
  if (undeclared !== undefined) throw new Error(`Got ${undeclared.action} recorded, expected one of what ${route.method} ${route.path} says that it records.`);
  for (const entry of recorded) await appendAudit(client, { ...actorOf(principal), ...entry });
  // Every use of a key leaves its trace, also where it changed nothing.
  if (principal.kind === 'api_key' && recorded.length === 0) await appendAudit(client, { ...actorOf(principal), action: 'api_key.used', target: principal.keyId, details: { route: `${route.method} ${route.path}` } });
  return outcome;
}

/** In a transaction of its own, since what was refused is rolled back. */
async function recordRefusedUse(deps: ScopeDeps, route: WorkspaceRoute, request: FastifyRequest, caller: Caller, workspaceId: string, error: unknown): Promise<void> {
  await enter(deps, request, caller, workspaceId, async ({ client, principal }) => {
    if (principal.kind !== 'api_key') return;
    const code = error instanceof Error ? codeOf(error) : 'INTERNAL';
    await appendAudit(client, { ...actorOf(principal), action: 'api_key.used', target: principal.keyId, details: { route: `${route.method} ${route.path}`, refused: code } });
  });
}

async function workspaceOf(deps: ScopeDeps, route: WorkspaceRoute, request: FastifyRequest, caller: Caller): Promise<string> {
  if (!route.path.includes(':workspace')) return chooseWorkspace(deps.pool, request, caller);
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- the path has this parameter
  const { workspace } = request.params as { workspace: string };
  if (UUID.test(workspace)) return workspace;
  // What is no id is answered like an id that is nobody's.
  throw caller.kind === 'member' ? new ProblemError('FORBIDDEN') : refused(deps.failures, request, 'WORKSPACE_MALFORMED');
}
