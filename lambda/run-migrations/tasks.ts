import { DescribeTasksCommand, ListTasksCommand, RunTaskCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import type { ECSClient, Failure, RunTaskCommandInput, Task } from '@aws-sdk/client-ecs';
import type { Call, Pause } from './calls.ts';
import { MigrationError } from './errors.ts';
import type { Properties } from './event.ts';
import { scrub } from './scrub.ts';

/**
 * Milliseconds between attempts while a zone has no room, about two minutes in all: what Fargate lacks comes back
 * in minutes or not within any time that a deployment should wait.
 */
const CAPACITY_PAUSES: readonly number[] = [5_000, 10_000, 20_000, 30_000, 30_000, 30_000];

/** `RESOURCE:ENI`, and Fargate's sentence "Capacity is unavailable at this time". */
const NO_CAPACITY = /^RESOURCE:|capacity/i;

/** What ECS keeps as the reason of a task that was stopped because it took too long; it is recognised by it. */
export const OVERDUE = 'The migration did not end within its time.';

/**
 * Starts the migration, once for each id: a request that is repeated finds the task that it started before.
 *
 * A repeated request whose task has stopped already may, should ECS have forgotten the token, start a second one:
 * it finds nothing left to migrate.
 *
 * @returns the task's ARN
 * @throws MigrationError `NO_CAPACITY` or `TASK_NOT_STARTED`, with ECS's reason
 */
export async function startTask(properties: Properties, id: string, ecs: ECSClient, call: Call, pause: Pause): Promise<string> {
  const { Cluster, TaskDefinition, Subnets, SecurityGroups } = properties;
  const { taskArns } = await call('ListTasks', Cluster, (options) => ecs.send(new ListTasksCommand({ cluster: Cluster, startedBy: id }), options));
  if (taskArns?.[0] !== undefined) return taskArns[0];

  const input: RunTaskCommandInput = {
    cluster: Cluster,
    taskDefinition: TaskDefinition,
    launchType: 'FARGATE',
    count: 1,
    networkConfiguration: { awsvpcConfiguration: { subnets: Subnets, securityGroups: SecurityGroups, assignPublicIp: 'DISABLED' } },
    startedBy: id,
    clientToken: id, // only a launch uses it up, so that it also serves the attempts after one without room
  };
  const pauses = [...CAPACITY_PAUSES];
  for (;;) {
    const { tasks, failures = [] } = await call('RunTask', TaskDefinition, (options) => ecs.send(new RunTaskCommand(input), options));
    const taskArn = tasks?.[0]?.taskArn;
    if (taskArn !== undefined) return taskArn;
    const next = failures.some(({ reason = '' }) => NO_CAPACITY.test(reason)) ? pauses.shift() : undefined;
    if (next === undefined) throw notStarted(properties.Release, failures);
    await pause(next);
  }
}

function notStarted(release: string, failures: readonly Failure[]): MigrationError {
  const reasons = failures.map(({ reason, detail }) => scrub([reason, detail].filter(Boolean).join(', '))).join('; ') || 'no reason given';
  const begin = `ECS did not start the migration of release ${release}: ${reasons}.`;
  if (failures.some(({ reason = '' }) => NO_CAPACITY.test(reason))) return new MigrationError('NO_CAPACITY', `${begin} Two minutes of waiting did not help: deploy again later, or with subnets in another zone.`);
  return new MigrationError('TASK_NOT_STARTED', `${begin} Mend the cause, and deploy again.`);
}

/** Undefined where ECS does not know the task. */
export async function describeTask(cluster: string, taskArn: string, ecs: ECSClient, call: Call): Promise<Task | undefined> {
  const { tasks } = await call('DescribeTasks', taskArn, (options) => ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }), options));
  return tasks?.[0];
}

/** Asks for the end of a task, which then takes some seconds; can be repeated. */
export async function stopOverdueTask(cluster: string, taskArn: string, ecs: ECSClient, call: Call): Promise<void> {
  await call('StopTask', taskArn, (options) => ecs.send(new StopTaskCommand({ cluster, task: taskArn, reason: OVERDUE }), options));
}
