import { Match } from 'aws-cdk-lib/assertions';
import { appOf, hosted, resources, templatesOf } from '../../support/deployments.ts';

const { network } = templatesOf();

/** Subnets by their kind, as the VPC names it in the construct's path. */
function subnets(template = network): Record<string, string> {
  return Object.fromEntries(
    Object.entries(resources(template, 'AWS::EC2::Subnet')).map(([id, { Properties }]) => [id, String(Properties['CidrBlock'])]),
  );
}

describe('the network', () => {
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

  test('moves no subnet when a fourth zone is added', () => {
    const { network: wider } = templatesOf({
      ...hosted,
      network: { ...hosted.network, availabilityZones: [...hosted.network.availabilityZones, 'eu-west-2d'] },
    });
    expect(subnets(wider)).toMatchObject(subnets());
    expect(Object.keys(subnets(wider))).toHaveLength(12);
  });

  test('fits four zones into the smallest range that a deployment may name', () => {
    const zones = ['a', 'b', 'c', 'd'].map((zone) => `eu-west-2${zone}`);
    const { network: small } = templatesOf({ ...hosted, network: { cidr: '10.0.0.0/20', availabilityZones: zones } });
    const prefixes = Object.values(subnets(small)).map((cidr) => Number(cidr.split('/')[1]));
    expect(prefixes).toHaveLength(12);
    expect(Math.max(...prefixes)).toBeLessThanOrEqual(27); // a load balancer asks for a /27
  });

  test('writes flow logs of all traffic to an encrypted group', () => {
    network.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL', LogDestinationType: 'cloud-watch-logs' });
    network.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.anyValue(), RetentionInDays: 90 });
  });

  test('closes the default security group', () => {
    network.hasResourceProperties('Custom::VpcRestrictDefaultSG', { DefaultSecurityGroupId: Match.anyValue() });
  });

  test('asks no account for its zones, even where the deployment names one', () => {
    const assembly = appOf({ ...hosted, account: '123456789012' }).synth();
    expect(assembly.manifest.missing ?? []).toEqual([]);
  });
});

describe('the endpoints', () => {
  const endpoints = Object.values(resources(network, 'AWS::EC2::VPCEndpoint')).map(({ Properties }) => Properties);
  const named = (service: string) =>
    endpoints.find(({ ServiceName }) => JSON.stringify(ServiceName).replace(/[^a-z0-9.-]/g, '').endsWith(`.${service}`));

  test.each(['ssm', 'kms', 'ecr.api', 'ecr.dkr', 'logs', 'sts', 'kinesis-firehose', 'monitoring'])(
    'let tasks reach %s inside the network, for this account\'s identities and named actions only',
    (service) => {
      const endpoint = named(service);
      expect(endpoint).toMatchObject({ VpcEndpointType: 'Interface', PrivateDnsEnabled: true });
      const statements = (endpoint?.['PolicyDocument'] as { Statement: Record<string, unknown>[] } | undefined)?.Statement ?? [];
      expect(statements).toHaveLength(1);
      expect(statements[0]).toMatchObject({
        Effect: 'Allow',
        Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
      });
      expect([statements[0]?.['Action']].flat()).not.toContain('*');
    },
  );

  test('reach S3 through a gateway that opens this account\'s buckets and the registry\'s layers', () => {
    const s3 = named('s3');
    expect(s3).toMatchObject({ VpcEndpointType: 'Gateway' });
    expect(JSON.stringify(s3?.['PolicyDocument'])).toContain('aws:ResourceAccount');
    expect(JSON.stringify(s3?.['PolicyDocument'])).toContain('starport-layer-bucket/*');
  });
});

describe('the security groups', () => {
  const name = (value: unknown): string =>
    /SecurityGroups(LoadBalancer|Tasks|Database|Endpoints)/.exec(JSON.stringify(value))?.[1] ?? String(value);

  /** Every rule of every group, as `group < source : port` for ingress and `group > destination : port` for egress. */
  function rules(): string[] {
    const found: string[] = [];
    for (const [id, { Properties }] of Object.entries(resources(network, 'AWS::EC2::SecurityGroup'))) {
      for (const rule of (Properties['SecurityGroupIngress'] ?? []) as Record<string, unknown>[]) {
        found.push(`${name(id)} < ${String(rule['CidrIp'])} : ${String(rule['FromPort'])}`);
      }
      for (const rule of (Properties['SecurityGroupEgress'] ?? []) as Record<string, unknown>[]) {
        found.push(`${name(id)} > ${String(rule['CidrIp'])} : ${String(rule['FromPort'])}`);
      }
    }
    for (const { Properties } of Object.values(resources(network, 'AWS::EC2::SecurityGroupIngress'))) {
      found.push(`${name(Properties['GroupId'])} < ${name(Properties['SourceSecurityGroupId'])} : ${String(Properties['FromPort'])}`);
    }
    for (const { Properties } of Object.values(resources(network, 'AWS::EC2::SecurityGroupEgress'))) {
      found.push(`${name(Properties['GroupId'])} > ${name(Properties['DestinationSecurityGroupId'])} : ${String(Properties['FromPort'])}`);
    }
    return found.toSorted();
  }

  test('allow exactly these ways', () => {
    expect(rules()).toEqual([
      'Database < Tasks : 5432',
      'Database > 255.255.255.255/32 : 252', // the CDK's way to say: nowhere
      'Endpoints < Tasks : 443',
      'Endpoints > 255.255.255.255/32 : 252',
      'LoadBalancer < 0.0.0.0/0 : 443',
      'LoadBalancer < 0.0.0.0/0 : 80',
      'LoadBalancer > Tasks : 8080',
      'Tasks < LoadBalancer : 8080',
      'Tasks > 0.0.0.0/0 : 443',
      'Tasks > Database : 5432',
    ]);
  });
});
