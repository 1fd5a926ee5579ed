import { STATUS_CODES } from 'node:http';
import { Type } from 'typebox';
import type { TObject, TSchema } from 'typebox';
import { PROBLEM_SCHEMA } from '../openapi.ts';
import { PROBLEM_TYPE, problems } from '../problem.ts';
import type { ProblemCode } from '../problem.ts';
import { exact, uuid } from '../schemas/common.ts';
import { IDEMPOTENCY_HEADER } from '../scope/idempotency.ts';
import { WORKSPACE_HEADER } from '../scope/memberships.ts';
import type { UserRoute, WorkspaceRoute } from './route.ts';

/** Bytes. What is larger than any settings that a person makes is asked for by the route itself. */
export const BODY_LIMIT = 65_536;

/** What any route that knows the caller may answer. */
const ALWAYS = [
  'REQUEST_MALFORMED', 'REQUEST_INVALID', 'UNAUTHENTICATED', 'FORBIDDEN', 'REQUEST_TIMEOUT', 'BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED',
  'TOO_MANY_ATTEMPTS', 'INTERNAL', 'TOO_BUSY',
] as const satisfies readonly ProblemCode[];

type Route = UserRoute | WorkspaceRoute;

/** What Fastify validates and the OpenAPI document shows of a route of a workspace. */
export function workspaceRouteSchema(route: WorkspaceRoute): Readonly<Record<string, unknown>> {
  const named = route.path.includes(':workspace');
  const readOnly = route.records.length > 0 && route.inGrace !== true;
  return {
    ...schemaOf(route, named ? { workspace: uuid } : {}, [...(readOnly ? (['WORKSPACE_READ_ONLY'] as const) : []), ...(takesKey(route) ? (['IDEMPOTENCY_KEY_REUSED'] as const) : [])]),
    'x-permission': route.permission,
    description: [`Permission: \`${route.permission}\`.`, ...recordsOf(route)].join(' '),
    ...headersOf({ ...(!named && { [WORKSPACE_HEADER]: Type.Optional(uuid) }), ...(takesKey(route) && { [IDEMPOTENCY_HEADER]: Type.Optional(Type.String({ description: 'Sent again within a day it gives the answer of the first time, and does nothing.' })) }) }),
  };
}

/** Whether a client may say by a key that a request is the same as before: where each makes something new. */
export function takesKey({ status, answersSecret = false }: WorkspaceRoute): boolean {
  return status === 201 && !answersSecret;
}

function headersOf(headers: TObject['properties']) {
  return Object.keys(headers).length > 0 && { headers: Type.Object(headers) };
}

/** The same of a route of a user. */
export function userRouteSchema(route: UserRoute): Readonly<Record<string, unknown>> {
  return { ...schemaOf(route, {}, []), description: ['For a member, by a token of the identity provider.', ...recordsOf(route)].join(' ') };
}

/** The same of what support reads. */
export function supportSchema(summary: string, answer: TSchema): Readonly<Record<string, unknown>> {
  return {
    ...schemaOf({ summary, records: [], schemas: { answer } }, { workspace: uuid }, []),
    description: 'For who holds a grant of the owner, by a token that carries a verified `email`. Recorded as `support.entered`.',
  };
}

/** The same of a webhook, whose sender is told by its signature. */
export function webhookSchema(summary: string, answer: TSchema): Readonly<Record<string, unknown>> {
  const header = Type.String({ maxLength: 1_000 });
  return {
    ...schemaOf({ summary, records: [], schemas: { answer } }, {}, []),
    security: [],
    description: 'Signed as Svix signs: `svix-id`, `svix-timestamp`, `svix-signature`.',
    headers: Type.Object({ 'svix-id': Type.Optional(header), 'svix-timestamp': Type.Optional(header), 'svix-signature': Type.Optional(header) }),
  };
}

/** Status of an answer that went well. */
export function statusOf({ schemas, produces, status = 200 }: Pick<Route, 'schemas' | 'produces' | 'status'>): number {
  return schemas.answer === undefined && produces === undefined ? 204 : status;
}

function schemaOf(route: Pick<Route, 'summary' | 'records' | 'schemas' | 'produces' | 'status' | 'problems'>, more: Readonly<Record<string, TSchema>>, problemsToo: readonly ProblemCode[]) {
  const { params, query, body, answer } = route.schemas;
  const allParams: TObject['properties'] = { ...more, ...params?.properties };
  return {
    summary: route.summary,
    // For who reads the document by machine.
    'x-records': route.records,
    security: [{ bearer: [] }],
    ...(Object.keys(allParams).length > 0 && { params: exact(allParams) }),
    querystring: query ?? exact({}),
    ...(body !== undefined && { body }),
    response: {
      [statusOf(route)]: route.produces === undefined ? (answer ?? Type.Null()) : downloadResponse(route.produces, answer),
      ...problemResponses([...ALWAYS, ...problemsToo, ...(route.problems ?? [])]),
    },
  };
}

function recordsOf({ records }: Route): readonly string[] {
  return records.length === 0 ? [] : [`Recorded as ${records.map((action) => `\`${action}\``).join(', ')}.`];
}

function downloadResponse(types: readonly string[], answer: TSchema | undefined) {
  const files = Object.fromEntries(types.map((type) => [type, { schema: Type.String() }]));
  return { description: 'A file', content: { ...files, ...(answer !== undefined && { 'application/json': { schema: answer } }) } };
}

/** What the OpenAPI document shows of problems that a route answers with, by status. */
export function problemResponses(codes: readonly ProblemCode[]): Readonly<Record<number, ReturnType<typeof problemResponse>>> {
  const statuses = new Set(codes.map((code) => problems[code]));
  return Object.fromEntries([...statuses].toSorted((a, b) => a - b).map((status) => [status, problemResponse(status)]));
}

function problemResponse(status: number) {
  return { description: STATUS_CODES[status] ?? 'Error', content: { [PROBLEM_TYPE]: { schema: { $ref: `${PROBLEM_SCHEMA}#` } } } };
}
