import type { DatabaseFact, Facts, Resource, SecureParameterFact, StackFact } from '../../facts/facts.ts';
import { control, expectValue, type Check } from '../control.ts';
import { answeringStack } from '../deployment.ts';
import { customerKeyChecks } from '../encryption.ts';
import { parameterPathOf } from '../place.ts';
import { isReplica } from '../replicas.ts';
import { textsBelow } from '../written.ts';

/** What no deployment runs without, by name below its path. */
const required = ['clerk/secret-key', 'clerk/webhook-signing-secret', 'webhooks/signing-secret', 'fernet/keys', 'database/url'];

/** CloudFormation makes a parameter in plaintext only, and a secret of Secrets Manager is no SecureString. */
const OTHER_STORE = /^AWS::(?:SSM::Parameter$|SecretsManager::)/;

/** The custom resources that see secrets. */
const WRITER = /^Custom::(?:SecureParameters|DatabaseUrl|OperatorSecrets)$/;

export const secretsAreSecureStrings = control<StackFact | SecureParameterFact | DatabaseFact | Resource>({
  id: 'secrets-are-secure-strings',
  claims: ['HM-SSM-1'],
  promise: 'Every secret is a SecureString of Parameter Store under a customer-managed key that rotates, written by a function of the deployment.',
  minimum: 1,
  population: (facts) => [
    ...answeringStack(facts),
    ...facts.secureParameters,
    ...facts.databases.filter((database) => !isReplica(database)),
    ...facts.resources.filter(({ type }) => OTHER_STORE.test(type) || WRITER.test(type)),
  ],
  check: (subject, facts) => {
    if ('deployment' in subject) return required.map((name) => presence(name, facts));
    if ('key' in subject) {
      return [expectValue('Name', subject.name, 'a name', (name) => name !== ''), ...customerKeyChecks('KeyArn', subject.key, facts)];
    }
    if ('masterPassword' in subject) return [masterPasswordCheck(subject, facts)];
    if (WRITER.test(subject.type)) return [writerCheck(subject, facts)];
    return [{ property: 'Type', expected: 'a SecureString that the custom resource keeps', observed: subject.type, outcome: 'fail' }];
  },
});

function presence(name: string, { secureParameters }: Facts): Check {
  const kept = secureParameters.some((parameter) => parameter.name.is === 'known' && parameter.name.value === name);
  return { property: name, expected: 'kept as a SecureString', observed: kept ? 'kept' : 'missing', outcome: kept ? 'pass' : 'fail' };
}

/** Whatever answers for a custom resource sees the secrets, so it has to be code of this deployment. */
function writerCheck(resource: Resource, facts: Facts): Check {
  const given = textsBelow(facts, resource, 'Properties.ServiceToken').find(({ path }) => path === 'Properties.ServiceToken')?.text;
  const isOwn = facts.resources.some(({ id, type }) => type === 'AWS::Lambda::Function' && given === `\${${id}.Arn}`);
  return { property: 'ServiceToken', expected: 'a function of the assembly', observed: given ?? 'none that can be read', outcome: isOwn ? 'pass' : 'fail' };
}

/** The reference alone would do for a parameter of anybody's; what it says otherwise is withheld. */
function masterPasswordCheck(database: DatabaseFact, facts: Facts): Check {
  const expected = 'a parameter that the deployment keeps';
  const path = parameterPathOf(database, facts);
  return expectValue('MasterUserPassword', nameIn(database.masterPassword), expected, (name) =>
    facts.secureParameters.some((kept) => path !== undefined && kept.name.is === 'known' && name === `${path}/${kept.name.value}`),
  );
}

function nameIn(password: DatabaseFact['masterPassword']): DatabaseFact['masterPassword'] {
  if (password.is !== 'known') return password;
  return { is: 'known', value: /^\{\{resolve:ssm-secure:([A-Za-z0-9_./-]+)(?::\d+)?\}\}$/.exec(password.value)?.[1] ?? 'something else (withheld)' };
}
