import { errorName } from '../shared/error-name.ts';

/** What can go wrong, as stack events and logs name it; a code never changes its meaning. */
export type MigrationErrorCode =
  | 'EVENT_INVALID'
  | 'NO_CAPACITY'
  | 'TASK_NOT_STARTED'
  | 'TASK_STOPPED'
  | 'TASK_VANISHED'
  | 'OUTCOME_UNKNOWN'
  | 'MIGRATION_FAILED'
  | 'MIGRATION_TIMED_OUT'
  | 'AWS_CALL_FAILED'
  | 'OUT_OF_TIME'
  | 'INTERNAL';

/** A failure that may be shown to anybody: whatever others wrote stands in its message scrubbed. */
export class MigrationError extends Error {
  readonly code: MigrationErrorCode;

  constructor(code: MigrationErrorCode, message: string) {
    // CloudFormation shows the message alone, so the code stands in it too.
    super(`${code}: ${message}`);
    this.name = 'MigrationError';
    this.code = code;
  }
}

/** A call to AWS that failed. */
export class AwsCallError extends MigrationError {
  /** The error as AWS calls it: `AccessDeniedException`, `ClusterNotFoundException`. */
  readonly awsName: string;
  /** Whether AWS answered no; otherwise it did not answer, not in time or not now, and the next call may fare better. */
  readonly refused: boolean;

  constructor(code: 'AWS_CALL_FAILED' | 'OUT_OF_TIME', awsName: string, refused: boolean, message: string) {
    super(code, message);
    this.awsName = awsName;
    this.refused = refused;
  }
}

/** What is thrown to the outside: an unforeseen error is stripped to its name. */
export function presentable(error: unknown): MigrationError {
  if (error instanceof MigrationError) return error;
  return new MigrationError('INTERNAL', `the function failed with ${errorName(error)}. A migration that was started goes on: deploy again, and report it if it comes back.`);
}
