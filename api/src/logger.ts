import { isNativeError } from 'node:util/types';
import type { FastifyRequest } from 'fastify';

/** Where lines go instead of standard output. */
export interface LogStream {
  write(line: string): void;
}

const SECRET_HEADERS = ['authorization', 'cookie', 'set-cookie', 'proxy-authorization', 'x-api-key'];

/** Options of pino: JSON lines without credentials, query strings or rows. */
export function logOptions(level: string, stream?: LogStream) {
  return {
    level,
    ...(stream && { stream }),
    base: null, // CloudWatch names the task beside each line
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    // However headers get into a line: by themselves, in `headers`, or in a request's or an answer's.
    redact: SECRET_HEADERS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`]),
    serializers: {
      req: ({ method, url }: FastifyRequest) => ({ method, path: url.split('?', 1)[0] }),
      err: loggedError,
    },
  };
}

/** An error of Postgres carries rows in `detail` and `where`; only what names the place is logged. */
function loggedError(error: Error): { readonly [field: string]: unknown; readonly type: string; readonly message: string; readonly stack: string } {
  const { name, message, stack } = error;
  return {
    type: name,
    message,
    stack: stack ?? '',
    ...('code' in error && { code: error.code }),
    ...(isNativeError(error.cause) && { cause: loggedError(error.cause) }),
  };
}
