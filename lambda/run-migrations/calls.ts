import { errorName } from '../shared/error-name.ts';
import { AwsCallError } from './errors.ts';
import { scrub } from './scrub.ts';

/** Makes one call to AWS; `subject` is the ARN or name that it is about. */
export type Call = <Answer>(operation: string, subject: string, send: (options: { abortSignal: AbortSignal }) => Promise<Answer>) => Promise<Answer>;

/** Waits for so many milliseconds. */
export type Pause = (milliseconds: number) => Promise<unknown>;

/**
 * Milliseconds between attempts, 30 s in all and for one event together: a role or policy made seconds ago may
 * not have reached every endpoint, and what is still denied after half a minute is denied on purpose.
 */
const PAUSES: readonly number[] = [2_000, 4_000, 8_000, 8_000, 8_000];

/** As IAM's eventual consistency shows itself: to us by these names (CloudFormation's is the short one), ... */
const DENIED = new Set(['AccessDenied', 'AccessDeniedException']);

/** ... and to ECS, which then passes on in a message that it could not assume a task's role, or its own. */
const UNASSUMABLE = /unable to assume/i;

/**
 * Calls AWS within a time limit, patient with what passes by itself. Throttling and broken connections are the
 * SDK's to retry.
 *
 * AWS's own message is shown, scrubbed: these calls send names and ARNs alone, and without the message a
 * `ClientException` of ECS says nothing.
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
        if (abortSignal.aborted) throw outOfTime(operation, subject);
        const next = passes(error) ? pauses.shift() : undefined;
        if (next === undefined) throw failed(operation, subject, error);
        await pause(next);
      }
    }
  };
}

function passes(error: unknown): boolean {
  return DENIED.has(errorName(error)) || (error instanceof Error && UNASSUMABLE.test(error.message));
}

/** A refusal is final. A server's fault, throttling that outlasted the SDK and a connection that broke are not. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && '$fault' in error && error.$fault === 'client' && !/Throttl|TooManyRequests/.test(error.name);
}

function outOfTime(operation: string, subject: string): AwsCallError {
  return new AwsCallError('OUT_OF_TIME', 'AbortError', false, `${operation} ${subject}: AWS did not answer in time. A migration that was started goes on, and is found again: deploy again.`);
}

function failed(operation: string, subject: string, error: unknown): AwsCallError {
  const name = errorName(error);
  const said = error instanceof Error && error.message !== '' ? `, ${scrub(error.message)}` : '';
  return new AwsCallError('AWS_CALL_FAILED', name, isRefusal(error), `${operation} ${subject}: ${name}${said}. Mend the cause, and deploy again.`);
}
