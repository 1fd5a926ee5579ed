import type { DatabaseFact, Facts, Resource, SecureParameterFact, StackFact } from '../../facts/facts.ts';
import { absent } from '../../facts/value.ts';
import { control, expectValue, inside, type Check } from '../control.ts';
import { answeringStack, expectSome } from '../deployment.ts';

export const databaseRequiresTls = control<StackFact | DatabaseFact | SecureParameterFact>({
  id: 'database-requires-tls',
  claims: ['HM-TLS-4'],
  promise: 'Every database refuses plaintext and anything older than TLS 1.2, and every client verifies its certificate.',
  minimum: 1,
  population: (facts) => [...answeringStack(facts), ...facts.databases, ...databaseUrls(facts)],
  check: (subject, facts) => {
    if ('deployment' in subject) {
      return [expectSome('AWS::RDS::DBInstance', facts.databases.length), expectSome('Custom::DatabaseUrl', databaseUrls(facts).length)];
    }
    if ('parameterGroup' in subject) return serverChecks(subject, facts);
    return [expectValue('SslMode', subject.sslMode, 'verify-full', (mode) => mode === 'verify-full')];
  },
});

/** Whatever is derived, or called a URL, is how something connects. */
function databaseUrls({ secureParameters }: Facts): readonly SecureParameterFact[] {
  return secureParameters.filter(({ name, source }) =>
    source.is !== 'known' || source.value === 'derived' || (name.is === 'known' && /(?:^|\/)url$/.test(name.value)),
  );
}

function serverChecks({ parameterGroup }: DatabaseFact, { databaseParameterGroups }: Facts): readonly Check[] {
  const group = parameterGroup.is === 'known' ? databaseParameterGroups.find(({ id }) => id === parameterGroup.value) : undefined;
  const named = inside(
    expectValue('DBParameterGroupName', parameterGroup, 'a parameter group of the assembly', () => group !== undefined),
  );
  if (group === undefined) return [named];
  const parameter = (name: string) => (Object.hasOwn(group.parameters, name) ? group.parameters[name] : undefined) ?? absent;
  return [
    named,
    expectValue(`${place(group)} rds.force_ssl`, parameter('rds.force_ssl'), '1', (value) => value === '1'),
    expectValue(`${place(group)} ssl_min_protocol_version`, parameter('ssl_min_protocol_version'), 'TLSv1.2 or TLSv1.3', (value) =>
      value === 'TLSv1.2' || value === 'TLSv1.3',
    ),
  ];
}

const place = ({ id }: Resource): string => `${id}: Parameters`;
