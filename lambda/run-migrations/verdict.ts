import type { Task } from '@aws-sdk/client-ecs';
import { OVERDUE } from './tasks.ts';

export type Verdict =
  | { readonly state: 'running' | 'succeeded' | 'timed-out' | 'vanished' }
  /** Its time has passed; stopping says whether ECS has been told to end it. */
  | { readonly state: 'overdue'; readonly stopping: boolean }
  /** The migration ended by itself, and said by its exit code that it failed. */
  | { readonly state: 'failed'; readonly exitCode: number; readonly reasons: readonly string[] }
  /** The task never started, or something else than the migration ended it. */
  | { readonly state: 'stopped'; readonly reasons: readonly string[] };

/**
 * Seconds in which a task may be unknown to ECS, which is eventually consistent. The SDK's description of RunTask
 * asks callers to allow for five minutes.
 */
export const UNSEEN_SECONDS = 300;

/** @param seconds since the migration was started; `most` how long it may take */
export function verdictOn(task: Task | undefined, container: string, { seconds, most }: { readonly seconds: number; readonly most: number }): Verdict {
  if (task === undefined) return { state: seconds <= UNSEEN_SECONDS ? 'running' : 'vanished' };
  if (task.lastStatus === 'STOPPED') return ended(task, container);
  if (seconds <= most) return { state: 'running' };
  return { state: 'overdue', stopping: task.desiredStatus === 'STOPPED' };
}

/** An exit code counts only where the migration ended by itself: many a program also ends with 0 when it is told to stop. */
function ended({ containers = [], stopCode, stoppedReason }: Task, container: string): Verdict {
  if (stoppedReason?.startsWith(OVERDUE)) return { state: 'timed-out' };
  const found = containers.find(({ name }) => name === container);
  const { exitCode, reason } = found ?? { reason: `it has no container named ${container}` };
  const byItself = stopCode === undefined || stopCode === 'EssentialContainerExited';
  if (byItself && exitCode === 0) return { state: 'succeeded' };
  if (byItself && exitCode !== undefined) return { state: 'failed', exitCode, reasons: given(reason) };
  return { state: 'stopped', reasons: given(stopCode, stoppedReason, reason) };
}

/** ECS repeats a reason of the container's as the task's. */
const given = (...reasons: readonly (string | undefined)[]): readonly string[] => [...new Set(reasons.map((reason = '') => reason))].filter((reason) => reason !== '');
