import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { patientCall } from './calls.ts';
import type { Pause } from './calls.ts';
import { AwsCallError, MigrationError, presentable } from './errors.ts';
import { readProperties, readWaitingEvent } from './event.ts';
import type { Properties } from './event.ts';
import { lastWords } from './last-words.ts';
import { scrub } from './scrub.ts';
import { describeTask, stopOverdueTask } from './tasks.ts';
import { verdictOn } from './verdict.ts';

export interface Dependencies {
  readonly ecs: ECSClient;
  readonly logs: CloudWatchLogsClient;
  /** Waits for so many milliseconds. */
  readonly pause: Pause;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Takes one line of the log. */
  readonly log: (line: Readonly<Record<string, string>>) => void;
  /** Milliseconds after which a request is given up. */
  readonly timeLimit: number;
}

export interface Answer {
  readonly IsComplete: boolean;
}

/**
 * Seconds that a migration may take. Five minutes less than the provider's thirty: in these ECS ends the task, and
 * the failure comes with its reason and after the last write, where the framework would say "Operation timed out"
 * and leave the migration running under a rollback.
 */
export const MOST_SECONDS = 1_500;

/**
 * Seconds after which asking ends, whatever is known by then. The framework counts its questions and not the time, and
 * while AWS throttles an answer takes a minute: 180 of them would outlast the hour after which CloudFormation gives up
 * by itself, without a reason. Four minutes more than a migration may take are enough for ECS to stop one.
 */
export const GIVE_UP_SECONDS = 1_740;

/**
 * Tells whether the migration has ended, as often as it is asked and always the same.
 *
 * @throws MigrationError when it ended otherwise than well, or too much time has passed to go on asking; its message may
 *   be shown to anybody
 */
export function completionHandler(dependencies: Dependencies): (input: unknown) => Promise<Answer> {
  return async (input) => {
    try {
      const { Migration, ResourceProperties } = readWaitingEvent(input);
      if (Migration.Run === 'skipped') return { IsComplete: true };
      const properties = readProperties(ResourceProperties);
      const startedAt = Date.parse(Migration.StartedAt);
      const { done, why } = await ask(Migration.TaskArn, startedAt, properties, dependencies);
      if (!done && dependencies.now() - startedAt > GIVE_UP_SECONDS * 1_000) throw givenUp(Migration.TaskArn, properties, why);
      return { IsComplete: done };
    } catch (error) {
      throw presentable(error);
    }
  };
}

interface Known {
  readonly done: boolean;
  /** Why it is not done, as far as that is known. */
  readonly why: string;
}

async function ask(taskArn: string, startedAt: number, properties: Properties, dependencies: Dependencies): Promise<Known> {
  try {
    return { done: await hasSucceeded(taskArn, startedAt, properties, dependencies), why: 'its task has not stopped' };
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.refused) throw error;
    // Not to know is not to fail: the migration runs, and the framework asks again.
    dependencies.log({ migration: 'unknown', why: error.message });
    return { done: false, why: error.message };
  }
}

function givenUp(taskArn: string, properties: Properties, why: string): MigrationError {
  return new MigrationError('OUTCOME_UNKNOWN', `how the migration of release ${properties.Release} ended could not be found out within ${GIVE_UP_SECONDS} seconds: ${scrub(why)}. ${SAFE} It may go on (${logOf(properties, taskArn)}): deploy again once its task has stopped, and what was migrated is found again.`);
}

async function hasSucceeded(taskArn: string, startedAt: number, properties: Properties, { ecs, logs, pause, now, log, timeLimit }: Dependencies): Promise<boolean> {
  const { Cluster, Container, Release } = properties;
  const call = patientCall(pause, AbortSignal.timeout(timeLimit));
  const most = Number(properties.MaxSeconds ?? MOST_SECONDS);
  const verdict = verdictOn(await describeTask(Cluster, taskArn, ecs, call), Container, { seconds: (now() - startedAt) / 1_000, most });
  log({ migration: verdict.state, task: taskArn, release: Release });
  switch (verdict.state) {
    case 'running':
      return false;
    case 'succeeded':
      return true;
    case 'overdue':
      // The failure waits until the task has stopped, so that nothing writes while the stack is rolled back.
      if (!verdict.stopping) await stopOverdueTask(Cluster, taskArn, ecs, call);
      return false;
    case 'timed-out':
      throw new MigrationError('MIGRATION_TIMED_OUT', `the migration of release ${Release} did not end within ${most} seconds and was stopped. ${SAFE} Find out what it waited for (${logOf(properties, taskArn)}), and deploy again.`);
    case 'vanished':
      throw new MigrationError('TASK_VANISHED', `ECS does not know ${taskArn} any more, so how the migration of release ${Release} ended is not known. ${SAFE} Deploy again: what was migrated is found again.`);
    case 'stopped':
      throw new MigrationError('TASK_STOPPED', `the task of release ${Release}'s migration stopped before the migration ended: ${verdict.reasons.map(scrub).join('; ') || 'no reason given'}. ${SAFE} Mend the cause, and deploy again.`);
    case 'failed': {
      const reasons = [...verdict.reasons.map(scrub), await lastWords(properties.LogGroup, streamOf(properties, taskArn), logs, call, pause)].join('; ');
      throw new MigrationError('MIGRATION_FAILED', `the migration of release ${Release} failed with exit code ${verdict.exitCode}: ${reasons}. ${SAFE} Mend the cause (${logOf(properties, taskArn)}), and deploy again.`);
    }
  }
}

const SAFE = 'It takes no traffic.';

/** As the awslogs driver names it: prefix, container and the task's id. */
const streamOf = ({ LogStreamPrefix, Container }: Properties, taskArn: string): string => `${LogStreamPrefix}/${Container}/${taskArn.slice(taskArn.lastIndexOf('/') + 1)}`;

const logOf = (properties: Properties, taskArn: string): string => `log group ${properties.LogGroup}, stream ${streamOf(properties, taskArn)}`;
