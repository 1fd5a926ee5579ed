import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { patientCall } from './calls.ts';
import type { Pause } from './calls.ts';
import { presentable } from './errors.ts';
import { physicalId, readEvent, readProperties, startId } from './event.ts';
import type { Migration, ResourceEvent } from './event.ts';
import { rollbackOf } from './rollback.ts';
import { startTask } from './tasks.ts';

export interface Dependencies {
  readonly ecs: ECSClient;
  readonly cloudFormation: CloudFormationClient;
  /** Waits for so many milliseconds. */
  readonly pause: Pause;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Takes one line of the log. */
  readonly log: (line: Readonly<Record<string, string>>) => void;
  /** Milliseconds after which a request is given up. */
  readonly timeLimit: number;
}

/** The framework hands all of it on to the function that waits. */
export interface Answer {
  readonly PhysicalResourceId: string;
  readonly Migration: Migration;
}

/**
 * Answers the requests of CloudFormation for migrations: starts one and does not wait for it.
 *
 * CloudFormation sends an Update when a property changed, and so with every other image, whose task definition is
 * another one, and with every other release. Each starts one, without a look at which property it was: after an update
 * that failed and was not rolled back it is not certain what CloudFormation takes for the properties before, a release
 * without its migration must not take traffic, and a migration that finds nothing to do costs a minute.
 *
 * @throws MigrationError whose message may be shown to anybody
 */
export function eventHandler(dependencies: Dependencies): (input: unknown) => Promise<Answer> {
  return async (input) => {
    try {
      const event = readEvent(input);
      const migration = await migrate(event, dependencies);
      const { Run, ...what } = migration;
      dependencies.log({ resource: event.ResourceType, request: event.RequestType, migration: Run, ...what });
      return { PhysicalResourceId: physicalId(event), Migration: migration };
    } catch (error) {
      throw presentable(error);
    }
  };
}

async function migrate(event: ResourceEvent, { ecs, cloudFormation, pause, now, log, timeLimit }: Dependencies): Promise<Migration> {
  if (event.RequestType === 'Delete') return { Run: 'skipped', Reason: 'A schema is not undone: it lives and ends with the database.' };
  const call = patientCall(pause, AbortSignal.timeout(timeLimit));
  // Before the properties: those of the release before may be older than what this function reads.
  const rollback = await rollbackOf(event.StackId, cloudFormation, call);
  if (rollback.state === 'under-way') {
    return { Run: 'skipped', Reason: `The stack is being rolled back (${rollback.stackStatus}). The release before runs on the newer schema, since releases expand before they contract.` };
  }
  if (rollback.state === 'unknown') log({ resource: event.ResourceType, request: event.RequestType, rollback: 'unknown', why: rollback.why });
  const TaskArn = await startTask(readProperties(event.ResourceProperties), startId(event), ecs, call, pause);
  return { Run: 'started', TaskArn, StartedAt: new Date(now()).toISOString() };
}
