import { KMSClient } from '@aws-sdk/client-kms';
import { SSMClient } from '@aws-sdk/client-ssm';
import { SecretsError } from '../../lambda/secure-parameters/errors.ts';
import { eventHandler } from '../../lambda/secure-parameters/on-event.ts';
import { ParameterStoreServer } from './parameter-store.ts';

type Properties = Readonly<Record<string, unknown>>;

/** A custom resource of some stack, and what CloudFormation knows of it. */
export interface Place {
  readonly ResourceType: string;
  readonly stack?: string;
  readonly LogicalResourceId?: string;
}

let requests = 0;

/** A request as the provider framework hands it on, with a request id of its own. */
export function request(RequestType: 'Create' | 'Update' | 'Delete', { ResourceType, stack = 'halton-hosted-data/1', LogicalResourceId = 'Secrets' }: Place, ResourceProperties: Properties, more: Properties = {}) {
  requests += 1;
  return {
    RequestType, ResourceType, LogicalResourceId, ResourceProperties,
    StackId: `arn:aws:cloudformation:eu-west-2:123456789012:stack/${stack}`,
    RequestId: `request-${requests}`,
    ServiceToken: 'arn:aws:lambda:eu-west-2:123456789012:function:provider',
    ...more,
  };
}

/** The handler, with the SDK's own clients, in front of a local endpoint; its waits cost no time. */
export class Account {
  readonly store: ParameterStoreServer;
  readonly logged: Readonly<Record<string, string>>[] = [];
  readonly pauses: number[] = [];
  readonly #ssm: SSMClient;
  readonly #kms: KMSClient;

  private constructor(store: ParameterStoreServer) {
    this.store = store;
    const client = {
      region: 'eu-west-2',
      endpoint: store.endpoint,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
      maxAttempts: 3,
      requestHandler: { requestTimeout: 400, throwOnRequestTimeout: true },
    };
    this.#ssm = new SSMClient(client);
    this.#kms = new KMSClient(client);
  }

  static async open(): Promise<Account> {
    return new Account(await ParameterStoreServer.start());
  }

  async close(): Promise<void> {
    this.#ssm.destroy();
    this.#kms.destroy();
    await this.store.close();
  }

  /** @param timeLimit milliseconds */
  send(event: unknown, timeLimit = 30_000): Promise<{ readonly PhysicalResourceId: string }> {
    const handler = eventHandler({
      ssm: this.#ssm,
      kms: this.#kms,
      pause: async (milliseconds) => void this.pauses.push(milliseconds),
      log: (line) => this.logged.push(line),
      timeLimit,
    });
    return handler(event);
  }

  /** The error of a request that has to fail. */
  async refusal(event: unknown, timeLimit?: number): Promise<SecretsError> {
    const outcome = await this.send(event, timeLimit).catch((error: unknown) => error);
    if (outcome instanceof SecretsError) return outcome;
    throw new Error(`expected a SecretsError, got ${String(outcome)}`);
  }

  /** What the log says of each parameter, from the newest `count` lines. */
  actions(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.logged.map(({ parameter, action }) => [(parameter ?? '').replace('/halton/hosted/', ''), action ?? '']));
  }

  values(): Readonly<Record<string, string | undefined>> {
    return Object.fromEntries(this.store.parameters.paths().map((path) => [path, this.store.parameters.value(path)]));
  }
}

export const PARAMETERS = [
  { Name: 'fernet/keys', Source: 'generated', Format: 'fernet-keys' },
  { Name: 'webhooks/signing-secret', Source: 'generated', Format: 'webhook-secret' },
  { Name: 'database/master-password', Source: 'generated', Format: 'password' },
  { Name: 'database/api-a-password', Source: 'generated', Format: 'password' },
  { Name: 'clerk/secret-key', Source: 'operator' },
] as const;

export const SECURE_PARAMETERS: Place = { ResourceType: 'Custom::SecureParameters' };

export function secureParameters(KeyArn: string, more: Properties = {}): Properties {
  return { Deployment: 'hosted', Path: '/halton/hosted', KeyArn, DeleteOnDestroy: 'false', Parameters: PARAMETERS, ...more };
}

export const DATABASE_URL: Place = { ResourceType: 'Custom::DatabaseUrl', LogicalResourceId: 'DatabaseUrl' };

export function databaseUrl(KeyArn: string, more: Properties = {}): Properties {
  return {
    Deployment: 'hosted', Path: '/halton/hosted', KeyArn, DeleteOnDestroy: 'false', Name: 'database/url', Host: 'db.example.eu-west-2.rds.amazonaws.com', Port: '5432',
    Database: 'halton', Login: 'halton_api_a', PasswordName: 'database/api-a-password', SslMode: 'verify-full', ...more,
  };
}

/** What an operator would have stored. */
export const CLERK_KEY = 'sk_test_operatorsuppliedvalue0123456789';
export const CLERK_PATH = '/halton/hosted/clerk/secret-key';
