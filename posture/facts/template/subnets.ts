import type { RouteFact, SubnetFact } from '../facts.ts';
import { absent, known, outside, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { booleanOf, firstSet, textOf } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';
import { referenceOf, ROUTE_TABLE, SUBNET } from './reference.ts';

/**
 * Every subnet with the routes of the table that it is associated with.
 *
 * An association or a route whose subnet or table the templates do not settle could be meant for any of them, so it
 * counts for all. A gateway endpoint puts no route resource into a template, and is a way out all the same: the bucket
 * that it leads to can be anybody's.
 */
export function subnets(reader: Reader): readonly SubnetFact[] {
  const associations = reader.ofType('AWS::EC2::SubnetRouteTableAssociation').map(({ get }) => ({
    subnet: demanded(referenceOf(get('SubnetId'), SUBNET, reader), 'an association without SubnetId'),
    table: demanded(referenceOf(get('RouteTableId'), ROUTE_TABLE, reader), 'an association without RouteTableId'),
  }));
  const routes = [...reader.ofType('AWS::EC2::Route').flatMap((route) => routeOf(route, reader)), ...addedRoutes(reader)];

  const routesOf = (subnet: string): Value<readonly RouteFact[]> => {
    const open = associations.find((association) => association.subnet.is !== 'known');
    if (open !== undefined && open.subnet.is !== 'known') return open.subnet;
    const mine = associations.filter((association) => association.subnet.is === 'known' && association.subnet.value === subnet);
    const [table] = mine.map((association) => association.table);
    if (table === undefined) return absent;
    if (mine.length > 1) return unresolved('more than one route table for one subnet');
    if (table.is !== 'known') return table;
    return known(routes.filter((route) => route.table === undefined || route.table === table.value).map(({ route }) => route));
  };

  return reader.ofType('AWS::EC2::Subnet').map(({ resource, get }) => ({
    ...resource,
    availabilityZone: firstSet(
      textOf(get('AvailabilityZone')),
      // A zone's id does not spell its region.
      get('AvailabilityZoneId').is === 'absent' ? absent : unresolved('AvailabilityZoneId instead of AvailabilityZone'),
    ),
    mapsPublicIps: booleanOf(get('MapPublicIpOnLaunch')),
    routes: routesOf(resource.id),
  }));
}

type Settled = Exclude<Value<string>, { is: 'absent' }>;

function demanded(value: Value<string>, why: string): Settled {
  return value.is === 'absent' ? { is: 'unresolved', why } : value;
}

interface TableRoute {
  /** Undefined where the route could be of any table. */
  readonly table: string | undefined;
  readonly route: RouteFact;
}

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'];

function routeOf({ resource, get, names }: ReadResource, reader: Reader): readonly TableRoute[] {
  const table = demanded(referenceOf(get('RouteTableId'), ROUTE_TABLE, reader), 'a route without RouteTableId');
  if (table.is !== 'known') {
    const part = table.is === 'outside' ? outside(table.why) : table;
    return [{ table: undefined, route: { id: resource.id, destination: part, target: part } }];
  }
  // Every property that is left names a target, so that a kind of gateway that is new to CloudFormation counts as well.
  const targets = names.filter((name) => name !== 'RouteTableId' && !DESTINATIONS.includes(name));
  return [
    {
      table: table.value,
      route: {
        id: resource.id,
        destination: firstSet(...DESTINATIONS.map((name) => textOf(get(name)))),
        target: targets.length > 0 ? known(targetName(targets, get)) : unresolved('a route without a target'),
      },
    },
  ];
}

/** `local` where the route stays in the VPC, otherwise the name of what it leads to. */
function targetName(targets: readonly string[], get: ReadResource['get']): string {
  const gateway = textOf(get('GatewayId'));
  if (targets.length === 1 && gateway.is === 'known' && gateway.value === 'local') return 'local';
  return targets.toSorted().join('+');
}

/** What puts routes into tables without a route resource: a gateway that learns them, an endpoint of S3 or DynamoDB. */
function addedRoutes(reader: Reader): readonly TableRoute[] {
  const learned = reader.ofType('AWS::EC2::VPNGatewayRoutePropagation').flatMap((source) => added(source, 'VpnGatewayId', 'routes that a gateway learns', reader));
  const endpoints = reader
    .ofType('AWS::EC2::VPCEndpoint')
    .filter(({ get }) => get('RouteTableIds').is !== 'absent')
    .flatMap((source) => added(source, 'VpcEndpointId', 'the addresses of a service', reader));
  return [...learned, ...endpoints];
}

function added({ resource, get }: ReadResource, target: string, destination: string, reader: Reader): readonly TableRoute[] {
  const tables = get('RouteTableIds');
  const route = { id: resource.id, destination: unresolved(destination), target: known(target) };
  if (tables.is !== 'list') return [{ table: undefined, route }];
  return tables.items.map((item) => {
    const table = referenceOf(item, ROUTE_TABLE, reader);
    return { table: table.is === 'known' ? table.value : undefined, route };
  });
}
