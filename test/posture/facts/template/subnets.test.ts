import { factsOf } from '../../../support/assembly.ts';

const association = { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } } };
const route = (properties: Readonly<Record<string, unknown>>) => ({
  Type: 'AWS::EC2::Route',
  Properties: { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', ...properties },
});

/** The routes of one subnet whose table is called Table. */
function routesWith(others: Readonly<Record<string, unknown>>) {
  const facts = factsOf({
    network: { Resources: { Subnet: { Type: 'AWS::EC2::Subnet' }, Table: { Type: 'AWS::EC2::RouteTable' }, Spare: { Type: 'AWS::EC2::RouteTable' }, ...others } },
  });
  return facts.subnets[0]?.routes;
}

test('a subnet has the routes of the table that it is associated with, and no others', () => {
  const routes = routesWith({
    Association: association,
    Out: route({ NatGatewayId: 'nat-1' }),
    Elsewhere: route({ RouteTableId: { Ref: 'Spare' }, GatewayId: 'igw-1' }),
  });
  expect(routes).toEqual({
    is: 'known',
    value: [{ id: 'network/Out', destination: { is: 'known', value: '0.0.0.0/0' }, target: { is: 'known', value: 'NatGatewayId' } }],
  });
});

test.each([
  'GatewayId',
  'NatGatewayId',
  'TransitGatewayId',
  'EgressOnlyInternetGatewayId',
  'VpcPeeringConnectionId',
  'InstanceId',
  'NetworkInterfaceId',
  'CarrierGatewayId',
  'LocalGatewayId',
  'VpcEndpointId',
  'CoreNetworkArn',
  'SomethingNewToCloudFormation',
])('a route by %s is told by that name', (key) => {
  expect(routesWith({ Association: association, Out: route({ [key]: { Ref: 'Spare' } }) })).toMatchObject({ value: [{ target: { is: 'known', value: key } }] });
});

test('a route that stays in the VPC is local', () => {
  expect(routesWith({ Association: association, Out: route({ GatewayId: 'local' }) })).toMatchObject({ value: [{ target: { is: 'known', value: 'local' } }] });
});

test('a gateway endpoint is a route of the tables that it names', () => {
  const endpoint = (RouteTableIds: unknown) => ({ Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: 'Gateway', RouteTableIds } });
  const found = { value: [{ id: 'network/Endpoint', target: { is: 'known', value: 'VpcEndpointId' } }] };
  expect(routesWith({ Association: association, Endpoint: endpoint([{ Ref: 'Spare' }, { Ref: 'Table' }]) })).toMatchObject(found);
  expect(routesWith({ Association: association, Endpoint: endpoint({ 'Fn::If': ['C', [], []] }) })).toMatchObject(found);
  expect(routesWith({ Association: association, Endpoint: endpoint([{ Ref: 'Spare' }]) })).toEqual({ is: 'known', value: [] });
});

test('an interface endpoint is no route', () => {
  const Endpoint = { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: 'Interface', SubnetIds: [{ Ref: 'Subnet' }] } };
  expect(routesWith({ Association: association, Endpoint })).toEqual({ is: 'known', value: [] });
});

test('a gateway that propagates routes into the table is a route', () => {
  const Propagation = { Type: 'AWS::EC2::VPNGatewayRoutePropagation', Properties: { RouteTableIds: [{ Ref: 'Table' }], VpnGatewayId: 'vgw-1' } };
  expect(routesWith({ Association: association, Propagation })).toMatchObject({ value: [{ id: 'network/Propagation', target: { value: 'VpnGatewayId' } }] });
});

test('without an association the routes are absent', () => {
  expect(routesWith({})).toEqual({ is: 'absent' });
});

test('a table that is outside leaves the routes outside', () => {
  expect(routesWith({ Association: { ...association, Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: 'rtb-0123' } } })).toMatchObject({ is: 'outside' });
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['a table that a parameter names', { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Parameter' } }],
  ['an association with a subnet that a parameter names', { SubnetId: { Ref: 'Parameter' }, RouteTableId: { Ref: 'Table' } }],
  ['an association with no subnet', { RouteTableId: { Ref: 'Table' } }],
])('%s leaves the routes unresolved', (_, properties) => {
  expect(routesWith({ Association: { ...association, Properties: properties } })).toMatchObject({ is: 'unresolved' });
});

test('two tables for one subnet leave the routes unresolved', () => {
  expect(routesWith({ Association: association, Again: association })).toMatchObject({ is: 'unresolved' });
});

test('a route of a table that nobody can tell counts for every table', () => {
  expect(routesWith({ Association: association, Out: route({ RouteTableId: { Ref: 'Parameter' }, GatewayId: 'igw-1' }) })).toMatchObject({
    value: [{ id: 'network/Out', target: { is: 'unresolved' } }],
  });
});

test('a zone that is looked up is unresolved, and so is one given by its id', () => {
  const { subnets } = factsOf({
    network: {
      Resources: {
        LookedUp: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] } } },
        ById: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZoneId: 'euw2-az1' } },
        Named: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: 'eu-west-2a', MapPublicIpOnLaunch: 'true' } },
      },
    },
  });
  expect(subnets.map(({ availabilityZone }) => availabilityZone.is)).toEqual(['unresolved', 'unresolved', 'known']);
  expect(subnets[2]?.mapsPublicIps).toEqual({ is: 'known', value: true });
});
