import type { Template } from 'aws-cdk-lib/assertions';
import { enterprise, hosted, networkOf, resources } from '../../support/deployments.ts';
import { closed, inExistingVpc } from './modes.ts';

const name = (value: unknown): string =>
  /SecurityGroups(LoadBalancer|Tasks|Database|Endpoints)/.exec(JSON.stringify(value))?.[1] ?? String(value);

/** Every rule of every group, as `group < source : port` for ingress and `group > destination : port` for egress. */
function rules(network: Template): string[] {
  const rule = (group: unknown, direction: '<' | '>', other: unknown, { FromPort }: Record<string, unknown>) =>
    `${name(group)} ${direction} ${name(other)} : ${String(FromPort)}`;
  const inline = (property: string, direction: '<' | '>') =>
    Object.entries(resources(network, 'AWS::EC2::SecurityGroup')).flatMap(([id, { Properties }]) =>
      ((Properties[property] ?? []) as Record<string, unknown>[]).map((found) => rule(id, direction, found['CidrIp'], found)),
    );
  const separate = (type: string, direction: '<' | '>', group: string) =>
    Object.values(resources(network, type)).map(({ Properties }) => rule(Properties['GroupId'], direction, Properties[group] ?? Properties['DestinationPrefixListId'], Properties));
  return [
    ...inline('SecurityGroupIngress', '<'),
    ...inline('SecurityGroupEgress', '>'),
    ...separate('AWS::EC2::SecurityGroupIngress', '<', 'SourceSecurityGroupId'),
    ...separate('AWS::EC2::SecurityGroupEgress', '>', 'DestinationSecurityGroupId'),
  ].toSorted();
}

const NOWHERE = '255.255.255.255/32 : 252'; // the CDK's way to say it

/** The ways that are the same everywhere. */
const inside = ['Database < Tasks : 5432', `Database > ${NOWHERE}`, 'LoadBalancer > Tasks : 8443', 'Tasks < LoadBalancer : 8443', 'Tasks > Database : 5432'];
const endpoints = ['Endpoints < Tasks : 443', `Endpoints > ${NOWHERE}`];
const fromAnywhere = ['LoadBalancer < 0.0.0.0/0 : 443', 'LoadBalancer < 0.0.0.0/0 : 80'];
const from = (range: string) => [`LoadBalancer < ${range} : 443`, `LoadBalancer < ${range} : 80`];

describe('exactly these ways are open', () => {
  test.each([
    ['in a VPC of its own', hosted, [...fromAnywhere, ...endpoints, 'Tasks > 0.0.0.0/0 : 443']],
    ['in a VPC of its own behind an internal load balancer', { ...hosted, service: closed.service }, [...from('10.40.0.0/16'), ...endpoints, 'Tasks > 0.0.0.0/0 : 443']],
    ['in a VPC of its own without the internet', closed, [...from('10.40.0.0/16'), ...endpoints, 'Tasks > Endpoints : 443']],
    ['in an existing VPC', inExistingVpc('nat', { s3PrefixList: undefined }), [...from('10.20.0.0/16'), 'Tasks > 0.0.0.0/0 : 443']],
    ['in an existing VPC behind a public load balancer', inExistingVpc('nat', { s3PrefixList: undefined }, 'internet-facing'), [...fromAnywhere, 'Tasks > 0.0.0.0/0 : 443']],
    ['in an existing VPC with endpoints and without the internet', inExistingVpc('none'), [...from('10.20.0.0/16'), 'Tasks > 10.20.0.0/16 : 443', 'Tasks > pl-6ea54007 : 443']],
    ['to a corporate network', enterprise, [...from('10.0.0.0/8'), 'Tasks > 10.20.0.0/16 : 443', 'Tasks > pl-6ea54007 : 443']],
    ['to some addresses of the internet', { ...hosted, kind: 'enterprise' as const, service: { ...hosted.service, clientCidrs: ['192.0.2.0/24', '198.51.100.7/32'] } }, [...from('192.0.2.0/24'), ...from('198.51.100.7/32'), ...endpoints, 'Tasks > 0.0.0.0/0 : 443']],
    ['in an existing VPC without endpoints and the internet', inExistingVpc('none', { endpoints: false, s3PrefixList: undefined }), [...from('10.20.0.0/16'), ...endpoints, 'Tasks > Endpoints : 443']],
  ])('%s', (_, deployment, ways) => {
    expect(rules(networkOf(deployment))).toEqual([...inside, ...ways].toSorted());
  });
});
