import { newDatabaseUrl, readdressed } from './database-url.ts';
import { SecretsError } from './errors.ts';
import { read } from './event.ts';
import type { ResourceEvent } from './event.ts';
import { generators, losses } from './formats.ts';
import type { Keeping, Loss } from './keep.ts';
import { operatorDemand } from './presence.ts';
import type { Demand } from './presence.ts';
import { databaseUrl, operatorSecrets, secureParameters } from './properties.ts';
import type { DatabaseUrl, GeneratedFormat, OperatorSecrets, SecureParameters } from './properties.ts';
import type { ParameterStore } from './store.ts';

/** What the properties of a resource ask for, whichever type it is. */
export interface Plan {
  /** Absent on a resource that writes nothing. */
  readonly keyArn?: string;
  readonly deleteOnDestroy: boolean;
  /** What has to be in order before anything is written. */
  readonly demands: readonly Demand[];
  readonly keepings: readonly Keeping[];
}

/** @throws SecretsError `EVENT_INVALID` */
export function planOf(type: ResourceEvent['ResourceType'], properties: unknown, store: ParameterStore): Plan {
  switch (type) {
    case 'Custom::OperatorSecrets':
      return operatorSecretsPlan(read(operatorSecrets, properties, type));
    case 'Custom::SecureParameters':
      return secureParametersPlan(read(secureParameters, properties, type));
    case 'Custom::DatabaseUrl':
      return databaseUrlPlan(read(databaseUrl, properties, type), store);
  }
}

function operatorSecretsPlan({ Deployment, Path, Names }: OperatorSecrets): Plan {
  return { deleteOnDestroy: false, demands: Names.map((name) => operatorDemand(Deployment, Path, name)), keepings: [] };
}

function secureParametersPlan({ Deployment, Path, KeyArn, DeleteOnDestroy, Parameters }: SecureParameters): Plan {
  const keepings = Parameters.map((parameter): Keeping => {
    if (parameter.Source === 'operator') return { keyArn: KeyArn, demand: operatorDemand(Deployment, Path, parameter.Name) };
    const path = `${Path}/${parameter.Name}`;
    const loss = lossOf(path, KeyArn, parameter.Format);
    const replacement = `store a new one with \`${loss.command}\` (${loss.means})`;
    return { keyArn: KeyArn, demand: { path, replacement }, make: generators[parameter.Format], loss };
  });
  return plan(KeyArn, DeleteOnDestroy, keepings);
}

/** Under the deployment's key at once: what lies under another one is put there only by an update of the resource. */
function lossOf(path: string, keyArn: string, format: GeneratedFormat): Loss {
  const { shell, means } = losses[format];
  const region = keyArn.split(':')[3] ?? '';
  return { means, command: `${shell}; aws ssm put-parameter --region ${region} --type SecureString --key-id ${keyArn} --name ${path} --value "$v"` };
}

function databaseUrlPlan({ Path, KeyArn, DeleteOnDestroy, Name, Login, PasswordName, ...address }: DatabaseUrl, parameters: ParameterStore): Plan {
  const path = `${Path}/${Name}`;
  const passwordPath = `${Path}/${PasswordName}`;
  const { command, means } = lossOf(passwordPath, KeyArn, 'password');
  const store = `store a new one with \`${command}\` (${means})`;
  const password: Demand = {
    path: passwordPath,
    whenMissing: `Custom::SecureParameters makes it when it is created, and never again: put the old value back, or ${store}`,
    replacement: store,
  };
  const url: Keeping = {
    keyArn: KeyArn,
    // No loss: it is derived from what is there, so it can be made again and again.
    demand: { path, replacement: 'the next deployment makes a new one' },
    make: async () => newDatabaseUrl(address, Login, (await parameters.read(passwordPath)).value),
    readdress: (existing) => readdressed(existing, address) ?? malformed(path),
  };
  return plan(KeyArn, DeleteOnDestroy, [url], [password]);
}

function plan(keyArn: string, deleteOnDestroy: 'true' | 'false', keepings: readonly Keeping[], demands: readonly Demand[] = []): Plan {
  return { keyArn, deleteOnDestroy: deleteOnDestroy === 'true', keepings, demands: [...keepings.map(({ demand }) => demand), ...demands] };
}

function malformed(path: string): never {
  throw new SecretsError('DATABASE_URL_MALFORMED', `${path} holds something other than postgresql://login:password@host:port/database. Delete it with \`aws ssm delete-parameter --name ${path}\`, and deploy again; the next deployment makes a new one.`);
}
