import { STATUS_CODES } from 'node:http';
import { Type } from 'typebox';
import type { TObject, TSchema } from 'typebox';
import { PROBLEM_TYPE, problems, problemSchema } from '../problem.ts';
import type { ProblemCode } from '../problem.ts';
import { exact, uuid } from '../schemas/common.ts';
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
    ...schemaOf(route, named ? { workspace: uuid } : {}, readOnly ? ['WORKSPACE_READ_ONLY'] : []),
    description: [`Permission: \`${route.permission}\`.`, ...recordsOf(route)].join(' '),
    ...(!named && { headers: Type.Object({ [WORKSPACE_HEADER]: Type.Optional(uuid) }) }),
  };
}

/** The same of a route of a user. */
export function userRouteSchema(route: UserRoute): Readonly<Record<string, unknown>> {
  return { ...schemaOf(route, {}, []), description: ['For a member, by a token of the identity provider.', ...recordsOf(route)].join(' ') };
}

/** Status of an answer that went well. */
export function statusOf({ schemas, status = 200 }: Route): number {
  return schemas.answer === undefined ? 204 : status;
}

function schemaOf(route: Route, more: Readonly<Record<string, TSchema>>, problemsToo: readonly ProblemCode[]) {
  const { params, query, body, answer } = route.schemas;
  const statuses = [...ALWAYS, ...problemsToo, ...(route.problems ?? [])].map((code) => problems[code]);
  const allParams: TObject['properties'] = { ...more, ...params?.properties };
  return {
    summary: route.summary,
    security: [{ bearer: [] }],
    ...(Object.keys(allParams).length > 0 && { params: exact(allParams) }),
    querystring: query ?? exact({}),
    ...(body !== undefined && { body }),
    response: {
      [statusOf(route)]: answer ?? Type.Null(),
      ...Object.fromEntries([...new Set(statuses)].toSorted((a, b) => a - b).map((status) => [status, problemResponse(status)])),
    },
  };
}

function recordsOf({ records }: Route): readonly string[] {
  return records.length === 0 ? [] : [`Recorded as ${records.map((action) => `\`${action}\``).join(', ')}.`];
}

function problemResponse(status: number) {
  return { description: STATUS_CODES[status] ?? 'Error', content: { [PROBLEM_TYPE]: { schema: problemSchema } } };
}
