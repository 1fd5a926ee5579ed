import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { MigrationError } from '../../lambda/run-migrations/errors.ts';
import { eventHandler } from '../../lambda/run-migrations/start.ts';
import type { Answer } from '../../lambda/run-migrations/start.ts';
import { completionHandler } from '../../lambda/run-migrations/wait.ts';
import { EcsEndpoint, STACK_ID } from './ecs-endpoint.ts';
import { CLUSTER, CONTAINER, LOG_GROUP, LOG_STREAM_PREFIX } from './fargate.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Seconds between the framework's questions, and how many it asks: those of thirty minutes. */
const INTERVAL = 10;
const QUESTIONS = 180;

export function properties(more: Properties = {}): Properties {
  return {
    Deployment: 'hosted', Cluster: CLUSTER, TaskDefinition: 'arn:aws:ecs:eu-west-2:123456789012:task-definition/halton-hosted-migrate:7',
    Subnets: ['subnet-0a1b2c', 'subnet-0d3e4f'], SecurityGroups: ['sg-0123abc'], Container: CONTAINER, LogGroup: LOG_GROUP, LogStreamPrefix: LOG_STREAM_PREFIX, Release: '1.4.0', ...more,
  };
}

let requests = 0;

/** A request as the provider framework hands it on, with a request id of its own. */
export function request(RequestType: 'Create' | 'Update' | 'Delete', ResourceProperties: Properties = properties(), more: Properties = {}): Properties {
  requests += 1;
  return {
    RequestType, ResourceProperties, ResourceType: 'Custom::Migrations', StackId: STACK_ID, LogicalResourceId: 'Migrations', RequestId: `request-${requests}`,
    ResponseURL: 'https://cloudformation-custom-resource-response.example/?X-Amz-Signature=signed-for-the-answer',
    ...(RequestType !== 'Create' && { PhysicalResourceId: 'halton-migrations-1' }),
    ...(RequestType === 'Update' && { OldResourceProperties: properties({ Release: '1.3.0' }) }),
    ...more,
  };
}

/** Both handlers, with the SDK's own clients, in front of a local endpoint, and a clock that only moves when they wait. */
export class Account {
  readonly endpoint: EcsEndpoint;
  readonly logged: Readonly<Record<string, string>>[] = [];
  readonly pauses: number[] = [];
  readonly #clock: { seconds: number };
  readonly #clients: { readonly ecs: ECSClient; readonly cloudFormation: CloudFormationClient; readonly logs: CloudWatchLogsClient };

  private constructor(endpoint: EcsEndpoint, clock: { seconds: number }) {
    this.endpoint = endpoint;
    this.#clock = clock;
    const client = {
      region: 'eu-west-2',
      endpoint: endpoint.url,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
      maxAttempts: 3,
      requestHandler: { requestTimeout: 400, throwOnRequestTimeout: true },
    };
    this.#clients = { ecs: new ECSClient(client), cloudFormation: new CloudFormationClient(client), logs: new CloudWatchLogsClient(client) };
  }

  static async open(): Promise<Account> {
    const clock = { seconds: 1_800_000_000 };
    return new Account(await EcsEndpoint.start(() => clock.seconds), clock);
  }

  async close(): Promise<void> {
    for (const client of Object.values(this.#clients)) client.destroy();
    await this.endpoint.close();
  }

  get fargate() {
    return this.endpoint.fargate;
  }

  /** The first function. @param timeLimit milliseconds */
  start(event: unknown, timeLimit = 30_000): Promise<Answer> {
    return eventHandler({ ...this.#dependencies(), timeLimit })(event);
  }

  /** The second function. */
  ask(event: unknown): Promise<{ readonly IsComplete: boolean }> {
    return completionHandler({ ...this.#dependencies(), timeLimit: 30_000 })(event);
  }

  /** Both functions as the provider framework calls them, until it is done. @returns how many seconds it took */
  async deploy(event: Properties, beforeEach: (seconds: number) => void = () => undefined): Promise<number> {
    const waiting = { ...event, ...(await this.start(event)) };
    const begin = this.#clock.seconds;
    for (let question = 0; question <= QUESTIONS; question += 1) {
      beforeEach(this.#clock.seconds - begin);
      if ((await this.ask(waiting)).IsComplete) return this.#clock.seconds - begin;
      this.wait(INTERVAL);
    }
    throw new Error('Operation timed out');
  }

  wait(seconds: number): void {
    this.#clock.seconds += seconds;
  }

  #dependencies() {
    return {
      ...this.#clients,
      pause: async (milliseconds: number) => {
        this.pauses.push(milliseconds);
        this.wait(milliseconds / 1_000);
      },
      now: () => this.#clock.seconds * 1_000,
      log: (line: Readonly<Record<string, string>>) => void this.logged.push(line),
    };
  }
}

/** The error of what has to fail. */
export async function refusal(outcome: Promise<unknown>): Promise<MigrationError> {
  const error = await outcome.then(() => undefined, (thrown: unknown) => thrown);
  if (error instanceof MigrationError) return error;
  throw new Error(`expected a MigrationError, got ${String(error)}`);
}

/** Everything that an error could show to anybody. */
export const shown = (error: MigrationError): string => `${error.message}${error.stack}${JSON.stringify(error)}`;
