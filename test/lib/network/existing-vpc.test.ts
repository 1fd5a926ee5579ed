import { enterprise, networkOf, resources, templatesOf } from '../../support/deployments.ts';
import { inExistingVpc } from './modes.ts';

const existing = enterprise.network.existing;
const { network, data, service } = templatesOf(enterprise);
const one = (template: typeof network, type: string) => Object.values(resources(template, type)).map(({ Properties }) => Properties);

test('nothing of the VPC itself is made or changed', () => {
  for (const type of ['VPC', 'Subnet', 'RouteTable', 'Route', 'InternetGateway', 'NatGateway', 'FlowLog', 'VPCEndpoint']) {
    network.resourceCountIs(`AWS::EC2::${type}`, 0);
  }
  network.resourceCountIs('Custom::VpcRestrictDefaultSG', 0);
});

test('every security group is in the VPC', () => {
  const groups = one(network, 'AWS::EC2::SecurityGroup');
  expect(groups).toHaveLength(3);
  for (const { VpcId } of groups) expect(VpcId).toBe(existing?.vpcId);
});

test('the database is in the isolated subnets', () => {
  expect(one(data, 'AWS::RDS::DBSubnetGroup')).toMatchObject([{ SubnetIds: existing?.isolatedSubnets }]);
});

test('the tasks are in the private subnets, without public addresses', () => {
  expect(one(service, 'AWS::ECS::Service')).toMatchObject([
    { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', Subnets: existing?.privateSubnets } } },
  ]);
});

test.each([
  ['internal', enterprise],
  ['internet-facing', inExistingVpc('nat', { s3PrefixList: undefined }, 'internet-facing')],
])('the load balancer is %s in its own subnets', (scheme, deployment) => {
  expect(one(templatesOf(deployment).service, 'AWS::ElasticLoadBalancingV2::LoadBalancer')).toMatchObject([
    { Scheme: scheme, Subnets: existing?.loadBalancerSubnets },
  ]);
});

test('endpoints that the deployment makes are in the private subnets', () => {
  const made = one(networkOf(inExistingVpc('none', { endpoints: false, s3PrefixList: undefined })), 'AWS::EC2::VPCEndpoint');
  expect(made).toHaveLength(9);
  for (const { SubnetIds, VpcId } of made) expect({ SubnetIds, VpcId }).toEqual({ SubnetIds: existing?.privateSubnets, VpcId: existing?.vpcId });
});
