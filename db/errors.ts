import { isNativeError } from 'node:util/types';

/** What can go wrong with the database's roles and schema; a code never changes its meaning. */
export type DatabaseErrorCode =
  | 'DATABASE_UNREACHABLE'
  | 'LOGIN_TOO_MIGHTY'
  | 'PASSWORD_UNUSABLE'
  | 'BOOTSTRAP_FAILED'
  | 'AUDIT_LOG_UNSETTABLE'
  | 'MIGRATION_BUSY'
  | 'MIGRATION_FAILED'
  | 'MIGRATIONS_DIVERGED'
  | 'MIGRATIONS_UNREADABLE'
  | 'SCHEMA_TOO_NEW'
  | 'PURGE_INCOMPLETE'
  | 'TOMBSTONE_UNREADABLE';

/** A failure that may be shown to anybody: its message holds names and codes, never a password or a row. */
export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseError';
    this.code = code;
  }
}

/**
 * Classes of SQLSTATE whose messages name objects and settings only: connection, authorization, catalog, syntax and
 * access, resources, object state, operator intervention. Messages of the others (data, constraints) can quote a row.
 */
const SHOWABLE_CLASSES = new Set(['08', '28', '3D', '3F', '42', '53', '55', '57']);

/** SQLSTATE of an error that Postgres answered with, or Node's name of one that it did not. */
export function errorCode(error: unknown): string {
  const code = isNativeError(error) && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{5,64}$/.test(code) ? code : 'unknown';
}

/** What Postgres said, as far as it can be shown: a message that could quote a row is left out. */
export function explainPostgres(error: unknown): string {
  const code = errorCode(error);
  if (!isNativeError(error)) return code;
  const answered = /^[A-Z0-9]{5}$/.test(code);
  return answered && !SHOWABLE_CLASSES.has(code.slice(0, 2)) ? `SQLSTATE ${code}` : `${code}: ${error.message}`;
}
