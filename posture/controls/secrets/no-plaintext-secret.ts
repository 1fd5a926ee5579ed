import type { DatabaseFact, Facts, TextFact } from '../../facts/facts.ts';
import { known, type Value } from '../../facts/value.ts';
import { control, expectAbsent, expectValue, type Check } from '../control.ts';
import { environmentChecks, isVariable } from '../environments.ts';
import { isReplica } from '../replicas.ts';
import { secretFormats } from '../secret-formats.ts';
import { nameAt, saysSecret } from '../secret-names.ts';
import { handedOver, namedSecrets } from '../secret-places.ts';
import { answersIn, isHarmless } from '../secret-references.ts';
import { written, type Written } from '../written.ts';

export const noPlaintextSecret = control<Written>({
  id: 'no-plaintext-secret',
  claims: ['HM-SSM-3'],
  promise: 'No secret stands in a template or in the environment of a function or task; the master password is a reference to a SecureString.',
  minimum: 1,
  population: written,
  check: (subject, facts) => {
    const named = namedSecrets(subject, facts).map(({ path, what }) => withheldAt(path, what));
    // What an output is called and what it holds is one finding.
    const found = new Map([...named, ...subject.texts.flatMap((text) => textChecks(text, facts))].map((check) => [check.property, check]));
    return [
      ...(found.size > 0 ? found.values() : [{ property: 'every string', expected: NO_SECRET, observed: 'none', outcome: 'pass' } as const]),
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

/** What stands there is never repeated: a finding is published. */
const withheldAt = (property: string, what: string): Check => ({ property, expected: NO_SECRET, observed: `${what} (withheld)`, outcome: 'fail' });

function textChecks(found: TextFact, facts: Facts): readonly Check[] {
  const { type, path, text } = found;
  const isMasterPassword = type === 'AWS::RDS::DBInstance' && path === `Properties.${MASTER_PASSWORD}`;
  const given = [
    ...secretFormats.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name),
    ...handedOver(found),
    ...(/\{\{resolve:secretsmanager/i.test(text) ? ['a reference to Secrets Manager'] : []),
    ...(/\{\{resolve:ssm-secure/i.test(text) && !isMasterPassword ? ['a reference that CloudFormation would resolve in plain sight'] : []),
    ...(type === 'AWS::ECS::TaskDefinition' && INJECTED.test(path) ? ['a value injected into the environment'] : []),
    ...(isMasterPassword || isVariable(found) ? [] : nameAndAnswer(found, facts)),
  ];
  return given.length > 0 ? [withheldAt(path, given.join(', '))] : [];
}

/** A flag says that there is a secret, and a name or a reference to its guard where it is kept. */
function nameAndAnswer({ path, text }: TextFact, facts: Facts): readonly string[] {
  const isSaid = saysSecret(nameAt(path)) && !/^(?:true|false)$/i.test(text) && !isHarmless(text, facts);
  return [...(isSaid ? ['a value under a name that says secret'] : []), ...(answersIn(text, facts) ? ['the answer of a custom resource'] : [])];
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
