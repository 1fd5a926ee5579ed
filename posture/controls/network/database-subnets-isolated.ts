import type { DatabaseFact, Facts, SubnetFact } from '../../facts/facts.ts';
import { known } from '../../facts/value.ts';
import { control, expectAbsent, expectValue, inside, type Check } from '../control.ts';

/** Two zones are what Multi-AZ takes. */
const LEAST_ZONES = 2;

export const databaseSubnetsIsolated = control<DatabaseFact | SubnetFact>({
  id: 'database-subnets-isolated',
  claims: ['HM-NET-1'],
  promise: 'Every database stands in subnets of at least two zones whose own route tables lead nowhere outside the network.',
  minimum: 1,
  population: (facts) => {
    const { databases } = facts;
    return [...databases, ...new Set(databases.flatMap((database) => subnetsOf(database, facts)))];
  },
  check: (subject, facts) => ('subnetGroup' in subject ? databaseChecks(subject, facts) : subnetChecks(subject, facts)),
});

function groupOf({ subnetGroup }: DatabaseFact, { subnetGroups }: Facts) {
  return subnetGroup.is === 'known' ? subnetGroups.find(({ id }) => id === subnetGroup.value) : undefined;
}

function subnetsOf(database: DatabaseFact, facts: Facts): readonly SubnetFact[] {
  const ids = groupOf(database, facts)?.subnets;
  return ids?.is === 'known' ? facts.subnets.filter(({ id }) => ids.value.includes(id)) : [];
}

function databaseChecks(database: DatabaseFact, facts: Facts): readonly Check[] {
  const group = groupOf(database, facts);
  const named = inside(
    expectValue('DBSubnetGroupName', database.subnetGroup, 'a subnet group of the assembly', () => group !== undefined),
  );
  if (group === undefined) return [named];
  const subnets = subnetsOf(database, facts);
  const zones = new Set(subnets.flatMap(({ availabilityZone }) => (availabilityZone.is === 'known' ? [availabilityZone.value] : [])));
  const listed = expectValue(`${group.id}: SubnetIds`, group.subnets, 'subnets of the assembly', (ids) =>
    ids.length > 0 && new Set(ids).size === subnets.length,
  );
  if (listed.outcome !== 'pass') return [named, listed];
  return [
    named,
    listed,
    {
      property: `${group.id}: zones`,
      expected: `at least ${LEAST_ZONES}`,
      observed: String(zones.size),
      outcome: zones.size >= LEAST_ZONES ? 'pass' : 'fail',
    },
  ];
}

function subnetChecks({ availabilityZone, mapsPublicIps, routes }: SubnetFact, { resources }: Facts): readonly Check[] {
  return [
    expectValue('AvailabilityZone', availabilityZone, 'a zone', (zone) => zone !== ''),
    expectAbsent('MapPublicIpOnLaunch', mapsPublicIps, (maps) => !maps, 'false or absent'),
    expectValue('RouteTableId', routes.is === 'known' ? known('its own') : routes, 'a route table of its own', () => true),
    ...(routes.is === 'known' ? routes.value : []).map((route) =>
      inside(expectValue(`${route.id}: target`, route.target, 'local', (target) => target === 'local')),
    ),
    // A route server puts what it learns into tables, and no route resource shows it.
    ...resources
      .filter(({ type }) => type === 'AWS::EC2::RouteServerPropagation')
      .map(({ id, type }): Check => ({ property: id, expected: 'no routes but those declared', observed: type, outcome: 'fail' })),
  ];
}
