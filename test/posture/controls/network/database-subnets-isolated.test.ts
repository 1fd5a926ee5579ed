import { CfnResource } from 'aws-cdk-lib';
import { CfnRoute, type CfnRouteTable } from 'aws-cdk-lib/aws-ec2';
import { databaseSubnetsIsolated } from '../../../../posture/controls/network/database-subnets-isolated.ts';
import { factsOf } from '../../../support/assembly.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, drop, healthy, judging, NETWORK, section, set, unset, type Edit } from '../../../support/fixtures.ts';

const inNetwork = { stack: NETWORK };
const route = (target: Record<string, unknown>, table: unknown = { Ref: 'IsolatedTable' }) =>
  add('Route', 'AWS::EC2::Route', { RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', ...target }, inNetwork);

const judge = judging(databaseSubnetsIsolated);
const after = judgingAfter(databaseSubnetsIsolated);

test('passes where the tables of the subnets hold no route but the local one', () => {
  expect(judge(route({ GatewayId: 'local' }))).toEqual([]);
});

test('does not pass where there is no database', () => {
  expect(judge(drop('Database'))).toEqual(['empty: 0 of 1']);
});

test.each([
  { GatewayId: 'igw-0123456789abcdef0' },
  { NatGatewayId: { Ref: 'Nat' } },
  { TransitGatewayId: 'tgw-0123456789abcdef0' },
  { VpcPeeringConnectionId: 'pcx-0123456789abcdef0' },
  { VpcEndpointId: 'vpce-0123456789abcdef0' },
  { AGatewayOfTomorrowId: 'agw-0123456789abcdef0' },
])('fails on a route to anything else: %j', (target) => {
  expect(judge(route(target))).toEqual([
    'fail IsolatedA Route: target',
    'fail IsolatedB Route: target',
  ]);
});

test('fails on a route into a table that the assembly does not declare, since it could be any', () => {
  expect(judge(route({ GatewayId: 'igw-0123456789abcdef0' }, 'rtb-0123456789abcdef0'))).toEqual(['fail IsolatedA Route: target', 'fail IsolatedB Route: target']);
});

test('fails on routes that gateways and route servers learn', () => {
  const gateway = add('Vpn', 'AWS::EC2::VPNGatewayRoutePropagation', { RouteTableIds: [{ Ref: 'IsolatedTable' }], VpnGatewayId: 'vgw-1' }, inNetwork);
  expect(judge(gateway)).toEqual(['fail IsolatedA Vpn: target', 'fail IsolatedB Vpn: target']);
  const server = add('Server', 'AWS::EC2::RouteServerPropagation', { RouteTableId: { Ref: 'IsolatedTable' }, RouteServerId: 'rs-1' }, inNetwork);
  expect(judge(server)).toEqual(['fail IsolatedA Server', 'fail IsolatedB Server']);
});

test('fails on a gateway endpoint, which leads to anybody\'s buckets', () => {
  const endpoint = (tables: unknown) => add('S3', 'AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.eu-west-2.s3', RouteTableIds: tables }, inNetwork);
  expect(judge(endpoint([{ Ref: 'IsolatedTable' }]))).toEqual(['fail IsolatedA S3: target', 'fail IsolatedB S3: target']);
  expect(judge(add('Other', 'AWS::EC2::RouteTable', {}, inNetwork), endpoint([{ Ref: 'Other' }]))).toEqual([]);
});

test('fails on a subnet that falls to the main route table of the VPC', () => {
  expect(judge(drop('AssociationB'))).toEqual(['fail IsolatedB RouteTableId']);
});

test('fails on a subnet that hands out public addresses', () => {
  expect(judge(set('IsolatedA', 'Properties.MapPublicIpOnLaunch', 'true'))).toEqual([
    'fail IsolatedA MapPublicIpOnLaunch',
  ]);
});

test('fails on fewer than two zones', () => {
  expect(judge(set('IsolatedB', 'Properties.AvailabilityZone', 'eu-west-2a'))).toEqual([
    'fail Database SubnetGroup: zones',
  ]);
  expect(judge(set('SubnetGroup', 'Properties.SubnetIds', []))).toEqual(['fail Database SubnetGroup: SubnetIds']);
});

test('fails on a second database beside the first that is in no group of the assembly', () => {
  const edits = [copy('Database', 'Second', { DBSubnetGroupName: 'default' }), copy('Database', 'Third', { DBSubnetGroupName: undefined })];
  expect(judge(...edits)).toEqual(['fail Second DBSubnetGroupName', 'fail Third DBSubnetGroupName']);
});

test('judges a subnet once, however many databases stand in it', () => {
  const findings = databaseSubnetsIsolated.judge(factsOf(healthy(copy('Database', 'Second', {}))));
  expect(findings.map(({ resource }) => resource.logicalId)).toEqual(['Database', 'Second', 'IsolatedA', 'IsolatedB']);
});

test('leaves subnets that the assembly does not declare to the live check', () => {
  const imported = set('SubnetGroup', 'Properties.SubnetIds', ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1']);
  expect(judge(imported)).toEqual(['outside Database SubnetGroup: SubnetIds']);
});

test('fails where a construct is changed after it was made right', () => {
  const table = after(({ vpc }, stack) => {
    const isolated = vpc.isolatedSubnets[0]?.node.findChild('RouteTable') as CfnRouteTable;
    new CfnRoute(stack, 'WayOut', { routeTableId: isolated.ref, destinationIpv6CidrBlock: '::/0', gatewayId: vpc.internetGatewayId ?? '' });
  });
  expect(table).toEqual([expect.stringMatching(/^fail VpcisolatedSubnet1Subnet WayOut: target$/)]);

  const publicSubnet = after(({ vpc, database }) => {
    const group = resourceOf(database.node.findChild('SubnetGroup'));
    group.addPropertyOverride('SubnetIds.1', vpc.publicSubnets[1]?.subnetId);
  });
  expect(publicSubnet).toEqual([
    'fail VpcpublicSubnet2Subnet MapPublicIpOnLaunch',
    expect.stringMatching(/^fail VpcpublicSubnet2Subnet VpcpublicSubnet2DefaultRoute: target$/),
  ]);

  const raw = after((_, stack) => {
    new CfnResource(stack, 'Raw', { type: 'AWS::RDS::DBInstance' });
  });
  expect(raw).toEqual(['fail Raw DBSubnetGroupName']);
});

test('is unresolved where the templates do not settle subnets, zones or tables', () => {
  const parameter = section(NETWORK, 'Parameters', { Any: { Type: 'String', Default: 'eu-west-2a' } });
  const open = (edit: Edit) => judge(parameter, edit);
  expect(open(set('AssociationA', 'Properties.RouteTableId', { Ref: 'Any' }))).toEqual(['unresolved IsolatedA RouteTableId']);
  expect(open(set('SubnetGroup', 'Properties.SubnetIds', { 'Fn::If': ['C', [], []] }))).toEqual(['unresolved Database SubnetGroup: SubnetIds']);
  expect(open(set('IsolatedB', 'Properties.AvailabilityZone', { 'Fn::Select': [1, { 'Fn::GetAZs': '' }] }))).toEqual([
    'fail Database SubnetGroup: zones',
    'unresolved IsolatedB AvailabilityZone',
  ]);
  expect(open(route({ GatewayId: 'igw-1' }, { Ref: 'Any' }))).toEqual(['unresolved IsolatedA Route: target', 'unresolved IsolatedB Route: target']);
  expect(open(unset('IsolatedA', 'Properties.AvailabilityZone'))).toEqual(['fail Database SubnetGroup: zones', 'fail IsolatedA AvailabilityZone']);
});
