import type { Template } from 'aws-cdk-lib/assertions';
import { enterprise, hosted, networkOf, resources } from '../../support/deployments.ts';
import { closed, inExistingVpc } from './modes.ts';

const SERVICES = ['ssm', 'kms', 'ecr.api', 'ecr.dkr', 'logs', 'sts', 'kinesis-firehose', 'monitoring'];

const endpointsOf = (network: Template) => Object.values(resources(network, 'AWS::EC2::VPCEndpoint')).map(({ Properties }) => Properties);
const named = (network: Template, service: string) =>
  endpointsOf(network).find(({ ServiceName }) => JSON.stringify(ServiceName).replace(/[^a-z0-9.-]/g, '').endsWith(`.${service}`));

describe.each([
  ['a VPC of its own', networkOf(hosted)],
  ['a VPC of its own without the internet', networkOf(closed)],
  ['an existing VPC without endpoints', networkOf(inExistingVpc('nat', { endpoints: false }))],
  ['an existing VPC without endpoints and the internet', networkOf(inExistingVpc('none', { endpoints: false, s3PrefixList: undefined }))],
])('in %s', (_, network) => {
  test.each(SERVICES)('tasks reach %s inside the network, for this account\'s identities and named actions only', (service) => {
    const endpoint = named(network, service);
    expect(endpoint).toMatchObject({ VpcEndpointType: 'Interface', PrivateDnsEnabled: true });
    const statements = (endpoint?.['PolicyDocument'] as { Statement: Record<string, unknown>[] } | undefined)?.Statement ?? [];
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatchObject({ Effect: 'Allow', Condition: { StringEquals: { 'aws:PrincipalAccount': expect.anything() } } });
    expect([statements[0]?.['Action']].flat()).not.toContain('*');
  });

  test('an endpoint of S3 opens this account\'s buckets and the registry\'s layers', () => {
    const policy = JSON.stringify(named(network, 's3')?.['PolicyDocument']);
    expect(policy).toContain('aws:ResourceAccount');
    expect(policy).toContain('starport-layer-bucket/*');
    expect(endpointsOf(network)).toHaveLength(SERVICES.length + 1);
  });
});

test('S3 is reached through a gateway where the route tables and the way to its addresses are the deployment\'s own', () => {
  expect(named(networkOf(hosted), 's3')).toMatchObject({ VpcEndpointType: 'Gateway' });
});

test.each([
  ['in a closed VPC, whose tasks may not reach the addresses of S3', closed],
  ['in an existing VPC, whose routes are not the deployment\'s to change', inExistingVpc('nat', { endpoints: false })],
])('S3 is reached through an interface that answers to its usual names %s', (_, deployment) => {
  expect(named(networkOf(deployment), 's3')).toMatchObject({
    VpcEndpointType: 'Interface',
    PrivateDnsEnabled: true,
    DnsOptions: { PrivateDnsOnlyForInboundResolverEndpoint: 'AllResolvers' },
  });
});

test('a VPC that has endpoints gets none', () => {
  networkOf(enterprise).resourceCountIs('AWS::EC2::VPCEndpoint', 0);
});
