import { STATUS_CODES } from 'node:http';
import { Type } from 'typebox';
import type { Static } from 'typebox';

/** The status of each problem that the API answers with, by its code; a code never changes its meaning. */
export const problems = {
  REQUEST_MALFORMED: 400,
  REQUEST_INVALID: 400,
  WORKSPACE_UNNAMED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  ROUTE_UNKNOWN: 404,
  NOT_FOUND: 404,
  REQUEST_TIMEOUT: 408,
  BODY_SYNC_OFF: 409,
  CONFLICT: 409,
  LAST_OWNER: 409,
  WORKSPACE_READ_ONLY: 409,
  IDEMPOTENCY_KEY_REUSED: 409,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_UNSUPPORTED: 415,
  TOO_MANY_ATTEMPTS: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  DRAINING: 503,
  TOO_BUSY: 503,
  IDENTITY_UNAVAILABLE: 503,
  DATABASE_UNAVAILABLE: 503,
  SCHEMA_TOO_OLD: 503,
  SCHEMA_TOO_NEW: 503,
} as const satisfies Record<string, number>;

export type ProblemCode = keyof typeof problems;

/** Media type of problem details (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json';

/** Where a request is not as its schema says. */
const violationSchema = Type.Object({
  part: Type.String(),
  pointer: Type.String(),
  expected: Type.String(),
});
export type Violation = Static<typeof violationSchema>;

/** Problem details with a code to program against and the id under which the log knows the request. */
export const problemSchema = Type.Object({
  type: Type.Literal('about:blank'),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  requestId: Type.Optional(Type.String()),
  violations: Type.Optional(Type.Array(violationSchema)),
});
export type Problem = Static<typeof problemSchema>;

/** Puts a problem together; its title says what the status says, and nothing of what went on inside. */
export function newProblem(code: ProblemCode, requestId?: string, violations?: Violation[]): Problem {
  const status = problems[code];
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    ...(requestId !== undefined && { requestId }),
    ...(violations && { violations }),
  };
}

interface ProblemOptions extends ErrorOptions {
  /** Seconds after which it may be worth another try, for the header Retry-After. */
  readonly retryAfter?: number;
  readonly violations?: Violation[];
}

/** A problem that a route throws. */
export class ProblemError extends Error {
  readonly code: ProblemCode;
  readonly retryAfter: number | undefined;
  readonly violations: Violation[] | undefined;

  constructor(code: ProblemCode, { retryAfter, violations, ...options }: ProblemOptions = {}) {
    super(code, options);
    this.name = 'ProblemError';
    this.code = code;
    this.retryAfter = retryAfter;
    this.violations = violations;
  }
}

/** Refuses what the schema allows and the facts do not, and names the place. */
export function invalid(part: 'body' | 'querystring' | 'params' | 'headers', pointer: string, expected: string): ProblemError {
  return new ProblemError('REQUEST_INVALID', { violations: [{ part, pointer, expected }] });
}
