import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { databaseProblem } from './database-problem.ts';
import { securityHeaders } from './headers.ts';
import { newProblem, PROBLEM_TYPE, ProblemError, problems } from './problem.ts';
import type { ProblemCode, Violation } from './problem.ts';

/** Refusals that Fastify itself decides on. Whatever else it calls the client's fault is a malformed request. */
const refusals: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNSUPPORTED',
};

/** The one place where an error becomes an answer. What it says inside stays in the log. */
export function answerError(error: FastifyError | ProblemError, request: FastifyRequest, reply: FastifyReply): void {
  const code = codeOf(error);
  if (problems[code] >= 500) request.log.error({ err: error, code }, 'request failed');
  else request.log.info({ code }, 'request refused');
  const { retryAfter, violations } = error instanceof ProblemError ? error : { retryAfter: undefined, violations: 'validation' in error ? violationsOf(error) : undefined };
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
  answerProblem(code, request, reply, violations);
}

/** Answers with a problem, also where no hook has run. */
export function answerProblem(code: ProblemCode, request: FastifyRequest, reply: FastifyReply, violations?: Violation[]): void {
  void reply
    .headers(securityHeaders(request.id))
    .code(problems[code])
    .type(PROBLEM_TYPE)
    // Serialised here: a route may have a schema of its own for this status.
    .send(JSON.stringify(newProblem(code, request.id, violations)));
}

/** Which problem an error is answered as. */
export function codeOf(error: Error & Partial<Pick<FastifyError, 'code' | 'statusCode' | 'validation'>>): ProblemCode {
  if (error instanceof ProblemError) return error.code;
  if (error.validation) return 'REQUEST_INVALID';
  const ofDatabase = databaseProblem(error);
  if (ofDatabase !== undefined) return ofDatabase;
  const { statusCode = 500 } = error;
  return statusCode >= 400 && statusCode < 500 ? (refusals[error.code ?? ''] ?? 'REQUEST_MALFORMED') : 'INTERNAL';
}

function violationsOf({ validation = [], validationContext = 'body' }: FastifyError): Violation[] {
  return validation.map(({ instancePath, message = 'what the schema says' }) => ({
    part: validationContext,
    pointer: instancePath,
    expected: message.replace(/^must /, ''),
  }));
}
