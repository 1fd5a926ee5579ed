import { setTimeout as sleep } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Parameter } from '@aws-sdk/client-ssm';
import { StartError } from './start-error.ts';

/** What the server reads, by name below the deployment's path. */
export const SERVER_SECRETS = ['database/url', 'database/support-password', 'fernet/keys', 'webhooks/signing-secret', 'clerk/secret-key', 'clerk/webhook-signing-secret'] as const;

/** What the other jobs read. */
export const JOB_SECRETS = ['database/url', 'database/jobs-password', 'fernet/keys'] as const;

/** What the job that migrates reads. */
export const MIGRATE_SECRETS = [
  'database/master-password', 'database/migrator-password', 'database/api-a-password', 'database/api-b-password',
  'database/jobs-password', 'database/support-password', 'database/analytics-password',
] as const;

/**
 * Milliseconds between attempts, 15 s in all: a policy or grant that the deployment has just made reaches every
 * endpoint within seconds, and what is still denied then is denied on purpose.
 */
const PAUSES: readonly number[] = [1_000, 2_000, 4_000, 8_000];
const PASSING = 'AccessDeniedException';

/** A client that gives up in time to be tried again: by default it would wait for an answer without end. */
export function parameterStoreClient(region: string): SSMClient {
  return new SSMClient({
    region,
    // Milliseconds. Parameter Store answers in less than a tenth of them.
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
    // Throttling and broken connections are the SDK's to retry; all tasks of a deployment read at the same moment.
    maxAttempts: 5,
  });
}

/**
 * Reads SecureStrings with decryption.
 *
 * @param path of the deployment, as `/halton/hosted`
 * @param names below it, ten at most: what one call takes
 * @throws StartError `SECRET_MISSING`, `SECRET_NOT_SECURE`, `SECRETS_UNREADABLE`; no message holds a value
 */
export async function readSecrets<Name extends string>(ssm: SSMClient, path: string, names: readonly Name[], pause: (milliseconds: number) => Promise<unknown> = sleep): Promise<Readonly<Record<Name, string>>> {
  const parameters = await ask(ssm, names.map((name) => `${path}/${name}`), pause);
  const missing = names.filter((name) => valueOf(parameters, path, name).trim() === '').map((name) => `${path}/${name}`);
  if (missing.length > 0) {
    throw new StartError('SECRET_MISSING', `Got nothing at ${missing.join(', ')}, expected a SecureString with a value. The deployment stores it, or the operator does: npm run secrets -- list -c deployment=${path.slice('/halton/'.length)} says which.`);
  }
  const plain = parameters.filter(({ Type }) => Type !== 'SecureString').map(({ Name = '' }) => Name);
  if (plain.length > 0) {
    throw new StartError('SECRET_NOT_SECURE', `Got a parameter in plaintext at ${plain.join(', ')}, expected a SecureString. Whatever it holds counts as exposed: delete it, make a new value, and store that.`);
  }
  return byName(names, (name) => valueOf(parameters, path, name));
}

async function ask(ssm: SSMClient, paths: readonly string[], pause: (milliseconds: number) => Promise<unknown>): Promise<readonly Parameter[]> {
  const pauses = [...PAUSES];
  for (;;) {
    try {
      return (await ssm.send(new GetParametersCommand({ Names: [...paths], WithDecryption: true }))).Parameters ?? [];
    } catch (error) {
      // The name and nothing else: a message of AWS can repeat what was sent or received.
      const name = isNativeError(error) && /^\w{1,64}$/.test(error.name) ? error.name : 'UnknownError';
      const next = name === PASSING ? pauses.shift() : undefined;
      if (next === undefined) {
        throw new StartError('SECRETS_UNREADABLE', `Could not read ${paths.join(', ')}: ${name}. The task role needs ssm:GetParameters on each and kms:Decrypt with the deployment's key, and the process a way to both services.`);
      }
      await pause(next);
    }
  }
}

function valueOf(parameters: readonly Parameter[], path: string, name: string): string {
  return parameters.find(({ Name }) => Name === `${path}/${name}`)?.Value ?? '';
}

function byName<Name extends string>(names: readonly Name[], value: (name: Name) => string): Readonly<Record<Name, string>> {
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are exactly these names
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, string>;
}
