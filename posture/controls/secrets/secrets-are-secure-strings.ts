import type { Facts, Resource, SecureParameterFact, StackFact } from '../../facts/facts.ts';
import { control, expectValue, type Check } from '../control.ts';
import { answeringStack } from '../deployment.ts';
import { customerKeyChecks } from '../encryption.ts';

/** What no deployment runs without, by name below its path. */
const required = ['clerk/secret-key', 'clerk/webhook-signing-secret', 'webhooks/signing-secret', 'fernet/keys', 'database/url'];

/** CloudFormation makes a parameter in plaintext only, and a secret of Secrets Manager is no SecureString. */
const OTHER_STORE = /^AWS::(?:SSM::Parameter$|SecretsManager::)/;

export const secretsAreSecureStrings = control<StackFact | SecureParameterFact | Resource>({
  id: 'secrets-are-secure-strings',
  claims: ['HM-SSM-1'],
  promise: 'Every secret is a SecureString of Parameter Store under a customer-managed key that rotates.',
  minimum: 1,
  population: (facts) => [
    ...answeringStack(facts),
    ...facts.secureParameters,
    ...facts.resources.filter(({ type }) => OTHER_STORE.test(type)),
  ],
  check: (subject, facts) => {
    if ('deployment' in subject) return required.map((name) => presence(name, facts));
    if ('key' in subject) {
      return [expectValue('Name', subject.name, 'a name', (name) => name !== ''), ...customerKeyChecks('KeyArn', subject.key, facts)];
    }
    return [{ property: 'Type', expected: 'a SecureString that the custom resource keeps', observed: subject.type, outcome: 'fail' }];
  },
});

function presence(name: string, { secureParameters }: Facts): Check {
  const kept = secureParameters.some((parameter) => parameter.name.is === 'known' && parameter.name.value === name);
  return { property: name, expected: 'kept as a SecureString', observed: kept ? 'kept' : 'missing', outcome: kept ? 'pass' : 'fail' };
}
