import type { DatabaseFact, EnvironmentFact, Facts, TextFact } from '../../facts/facts.ts';
import { known, unresolved, type Value } from '../../facts/value.ts';
import { control, expectAbsent, expectValue, type Check } from '../control.ts';
import { isReplica } from '../replicas.ts';
import { saysSecret, secretFormats } from '../secret-formats.ts';
import { written, type Written } from '../written.ts';

export const noPlaintextSecret = control<Written>({
  id: 'no-plaintext-secret',
  claims: ['HM-SSM-3'],
  promise: 'No secret stands in a template or in the environment of a function or task; the master password is a reference to a SecureString.',
  minimum: 1,
  population: written,
  check: (subject, facts) => {
    const found = subject.texts.flatMap(textChecks);
    return [
      ...(found.length > 0 ? found : [{ property: 'every string', expected: NO_SECRET, observed: 'none', outcome: 'pass' } as const]),
      ...facts.databases.filter(({ id }) => id === subject.id).flatMap(databaseChecks),
      ...facts.environments.filter(({ id }) => id === subject.id).flatMap((variable) => environmentChecks(variable, facts)),
    ];
  },
});

const NO_SECRET = 'no secret in plaintext';
const MASTER_PASSWORD = 'MasterUserPassword';
const WHOLE_REFERENCE = /^\{\{resolve:ssm-secure:[A-Za-z0-9_./-]+(?::[1-9][0-9]*)?\}\}$/;

/** The part of a task definition with which ECS itself fetches secrets into a container's environment. */
const INJECTED = /\.Secrets\./;
/** A property that is called a secret outright; the longer `PasswordName` and the like say where one is kept. */
const SECRET_PROPERTY = /\.(?:[A-Za-z]*(?:Password|SecretString|SecretKey|ClientSecret|AuthToken|OAuthToken|AccessToken|ApiKey|PrivateKey)|AccessKey|Password|Secret)$/;

/** What stands there is never repeated: a finding is published. */
function textChecks({ type, path, text }: TextFact): readonly Check[] {
  const fail = (observed: string): Check => ({ property: path, expected: NO_SECRET, observed: `${observed} (withheld)`, outcome: 'fail' });
  const isMasterPassword = type === 'AWS::RDS::DBInstance' && path === `Properties.${MASTER_PASSWORD}`;
  return [
    ...secretFormats.filter(({ pattern }) => pattern.test(text)).map(({ name }) => fail(name)),
    ...(/\{\{resolve:secretsmanager/i.test(text) ? [fail('a reference to Secrets Manager')] : []),
    ...(/\{\{resolve:ssm-secure/i.test(text) && !isMasterPassword ? [fail('a reference that CloudFormation would resolve in plain sight')] : []),
    ...(type === 'AWS::ECS::TaskDefinition' && INJECTED.test(path) ? [fail('a value injected into the environment')] : []),
    ...(SECRET_PROPERTY.test(path) && !isMasterPassword && !/^(?:true|false)$/i.test(text) ? [fail('a value under a name that says secret')] : []),
  ];
}

function databaseChecks(database: DatabaseFact): readonly Check[] {
  const { masterPassword, managesMasterPassword } = database;
  const expected = 'a whole {{resolve:ssm-secure:…}} reference';
  const password = isReplica(database)
    ? expectAbsent(MASTER_PASSWORD, withheld(masterPassword))
    : expectValue(MASTER_PASSWORD, withheld(masterPassword), expected, (value) => value === 'a reference');
  return [password, expectAbsent('ManageMasterUserPassword', managesMasterPassword, (manages) => !manages, 'false or absent')];
}

function withheld(value: Value<string>): Value<string> {
  if (value.is !== 'known') return value;
  return known(WHOLE_REFERENCE.test(value.value) ? 'a reference' : 'something else (withheld)');
}

function environmentChecks({ name, value }: EnvironmentFact, facts: Facts): readonly Check[] {
  if (!VARIABLE.test(name)) return [expectValue('Environment', unresolved('a variable whose name cannot be read'), 'a name', () => false)];
  if (value.is === 'known' && !saysSecret(name)) return [];
  const judged = value.is === 'known' ? known(isHarmless(value.value, facts) ? 'a name' : 'a value (withheld)') : value;
  return [expectValue(`Environment ${name}`, judged, 'the path of a parameter or the id of a resource', (kind) => kind === 'a name')];
}

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PARAMETER_PATH = /^(?:arn:aws[a-z-]*:ssm:[a-z0-9-]+:(?:[0-9]{12}|\$\{AWS::AccountId\}):parameter)?(?:\/[a-z0-9][a-z0-9-]*)+\/?$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[0-9a-f-]{36}$/;
const WHOLE_RESOURCE = /^\$\{([^}.]+)(?:\.Arn)?\}$/;

/** Where a secret is kept, or which resource guards it, is no secret. */
function isHarmless(value: string, { resources, secureParameters }: Facts): boolean {
  if (PARAMETER_PATH.test(value) || KEY_ARN.test(value)) return true;
  if (secureParameters.some(({ name }) => name.is === 'known' && name.value === value)) return true;
  const id = WHOLE_RESOURCE.exec(value)?.[1];
  // What a custom resource answers is its handler's choice, so a reference to one may be the secret itself.
  return resources.some((resource) => resource.id === id && resource.type.startsWith('AWS::') && resource.type !== 'AWS::IAM::AccessKey');
}
