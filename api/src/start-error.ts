import { isNativeError } from 'node:util/types';
import { DatabaseError } from '../../db/errors.ts';
import { SealError } from './sealing/errors.ts';

/** Why a process of the service does not start; a code never changes its meaning. */
export type StartErrorCode =
  | 'ARGUMENTS_INVALID'
  | 'CONFIG_INVALID'
  | 'PLAIN_HTTP_REFUSED'
  | 'IDENTITY_KEY_UNCLEAR'
  | 'IDENTITY_KEY_INVALID'
  | 'PORT_IN_USE'
  | 'SECRET_MISSING'
  | 'SECRET_NOT_SECURE'
  | 'SECRET_MALFORMED'
  | 'SECRETS_UNREADABLE'
  | 'DATABASE_URL_MALFORMED'
  | 'DATABASE_TLS_REQUIRED'
  | 'RDS_ROOTS_UNKNOWN';

/** A reason that may be shown to anybody: its message names settings and paths, never a secret. */
export class StartError extends Error {
  readonly code: StartErrorCode;

  constructor(code: StartErrorCode, message: string) {
    super(message);
    this.name = 'StartError';
    this.code = code;
  }
}

/** How a process ended, for whoever reads its exit code and the last line of its log. */
export interface Failure {
  readonly code: string;
  readonly reason: string;
  /** 1 for what may pass or is a matter of the database, 2 for what only another configuration mends. */
  readonly exitCode: 1 | 2;
}

/** What may pass by itself, or with what another process does. */
const PASSING: ReadonlySet<StartErrorCode> = new Set(['SECRETS_UNREADABLE', 'PORT_IN_USE']);

/** What to say of a failure; of one that nobody foresaw the name alone, since its message may hold anything. */
export function failureOf(error: unknown): Failure {
  if (error instanceof StartError) return { code: error.code, reason: error.message, exitCode: PASSING.has(error.code) ? 1 : 2 };
  if (error instanceof SealError) return { code: error.code, reason: error.message, exitCode: 2 };
  if (error instanceof DatabaseError) return { code: error.code, reason: error.message, exitCode: 1 };
  const name = isNativeError(error) ? error.name : 'a value that is no error';
  const code = isNativeError(error) && 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  return { code: 'INTERNAL', reason: `It failed with ${name}${code}, which nobody foresaw. Run it again, and report it if it comes back.`, exitCode: 1 };
}
