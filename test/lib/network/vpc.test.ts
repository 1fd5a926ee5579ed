import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { hosted, networkOf, resources } from '../../support/deployments.ts';
import { closed } from './modes.ts';

/** Ranges of the subnets, by logical id. */
function subnets(template: Template): Record<string, string> {
  return Object.fromEntries(
    Object.entries(resources(template, 'AWS::EC2::Subnet')).map(([id, { Properties }]) => [id, String(Properties['CidrBlock'])]),
  );
}

const zonesOf = (letters: string) => letters.split('').map((letter) => `eu-west-2${letter}`);

describe('a VPC of the deployment\'s own', () => {
  const network = networkOf(hosted);

  test('has a public, a private and an isolated subnet in each zone', () => {
    for (const zone of hosted.network.availabilityZones) {
      network.resourcePropertiesCountIs('AWS::EC2::Subnet', { AvailabilityZone: zone }, 3);
    }
    network.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
  });

  test('gives an isolated subnet no route at all', () => {
    const isolated = Object.keys(network.findResources('AWS::EC2::RouteTable')).filter((id) => id.includes('isolated'));
    expect(isolated).toHaveLength(3);
    const routed = Object.values(resources(network, 'AWS::EC2::Route')).map(({ Properties }) => JSON.stringify(Properties['RouteTableId']));
    const gateways = JSON.stringify(network.findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Gateway' } }));
    for (const table of isolated) {
      expect(routed.filter((route) => route.includes(table))).toEqual([]);
      expect(gateways).not.toContain(table);
    }
  });

  test('has a way out of its own in each zone', () => {
    network.resourceCountIs('AWS::EC2::NatGateway', 3);
  });

  test('is spread over two zones where the deployment names two', () => {
    const two = networkOf({ ...hosted, network: { ...hosted.network, availabilityZones: zonesOf('ab') } });
    expect(Object.keys(subnets(two))).toHaveLength(6);
    two.resourceCountIs('AWS::EC2::NatGateway', 2);
  });

  test('moves no subnet when a fourth zone is added', () => {
    const wider = networkOf({ ...hosted, network: { ...hosted.network, availabilityZones: zonesOf('abcd') } });
    expect(subnets(wider)).toMatchObject(subnets(network));
    expect(Object.keys(subnets(wider))).toHaveLength(12);
  });

  test('writes flow logs of all traffic to an encrypted group', () => {
    network.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL', LogDestinationType: 'cloud-watch-logs' });
    network.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue(), RetentionInDays: 90 });
  });

  test('closes the default security group', () => {
    network.hasResourceProperties('Custom::VpcRestrictDefaultSG', { DefaultSecurityGroupId: Match.anyValue() });
  });
});

describe('a VPC of the deployment\'s own without the internet', () => {
  const network = networkOf(closed);

  test('has no gateway, no public address, no public subnet and no route out', () => {
    for (const type of ['AWS::EC2::InternetGateway', 'AWS::EC2::VPCGatewayAttachment', 'AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::EC2::Route']) {
      network.resourceCountIs(type, 0);
    }
    expect(Object.keys(subnets(network)).filter((id) => id.includes('public'))).toEqual([]);
    expect(Object.keys(subnets(network))).toHaveLength(6);
    expect(JSON.stringify(network.toJSON())).not.toContain('0.0.0.0/0');
  });

  test('has its private and isolated subnets where an open one has them', () => {
    expect(subnets(networkOf(hosted))).toMatchObject(subnets(network));
  });

  test('writes flow logs and closes the default security group, as an open one does', () => {
    network.resourceCountIs('AWS::EC2::FlowLog', 1);
    network.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
  });
});

test('whatever range and zones a deployment names, no two subnets meet, all are in the range, and a load balancer fits', () => {
  const drawn = fc.record({
    prefix: fc.integer({ min: 16, max: 20 }),
    base: fc.constantFrom('10.0.0.0', '10.40.0.0', '172.16.0.0', '192.168.0.0'),
    zones: fc.integer({ min: 2, max: 4 }),
    mode: fc.constantFrom(hosted, closed),
  });
  const apart = fc.property(drawn, ({ prefix, base, zones, mode }) => {
    const range = `${base}/${prefix}`;
    const network = networkOf({ ...mode, network: { ...mode.network, cidr: range, availabilityZones: zonesOf('abcd'.slice(0, zones)) } });
    const found = Object.values(subnets(network)).map((cidr) => ipaddr.IPv4.parseCIDR(cidr));
    expect(found).toHaveLength(zones * (mode === hosted ? 3 : 2));
    for (const [index, [address, length]] of found.entries()) {
      expect(address.match(ipaddr.IPv4.parseCIDR(range))).toBe(true);
      expect(length).toBeLessThanOrEqual(27); // a load balancer asks for a /27
      for (const [other, otherLength] of found.slice(index + 1)) {
        const shorter = Math.min(length, otherLength);
        expect(address.match(other, shorter)).toBe(false);
      }
    }
  });
  expect(() => fc.assert(apart, { numRuns: 25 })).not.toThrow();
});
