import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { parseDeployment } from '../../../lib/deployment/load.ts';
import { DeploymentError } from '../../../lib/deployment/problems.ts';
import { CPUS, memoryFor } from '../../../lib/deployment/fargate.ts';
import { SUPPORTED_REGIONS } from '../../../lib/deployment/regions.ts';
import type { Deployment } from '../../../lib/deployment/schema.ts';
import { publicKey } from './refused.ts';

const [hosted, enterprise] = ['hosted', 'enterprise'].map((name) => readFileSync(`deployments/${name}.yaml`, 'utf8')) as [string, string];
const key = publicKey();
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

const time = (minutes: number) => {
  const inDay = minutes % 1440;
  return `${String(Math.floor(inDay / 60)).padStart(2, '0')}:${String(inDay % 60).padStart(2, '0')}`;
};
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const dayTime = (minutes: number) => `${days[Math.floor(minutes / 1440) % 7]}:${time(minutes)}`;

/** Maintenance begins after a day's backup and is over before the next one. */
const windows = fc
  .record({ start: fc.nat(1439), length: fc.integer({ min: 30, max: 600 }), gap: fc.nat(200), maintenance: fc.integer({ min: 30, max: 600 }), day: fc.nat(6) })
  .map(({ start, length, gap, maintenance, day }) => {
    const begin = day * 1440 + start + length + gap;
    return { backupWindow: `${time(start)}-${time(start + length)}`, maintenanceWindow: `${dayTime(begin)}-${dayTime(begin + maintenance)}` };
  });

const storage = fc
  .record({ allocatedStorageGib: fc.integer({ min: 20, max: 59_578 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ allocatedStorageGib, share }) => {
    const least = Math.ceil((allocatedStorageGib * 110) / 100);
    return { allocatedStorageGib, maxAllocatedStorageGib: least + Math.floor(share * (65_536 - least)) };
  });

const cidr = fc.oneof(
  fc.tuple(fc.nat(255), fc.nat(15), fc.integer({ min: 16, max: 20 })).map(([second, block, prefix]) => {
    const step = 2 ** (24 - prefix);
    return `10.${second}.${Math.floor((block * 16) / step) * step}.0/${prefix}`;
  }),
  fc.constantFrom('172.16.0.0/16', '192.168.0.0/16', '192.168.16.0/20'),
);

const subnetId = fc.stringMatching(/^subnet-[0-9a-f]{17}$/);

/** A network with the parts of the other sections that it decides: the load balancer's side, and how keys are had. */
function networks(zones: readonly string[]): fc.Arbitrary<Pick<Deployment, 'network' | 'service' | 'identity'>> {
  const own = cidr.map((range) => ({ cidr: range }));
  const existing = fc
    .record({ ids: fc.uniqueArray(subnetId, { minLength: zones.length * 3, maxLength: zones.length * 3 }), endpoints: fc.boolean(), range: cidr })
    .map(({ ids, endpoints, range }) => {
      const list = (index: number) => ids.slice(index * zones.length, (index + 1) * zones.length);
      const subnets = { privateSubnets: list(0), isolatedSubnets: list(1), loadBalancerSubnets: list(2) };
      return { existing: { vpcId: 'vpc-0a1b2c3d4e5f60718', cidr: range, ...subnets, endpoints } };
    });
  const tasks = fc.tuple(fc.integer({ min: 2, max: 100 }), fc.integer({ min: 2, max: 100 })).map((pair) => pair.toSorted((a, b) => a - b));
  const size = fc.constantFrom(...CPUS).chain((cpu) => fc.constantFrom(...memoryFor(cpu)).map((memoryMib) => ({ cpu, memoryMib })));
  return fc
    .record({ vpc: fc.oneof(own, existing), internet: fc.constantFrom('nat' as const, 'none' as const), pinned: fc.boolean(), tasks, size })
    .map(({ vpc, internet, pinned, tasks: [minTasks = 2, maxTasks = 2], size: fits }) => {
      const closed = internet === 'none';
      const s3 = closed && 'existing' in vpc && vpc.existing.endpoints ? { s3PrefixList: 'pl-6ea54007' } : {};
      return {
        network: { availabilityZones: [...zones], internet, ...('existing' in vpc ? { existing: { ...vpc.existing, ...s3 } } : vpc) },
        service: { domainName: 'api.acme.example', loadBalancer: closed ? ('internal' as const) : ('internet-facing' as const), ...fits, minTasks, maxTasks },
        identity: {
          authorizedParty: 'https://app.haltonmeter.com',
          ...(closed || pinned ? { publicKey: key } : { jwksUrl: 'https://clerk.acme.example/jwks' }),
        },
      };
    });
}

const place = fc
  .record({ region: fc.constantFrom(...SUPPORTED_REGIONS), letters: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 2, maxLength: 4 }) })
  .chain(({ region, letters }) => networks(letters.map((letter) => `${region}${letter}`)).map((parts) => ({ region, ...parts })));

const deployment: fc.Arbitrary<Deployment> = fc
  .record({
    name: fc.stringMatching(/^[a-z][a-z0-9]{1,15}$/),
    place,
    account: fc.option(fc.stringMatching(/^\d{12}$/), { nil: undefined }),
    windows,
    storage,
    instanceClass: fc.constantFrom('db.m7g.large', 'db.t4g.micro', 'db.r8g.48xlarge', 'db.m5d.xlarge'),
    readReplica: fc.boolean(),
    danger: fc.nat(3),
  })
  .map(({ name, place: { region, ...parts }, account, danger, ...drawn }) => ({
    name,
    kind: region === 'eu-west-2' && parts.service.loadBalancer === 'internet-facing' ? ('hosted' as const) : ('enterprise' as const),
    region,
    ...(account === undefined ? {} : { account }),
    ...parts,
    database: {
      instanceClass: drawn.instanceClass,
      ...drawn.storage,
      backupRetentionDays: 7 as const,
      ...drawn.windows,
      readReplica: drawn.readReplica,
    },
    danger: { disableDeletionProtection: danger > 0, deleteDatabaseOnDestroy: danger > 1, deleteSecretsOnDestroy: danger > 2 },
  }));

test('every valid deployment is read back as it was written', () => {
  const readBack = fc.property(deployment, (written) => {
    expect(parseDeployment(stringify(written), 'any.yaml')).toEqual(written);
  });
  expect(() => fc.assert(readBack, { numRuns: 300 })).not.toThrow();
});
