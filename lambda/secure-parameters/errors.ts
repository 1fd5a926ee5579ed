import { errorName } from '../shared/error-name.ts';

/** What can go wrong, as stack events and logs name it; a code never changes its meaning. */
export type SecretsErrorCode =
  | 'EVENT_INVALID'
  | 'SECRET_MISSING'
  | 'SECRET_LOST'
  | 'PARAMETER_NOT_SECURE'
  | 'PARAMETER_CONTESTED'
  | 'KEY_UNUSABLE'
  | 'VALUE_UNREADABLE'
  | 'DATABASE_URL_MALFORMED'
  | 'AWS_CALL_FAILED'
  | 'OUT_OF_TIME'
  | 'INTERNAL';

/** A failure that may be shown to anybody: its message is made of codes, names and paths, never of a value. */
export class SecretsError extends Error {
  readonly code: SecretsErrorCode;

  constructor(code: SecretsErrorCode, message: string) {
    // CloudFormation shows the message alone, so the code stands in it too.
    super(`${code}: ${message}`);
    this.name = 'SecretsError';
    this.code = code;
  }
}

/** A call to AWS that was refused, or that was not answered in time. */
export class AwsCallError extends SecretsError {
  /** The error as AWS calls it: `ParameterNotFound`, `AccessDeniedException`. */
  readonly awsName: string;

  constructor(code: SecretsErrorCode, awsName: string, message: string) {
    super(code, message);
    this.awsName = awsName;
  }
}

/** Whether a call failed with one of the errors that AWS calls by these names. */
export function isAwsError(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof AwsCallError && names.includes(error.awsName);
}

/** What is thrown to the outside: an unforeseen error is stripped to its name. */
export function presentable(error: unknown): SecretsError {
  if (error instanceof SecretsError) return error;
  return new SecretsError('INTERNAL', `the function failed with ${errorName(error)}. What was written stays and is found again: deploy again, and report it if it comes back.`);
}
