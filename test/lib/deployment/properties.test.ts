import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { parseDeployment } from '../../../lib/deployment/load.ts';
import { DeploymentError } from '../../../lib/deployment/problems.ts';
import { deployments, writeRoots } from './drawn.ts';

const [hosted, enterprise] = ['hosted', 'enterprise'].map((name) => readFileSync(`deployments/${name}.yaml`, 'utf8')) as [string, string];
const keys = ['name', 'kind', 'region', 'account', 'network', 'service', 'identity', 'database', 'danger', 'cidr', 'availabilityZones', 'existing', 'privateSubnets', 'hostedZone', 'publicKey', 'jwksUrl', 'image', 'cpu', 'backupWindow', '__proto__'];

/** True where the text is read, or is refused with problems that each say all they have to; anything else is thrown on. */
function isReadOrRefused(text: string): boolean {
  try {
    parseDeployment(text, 'junk.yaml');
    return true;
  } catch (error) {
    if (!(error instanceof DeploymentError)) throw error;
    const { problems } = error;
    return problems.length > 0 && problems.every(({ field, got, expected, mend }) => [field, got, expected, mend].every((said) => said !== ''));
  }
}

describe('nothing happens to an input but that it is read or refused', () => {
  const punctuation = fc.constantFrom(...'[ ] { } : , - ? ! & * | > % @ ` # " \' a b 1 .'.split(' '), ' ', '\n', '\t', 'name: ', 'network:\n  ', '<<: ', '*a', '&a ', '---\n', '!!str ');
  const document = fc.object({ key: fc.constantFrom(...keys), maxDepth: 3, withNullPrototype: true, withBigInt: true, withDate: true });
  const edited = (file: string) =>
    fc
      .record({ at: fc.nat(file.length), length: fc.nat(20), by: fc.string({ maxLength: 10 }) })
      .map(({ at, length, by }) => file.slice(0, at) + by + file.slice(at + length));

  test.each([
    { input: 'text', texts: fc.string({ unit: 'binary', maxLength: 200 }) },
    { input: 'YAML punctuation', texts: fc.string({ unit: punctuation, maxLength: 60 }) },
    { input: 'documents with the right keys and any values', texts: document.map((value) => stringify(value)) },
    { input: 'the hosted file with a piece replaced', texts: edited(hosted) },
    { input: 'the enterprise file with a piece replaced', texts: edited(enterprise) },
  ])('$input', ({ texts }) => {
    expect(() => fc.assert(fc.property(texts, isReadOrRefused), { numRuns: 300 })).not.toThrow();
  });

  test.each([100, 1000, 2000, 3000, 5000, 10_000])('%i levels of nesting', (depth) => {
    const nested = [
      '['.repeat(depth),
      `${'['.repeat(depth)}${']'.repeat(depth)}`,
      `${'- '.repeat(depth)}x`,
      `${'{a: '.repeat(depth)}x${'}'.repeat(depth)}`,
      `name: ${'['.repeat(depth)}${']'.repeat(depth)}`,
    ];
    expect(nested.every(isReadOrRefused)).toBe(true);
  });
});

beforeAll(writeRoots);

test('every valid deployment is read back as it was written', () => {
  const readBack = fc.property(deployments, (written) => {
    const { rdsRoots, ...read } = parseDeployment(stringify(written), 'any.yaml');
    expect(read).toEqual(written);
    expect(rdsRoots?.length).toBe(written.database.certificates === undefined ? undefined : 3);
  });
  expect(() => fc.assert(readBack, { numRuns: 300 })).not.toThrow();
});
