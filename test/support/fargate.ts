import { randomUUID } from 'node:crypto';
import { FakeAwsError } from './parameter-store-keys.ts';

type Input = Readonly<Record<string, unknown>>;

/** How a task goes, in seconds of the test's clock. */
export interface Course {
  /** @default 20 */
  readonly startsAfter?: number;
  /** @default 10 */
  readonly runsFor?: number;
  /** @default 0 */
  readonly exitCode?: number;
  /** ECS's reason on the container. */
  readonly reason?: string;
  /** What the container writes. */
  readonly lines?: readonly string[];
  /** Seconds until CloudWatch has what the container wrote. */
  readonly linesLate?: number;
  /** Why the container never starts. */
  readonly stuck?: string;
  /** Seconds for which ECS does not know the task that it just started. */
  readonly unseenFor?: number;
}

interface FakeTask {
  readonly taskArn: string;
  readonly input: Input;
  readonly course: Course;
  readonly createdAt: number;
  stop?: { readonly at: number; readonly reason: string };
}

export const CLUSTER = 'arn:aws:ecs:eu-west-2:123456789012:cluster/halton-hosted';
export const CONTAINER = 'migrate';
export const LOG_GROUP = '/halton/hosted/migrations';
export const LOG_STREAM_PREFIX = 'task';

/** Seconds that ECS leaves a container to end by itself, and that it takes to give the network interface back. */
const STOP_SECONDS = 30;
const DEPROVISIONING_SECONDS = 10;

/** One cluster on Fargate, whose tasks go the way that they are told, by the test's clock; with their logs. */
export class Fargate {
  readonly tasks: FakeTask[] = [];
  /** How the tasks that are started from now on go. */
  course: Course = {};
  /** Reasons for which the next calls of RunTask start nothing. */
  readonly shortages: string[] = [];
  readonly #now: () => number;

  /** @param now seconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  run(operation: string, input: Input): unknown {
    switch (operation) {
      case 'RunTask':
        return this.#runTask(input);
      case 'ListTasks':
        return this.#listTasks(input);
      case 'DescribeTasks':
        return this.#describeTasks(input);
      case 'StopTask':
        return this.#stopTask(input);
      case 'GetLogEvents':
        return this.#logEvents(input);
      default:
        throw new FakeAwsError('UnknownOperationException');
    }
  }

  /** Stops a task as somebody else would. */
  stop(reason: string): void {
    for (const task of this.tasks) task.stop ??= { at: this.#now(), reason };
  }

  #runTask(input: Input): unknown {
    this.#demandCluster(input);
    const known = this.tasks.find((task) => task.input['clientToken'] === input['clientToken']);
    if (known !== undefined) {
      if (JSON.stringify(known.input) !== JSON.stringify(input)) throw new FakeAwsError('ConflictException');
      return { tasks: [this.#describe(known)], failures: [] };
    }
    const shortage = this.shortages.shift();
    if (shortage !== undefined) return { tasks: [], failures: [{ reason: shortage }] };
    const task = { taskArn: `arn:aws:ecs:eu-west-2:123456789012:task/halton-hosted/${randomUUID().replaceAll('-', '')}`, input, course: this.course, createdAt: this.#now() };
    this.tasks.push(task);
    return { tasks: [this.#describe(task)], failures: [] };
  }

  #listTasks(input: Input): unknown {
    this.#demandCluster(input);
    const { cluster: _, startedBy, ...others } = input;
    if (Object.keys(others).length > 0) throw new FakeAwsError('InvalidParameterException');
    const found = this.tasks.filter((task) => task.input['startedBy'] === startedBy && this.#phase(task).desiredStatus === 'RUNNING');
    return { taskArns: found.map(({ taskArn }) => taskArn) };
  }

  #describeTasks(input: Input): unknown {
    this.#demandCluster(input);
    const [arn] = input['tasks'] as string[];
    const task = this.tasks.find(({ taskArn, createdAt, course }) => taskArn === arn && this.#now() >= createdAt + (course.unseenFor ?? 0));
    return task === undefined ? { tasks: [], failures: [{ arn, reason: 'MISSING' }] } : { tasks: [this.#describe(task)], failures: [] };
  }

  #stopTask(input: Input): unknown {
    this.#demandCluster(input);
    const task = this.tasks.find(({ taskArn }) => taskArn === input['task']);
    if (task === undefined) throw new FakeAwsError('InvalidParameterException');
    task.stop ??= { at: this.#now(), reason: String(input['reason']) };
    return { task: this.#describe(task) };
  }

  #logEvents({ logGroupName, logStreamName, limit }: Input): unknown {
    const task = this.tasks.find(({ taskArn }) => logStreamName === `${LOG_STREAM_PREFIX}/${CONTAINER}/${taskArn.slice(taskArn.lastIndexOf('/') + 1)}`);
    const { lines = [], linesLate = 0 } = task?.course ?? {};
    const arrived = task !== undefined && this.#now() >= this.#phase(task).endsAt + linesLate;
    if (logGroupName !== LOG_GROUP || lines.length === 0 || !arrived) throw new FakeAwsError('ResourceNotFoundException');
    return { events: lines.slice(-Number(limit)).map((message) => ({ message, timestamp: task.createdAt * 1_000 })) };
  }

  #demandCluster({ cluster }: Input): void {
    if (cluster !== CLUSTER) throw new FakeAwsError('ClusterNotFoundException');
  }

  #phase({ course, createdAt, stop }: FakeTask): { readonly lastStatus: string; readonly desiredStatus: string; readonly endsAt: number; readonly stopped: boolean } {
    const startsAt = createdAt + (course.startsAfter ?? 20);
    const endsByItself = course.stuck === undefined ? startsAt + (course.runsFor ?? 10) : startsAt;
    const stopped = stop !== undefined && stop.at < endsByItself;
    const endsAt = stopped ? Math.min(stop.at + STOP_SECONDS, endsByItself) : endsByItself;
    const now = this.#now();
    const desiredStatus = stopped || now >= endsAt ? 'STOPPED' : 'RUNNING';
    const lastStatus = now >= endsAt + DEPROVISIONING_SECONDS ? 'STOPPED' : now >= endsAt ? 'DEPROVISIONING' : now >= startsAt ? 'RUNNING' : 'PROVISIONING';
    return { lastStatus, desiredStatus, endsAt, stopped };
  }

  #describe(task: FakeTask): unknown {
    const { lastStatus, desiredStatus, stopped } = this.#phase(task);
    const { course, taskArn, createdAt, stop } = task;
    const container = { name: CONTAINER, lastStatus, ...(lastStatus === 'STOPPED' && this.#containerEnd(course, stopped)) };
    return { taskArn, createdAt, lastStatus, desiredStatus, containers: [container], ...(lastStatus === 'STOPPED' && this.#taskEnd(course, stopped ? stop?.reason : undefined)) };
  }

  #containerEnd({ stuck, exitCode = 0, reason }: Course, stopped: boolean): Input {
    if (stuck !== undefined) return { reason: stuck };
    // A process that ends in good order when it is told to says 0.
    return { exitCode: stopped ? 0 : exitCode, ...(reason !== undefined && { reason }) };
  }

  #taskEnd({ stuck }: Course, stopReason: string | undefined): Input {
    if (stopReason !== undefined) return { stopCode: 'UserInitiated', stoppedReason: stopReason };
    if (stuck !== undefined) return { stopCode: 'TaskFailedToStart', stoppedReason: stuck };
    return { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' };
  }
}
