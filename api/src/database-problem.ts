import { errorCode } from '../../db/errors.ts';
import type { ProblemCode } from './problem.ts';

/** What of the database's refusals is to be told, by SQLSTATE; any other one is a defect of the service. */
const codes: Readonly<Record<string, ProblemCode>> = {
  // Its deletion was requested between the look and the change.
  HM001: 'WORKSPACE_READ_ONLY',
  '40001': 'TOO_BUSY', // serialization_failure
  '40P01': 'TOO_BUSY', // deadlock_detected
  '55P03': 'TOO_BUSY', // lock_not_available
  '57014': 'TOO_BUSY', // query_canceled: it took longer than anybody waits
  '57P01': 'DATABASE_UNAVAILABLE', // admin_shutdown
  '57P02': 'DATABASE_UNAVAILABLE', // crash_shutdown
  '57P03': 'DATABASE_UNAVAILABLE', // cannot_connect_now
  '53300': 'DATABASE_UNAVAILABLE', // too_many_connections
  '08006': 'DATABASE_UNAVAILABLE', // connection_failure
  ECONNREFUSED: 'DATABASE_UNAVAILABLE',
  ECONNRESET: 'DATABASE_UNAVAILABLE',
  EPIPE: 'DATABASE_UNAVAILABLE',
  TRANSACTION_LOST: 'DATABASE_UNAVAILABLE',
};

/** What the policies of a workspace that awaits its deletion say; the rest of its code are missing privileges. */
const READ_ONLY = /^new row violates row-level security policy/;

/** What pg says without a code. */
const BROKEN = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Tells which problem an error of the database is; undefined where it is none that a caller can do something about. */
export function databaseProblem(error: Error): ProblemCode | undefined {
  if (READ_ONLY.test(error.message)) return 'WORKSPACE_READ_ONLY';
  return codes[errorCode(error)] ?? (BROKEN.test(error.message) ? 'DATABASE_UNAVAILABLE' : undefined);
}
