import type { DatabaseFact, TextFact } from '../../facts/facts.ts';
import { known, type Value } from '../../facts/value.ts';
import { control, expectAbsent, expectValue, type Check } from '../control.ts';
import { environmentChecks } from '../environments.ts';
import { isReplica } from '../replicas.ts';
import { secretFormats } from '../secret-formats.ts';
import { handedOver, namedSecrets } from '../secret-places.ts';
import { written, type Written } from '../written.ts';

export const noPlaintextSecret = control<Written>({
  id: 'no-plaintext-secret',
  claims: ['HM-SSM-3'],
  promise: 'No secret stands in a template or in the environment of a function or task; the master password is a reference to a SecureString.',
  minimum: 1,
  population: written,
  check: (subject, facts) => {
    const found = [...subject.texts.flatMap(textChecks), ...namedSecrets(subject, facts).map(({ path, what }) => withheldAt(path, what))];
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
const withheldAt = (property: string, what: string): Check => ({ property, expected: NO_SECRET, observed: `${what} (withheld)`, outcome: 'fail' });

function textChecks(found: TextFact): readonly Check[] {
  const { type, path, text } = found;
  const fail = (observed: string): Check => withheldAt(path, observed);
  const isMasterPassword = type === 'AWS::RDS::DBInstance' && path === `Properties.${MASTER_PASSWORD}`;
  return [
    ...secretFormats.filter(({ pattern }) => pattern.test(text)).map(({ name }) => fail(name)),
    ...handedOver(found).map(fail),
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
