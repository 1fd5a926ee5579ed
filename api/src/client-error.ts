import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { securityHeaders } from './headers.ts';
import { newProblem, PROBLEM_TYPE } from './problem.ts';
import type { ProblemCode } from './problem.ts';

const codes: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
};

/** Answers what Node could not read as HTTP, and what therefore never becomes a request. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') {
    const id = randomUUID();
    const problem = newProblem(codes[error.code ?? ''] ?? 'REQUEST_MALFORMED', id);
    const body = JSON.stringify(problem);
    const headers = { 'content-type': PROBLEM_TYPE, 'content-length': String(Buffer.byteLength(body)), connection: 'close', ...securityHeaders(id) };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.write(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroy(error);
}
