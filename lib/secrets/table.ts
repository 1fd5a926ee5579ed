import type { Deployment } from '../deployment/schema.ts';
import { parameterPath } from '../names.ts';

/** Who reads a secret: a role of the deployment, or the AWS service that it is handed to. */
export type SecretReader = 'api' | 'jobs' | 'migrations' | 'rds';

interface SecretBase {
  /** Name below the deployment's path in Parameter Store. */
  readonly name: string;
  /** One sentence. */
  readonly purpose: string;
  readonly readers: readonly SecretReader[];
  /** How it is replaced by a new one, or why it never is. */
  readonly rotation: string;
}

/** Made by the deployment, once; an update never makes it anew, and is refused where it is lost. */
export interface GeneratedSecret extends SecretBase {
  readonly source: 'generated';
  readonly format: 'fernet-keys' | 'webhook-secret' | 'password';
}

/** Stored by the operator before the first deployment. */
export interface OperatorSecret extends SecretBase {
  readonly source: 'operator';
  readonly format: 'clerk-secret-key' | 'webhook-secret';
  /** What is accepted; anchored. */
  readonly pattern: RegExp;
  /** The same in words. */
  readonly expected: string;
}

/** Put together by the deployment from other secrets and from what the stacks made. */
export interface DerivedSecret extends SecretBase {
  readonly source: 'derived';
  readonly format: 'database-url';
}

export type Secret = GeneratedSecret | OperatorSecret | DerivedSecret;

/** Every secret of a deployment. What does not stand here does not exist. */
export const secrets: readonly Secret[] = [
  {
    name: 'fernet/keys',
    source: 'generated',
    format: 'fernet-keys',
    purpose: 'Seals request and response bodies before they are stored.',
    readers: ['api', 'jobs'],
    rotation: 'A new key is put behind the others; once every task has started with it, it is moved to the front, so that no task meets a body that it cannot open. The older ones stay until no body is sealed with them.',
  },
  {
    name: 'webhooks/signing-secret',
    source: 'generated',
    format: 'webhook-secret',
    purpose: 'Signs the webhooks that the API sends.',
    readers: ['api'],
    rotation: 'By a new value, once the receivers accept both.',
  },
  {
    name: 'database/master-password',
    source: 'generated',
    format: 'password',
    purpose: 'Opens the database to the first migration, which makes every other login.',
    readers: ['rds', 'migrations'],
    rotation: 'By a new value, given to RDS first (aws rds modify-db-instance) and then stored here; a deployment hands RDS none, since the reference in the template stays the same text.',
  },
  {
    name: 'database/api-a-password',
    source: 'generated',
    format: 'password',
    purpose: 'Lets the API log in to the database as halton_api_a.',
    readers: ['migrations'],
    rotation: 'By a new value while the database URL names halton_api_b.',
  },
  {
    name: 'database/api-b-password',
    source: 'generated',
    format: 'password',
    purpose: 'Lets the API log in to the database as halton_api_b.',
    readers: ['migrations'],
    rotation: 'By a new value while the database URL names halton_api_a.',
  },
  {
    name: 'database/migrator-password',
    source: 'generated',
    format: 'password',
    purpose: 'Lets migrations log in to the database as halton_migrator, who owns nothing and may become the owner.',
    readers: ['migrations'],
    rotation: 'By a new value, which the next run of the migrations sets.',
  },
  {
    name: 'database/jobs-password',
    source: 'generated',
    format: 'password',
    purpose: 'Lets jobs log in to the database as halton_jobs.',
    readers: ['jobs', 'migrations'],
    rotation: 'By a new value, which the next run of the migrations sets.',
  },
  {
    name: 'database/support-password',
    source: 'generated',
    format: 'password',
    purpose: 'Lets the API read a workspace as halton_support, where its owner granted that.',
    readers: ['api', 'migrations'],
    rotation: 'By a new value, which the next run of the migrations sets; the API reads it when its tasks start anew.',
  },
  {
    name: 'database/analytics-password',
    source: 'generated',
    format: 'password',
    purpose: 'Lets analytics log in to the database as halton_analytics, who sees sums over workspaces only.',
    readers: ['migrations'],
    rotation: 'By a new value, which the next run of the migrations sets.',
  },
  {
    name: 'database/url',
    source: 'derived',
    format: 'database-url',
    purpose: 'Tells the API where its database is, and with which login to open it.',
    readers: ['api', 'jobs'],
    rotation: 'By switching to the other login, whose password was made new before.',
  },
  {
    name: 'clerk/secret-key',
    source: 'operator',
    format: 'clerk-secret-key',
    purpose: "Lets the API call Clerk's backend.",
    readers: ['api'],
    rotation: 'A second key is made in the Clerk dashboard and stored here; the first is revoked once the API has restarted.',
    pattern: /^sk_(live|test)_[A-Za-z0-9]{20,200}$/,
    expected: 'sk_live_ or sk_test_ and at least 20 letters and digits, as the Clerk dashboard shows it under API keys',
  },
  {
    name: 'clerk/webhook-signing-secret',
    source: 'operator',
    format: 'webhook-secret',
    purpose: 'Verifies that a webhook was sent by Clerk.',
    readers: ['api'],
    rotation: 'Clerk makes a new one for the endpoint and signs with both for a day; it is stored here within that day.',
    pattern: /^whsec_[A-Za-z0-9+/]{32,200}={0,2}$/,
    expected: "whsec_ and base64, as the Clerk dashboard shows it under the webhook endpoint's signing secret",
  },
];

/** The account's own key of Parameter Store, under which the operator's secrets lie until the first deployment. */
export const ACCOUNT_KEY = 'alias/aws/ssm';

/** Path of a secret in Parameter Store. */
export function secretPath(deployment: Deployment, secret: Secret): string {
  return `${parameterPath(deployment)}/${secret.name}`;
}
