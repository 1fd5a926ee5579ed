import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { CPUS, memoryFor } from '../../../lib/deployment/fargate.ts';
import { familiesIn, sizesOf } from '../../../lib/deployment/instance-families.ts';
import { partitionOf, REGIONS_WITHOUT_ROOTS, SUPPORTED_REGIONS } from '../../../lib/deployment/regions.ts';
import type { Deployment } from '../../../lib/deployment/schema.ts';
import { newRdsRoots } from '../../support/certificates.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { publicKey } from './refused.ts';

const key = publicKey();
const roots = temporaryFolder('roots');
const rootsOf = (region: string) => join(roots, `${region}-bundle.pem`);

/** Writes the root certificates that deployments in some regions name; before any of them is read. */
export async function writeRoots(): Promise<void> {
  for (const region of REGIONS_WITHOUT_ROOTS) writeFileSync(rootsOf(region), (await newRdsRoots(region)).bundle);
}

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

/** A network with the parts of the other sections that it decides: the load balancer's side and clients, and how keys are had. */
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
    .record({ vpc: fc.oneof(own, existing), internet: fc.constantFrom('nat' as const, 'none' as const), inside: fc.boolean(), limited: fc.boolean(), pinned: fc.boolean(), tasks, size })
    .map(({ vpc, internet, inside, limited, pinned, tasks: [minTasks = 2, maxTasks = 2], size: fits }) => {
      const closed = internet === 'none';
      // In a closed VPC that is there already, public subnets are its owner's matter.
      const internal = inside || (closed && !('existing' in vpc));
      const s3 = closed && 'existing' in vpc && vpc.existing.endpoints ? { s3PrefixList: 'pl-6ea54007' } : {};
      return {
        network: { availabilityZones: [...zones], internet, ...('existing' in vpc ? { existing: { ...vpc.existing, ...s3 } } : vpc) },
        service: {
          domainName: 'api.acme.example',
          loadBalancer: internal ? ('internal' as const) : ('internet-facing' as const),
          ...(limited ? { clientCidrs: internal ? ['10.0.0.0/8', '100.64.0.0/10'] : ['10.0.0.0/8', '192.0.2.0/24'] } : {}),
          ...fits,
          minTasks,
          maxTasks,
        },
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

type Place = Pick<Deployment, 'region' | 'network'> & { readonly account: string | undefined };

const ecr = (account: string, region: string) => `${account}.dkr.ecr.${region}.amazonaws.com/halton-api:1.4.0`;

/** Each way to have an image, a certificate, a zone and a boundary that a deployment in this place may name, by chance. */
const brought = fc.record({ image: fc.nat(3), certificate: fc.option(fc.uuid(), { nil: undefined }), zone: fc.boolean(), boundary: fc.nat(2), issuer: fc.boolean() }).map(
  ({ image, certificate, zone, boundary, issuer }) =>
    ({ region, account, network: { internet } }: Place) => {
      const partition = partitionOf(region);
      const open = internet === 'nat' ? 'docker.io/halton/api:1.4.0' : undefined;
      const uri = [undefined, open, ecr('444455556666', region), account === undefined ? undefined : ecr(account, region)][image];
      const owner = [undefined, 'aws', account][boundary];
      return {
        service: {
          ...(uri === undefined ? {} : { image: uri }),
          ...(certificate === undefined || account === undefined ? {} : { certificateArn: `arn:${partition}:acm:${region}:${account}:certificate/${certificate}` }),
          ...(zone ? { hostedZone: { id: 'Z0123456789ABC', name: 'acme.example' } } : {}),
        },
        identity: issuer ? { issuer: `https://id.${region}.acme.example` } : {},
        boundary: owner === undefined ? {} : { permissionsBoundary: `arn:${partition}:iam::${owner}:policy/halton/Boundary-1` },
      };
    },
);

/** One of the classes that a region offers. */
function classIn(region: string, chance: number): string {
  const classes = familiesIn(region).flatMap((family) => (sizesOf(family) ?? []).map((size) => `db.${family}.${size}`));
  return classes[chance % classes.length] ?? '';
}

/** Any deployment that a file may describe, as it is read. */
export const deployments: fc.Arbitrary<Deployment> = fc
  .record({
    name: fc.stringMatching(/^[a-z][a-z0-9]{1,15}$/),
    place,
    account: fc.option(fc.stringMatching(/^\d{12}$/), { nil: undefined }),
    brought,
    windows,
    storage,
    instanceClass: fc.nat(),
    readReplica: fc.boolean(),
    danger: fc.nat(3),
  })
  .map(({ name, place: { region, network, service, identity }, account, danger, ...drawn }) => {
    const own = drawn.brought({ region, network, account });
    const serves = service.loadBalancer === 'internet-facing' && service.clientCidrs === undefined;
    return {
      name,
      kind: region === 'eu-west-2' && serves ? ('hosted' as const) : ('enterprise' as const),
      region,
      ...(account === undefined ? {} : { account }),
      network,
      service: { ...service, ...own.service },
      identity: { ...identity, ...own.identity },
      database: {
        instanceClass: classIn(region, drawn.instanceClass),
        ...drawn.storage,
        backupRetentionDays: 7 as const,
        ...drawn.windows,
        ...(REGIONS_WITHOUT_ROOTS.includes(region) ? { certificates: rootsOf(region) } : {}),
        readReplica: drawn.readReplica,
      },
      ...own.boundary,
      danger: { disableDeletionProtection: danger > 0, deleteDatabaseOnDestroy: danger > 1, deleteSecretsOnDestroy: danger > 2 },
    };
  });
