import { errorName } from '../shared/error-name.ts';
import { AwsCallError } from './errors.ts';

/** Makes one call to AWS; `subject` is the path or ARN that it is about. */
export type Call = <Answer>(operation: string, subject: string, send: (options: { abortSignal: AbortSignal }) => Promise<Answer>) => Promise<Answer>;

/** Waits for so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<unknown>;

/**
 * Milliseconds between attempts, 30 s in all and for one event together: a policy made seconds ago may not
 * have reached every endpoint, and what is still denied after half a minute is denied on purpose.
 */
const PAUSES: readonly number[] = [2_000, 4_000, 8_000, 8_000, 8_000];

/** Denied: IAM is eventually consistent. Too many updates: another write of the same parameter has not ended. */
const PASSING = new Set(['AccessDeniedException', 'TooManyUpdates']);

/**
 * Calls AWS within a time limit, patient with what passes by itself, and turns every failure into one that
 * says no more than operation, subject and AWS's name of the error. Throttling and broken connections are
 * the SDK's to retry.
 *
 * @throws AwsCallError `OUT_OF_TIME` past the limit, otherwise `AWS_CALL_FAILED`
 */
export function patientCall(pause: Pause, abortSignal: AbortSignal): Call {
  const pauses = [...PAUSES];
  return async (operation, subject, send) => {
    for (;;) {
      try {
        return await send({ abortSignal });
      } catch (error) {
        const name = errorName(error);
        if (abortSignal.aborted) throw outOfTime(operation, subject);
        const next = PASSING.has(name) ? pauses.shift() : undefined;
        if (next === undefined) throw failed(operation, subject, name);
        await pause(next);
      }
    }
  };
}

function outOfTime(operation: string, subject: string): AwsCallError {
  return new AwsCallError('OUT_OF_TIME', 'AbortError', `${operation} ${subject}: AWS did not answer in time. What was written stays and is found again: deploy again.`);
}

function failed(operation: string, subject: string, name: string): AwsCallError {
  const mend = name === 'AccessDeniedException'
    ? "The function's role or the key's policy does not allow it, 30 seconds of waiting included: look for a denying policy, and deploy again."
    : 'What was written before stays and is found again: mend the cause, and deploy again.';
  return new AwsCallError('AWS_CALL_FAILED', name, `${operation} ${subject}: ${name}. ${mend}`);
}
