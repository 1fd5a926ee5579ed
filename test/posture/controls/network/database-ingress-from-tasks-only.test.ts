import { Peer, Port, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { databaseIngressFromTasksOnly } from '../../../../posture/controls/network/database-ingress-from-tasks-only.ts';
import { factsOf } from '../../../support/assembly.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, healthy, judging, NETWORK, section, SERVICE, set, unset } from '../../../support/fixtures.ts';

const inNetwork = { stack: NETWORK };
const groupId = { 'Fn::GetAtt': ['DatabaseGroup', 'GroupId'] };
const tasksId = { 'Fn::GetAtt': ['TasksGroup', 'GroupId'] };
const rule = (properties: Record<string, unknown>) => ({ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, ...properties });
const second = (properties: Record<string, unknown>) => add('Extra', 'AWS::EC2::SecurityGroupIngress', { GroupId: groupId, ...rule(properties) }, inNetwork);
const judge = judging(databaseIngressFromTasksOnly);
const after = judgingAfter(databaseIngressFromTasksOnly);

test('passes on the one rule from the tasks, separate or inline', () => {
  expect(judge()).toEqual([]);
  expect(judge(drop('DatabaseRule'), set('DatabaseGroup', 'Properties.SecurityGroupIngress', [rule({ SourceSecurityGroupId: tasksId })]))).toEqual([]);
  expect(judge(set('DatabaseRule', 'Properties.IpProtocol', 6), set('DatabaseRule', 'Properties.FromPort', '5432'))).toEqual([]);
});

test('fails where nothing is let in, since the tasks have to be', () => {
  expect(judge(drop('DatabaseRule'))).toEqual(['fail DatabaseGroup SecurityGroupIngress']);
});

test.each([
  ['IpProtocol', '-1'],
  ['IpProtocol', 'udp'],
  ['FromPort', -1],
  ['FromPort', 0],
  ['ToPort', 65535],
])('fails on a rule that is wider than Postgres: %s %s', (property, value) => {
  expect(judge(set('DatabaseRule', `Properties.${property}`, value))).toEqual([`fail DatabaseGroup DatabaseRule: ${property}`]);
});

test.each([
  ['a range', { CidrIp: '10.0.0.0/8' }],
  ['a single address', { CidrIp: '10.0.0.1/32' }],
  ['an IPv6 range', { CidrIpv6: '::/0' }],
  ['a prefix list', { SourcePrefixListId: 'pl-0123456789abcdef0' }],
])('fails on a second rule from %s', (_, source) => {
  expect(judge(second(source))).toEqual([
    'fail DatabaseGroup SecurityGroupIngress',
    'fail DatabaseGroup Extra: SourceSecurityGroupId',
    'fail DatabaseGroup Extra: CidrIp, CidrIpv6, SourcePrefixListId',
  ]);
});

test('fails on a range beside the group in the same rule', () => {
  expect(judge(set('DatabaseRule', 'Properties.CidrIp', '0.0.0.0/0'))).toContain('fail DatabaseGroup SecurityGroupIngress');
});

test('fails on a second rule from the same group, and on a rule from a group that is none of the tasks', () => {
  expect(judge(second({ SourceSecurityGroupId: tasksId }))).toEqual(['fail DatabaseGroup SecurityGroupIngress']);
  const wrong = 'fail DatabaseGroup DatabaseRule: SourceSecurityGroupId';
  expect(judge(set('DatabaseRule', 'Properties.SourceSecurityGroupId', groupId))).toContain(wrong);
  expect(judge(set('DatabaseRule', 'Properties.SourceSecurityGroupId', 'sg-0123456789abcdef0'))).toEqual([wrong]);
  expect(judge(unset('TasksGroup', 'Properties.Tags'))).toEqual([wrong]);
});

test('fails where a second group calls itself the tasks\'', () => {
  expect(judge(copy('TasksGroup', 'Bastion', {}))).toEqual(['fail DatabaseGroup DatabaseRule: SourceSecurityGroupId']);
});

const groups = (value: unknown) => judge(set('Database', 'Properties.VPCSecurityGroups', value));

test('fails on a second security group, on none, and on one from outside', () => {
  const ours = { 'Fn::ImportValue': 'halton-hosted-network:DatabaseGroup' };
  expect(groups([ours, 'sg-0123456789abcdef0'])).toEqual(['fail Database VPCSecurityGroups']);
  expect(groups(['sg-0123456789abcdef0'])).toEqual(['fail Database VPCSecurityGroups']);
  expect(groups([ours, ours])).toEqual(['fail Database VPCSecurityGroups']);
  expect(groups([])).toEqual(['fail Database VPCSecurityGroups']);
  expect(groups(undefined)).toEqual(['fail Database VPCSecurityGroups']);
});

describe('the group that is let in', () => {
  const moved = [
    set('TasksGroup', 'Properties.Tags', []),
    set('LoadBalancerGroup', 'Properties.Tags', [{ Key: 'halton:role', Value: 'ecs-tasks' }]),
    set('DatabaseRule', 'Properties.SourceSecurityGroupId', { 'Fn::GetAtt': ['LoadBalancerGroup', 'GroupId'] }),
  ];

  test('is the one that the service uses, wherever the tag was moved to', () => {
    expect(judge(...moved)).toEqual([
      'fail DatabaseGroup DatabaseRule: SourceSecurityGroupId of a service',
      'fail DatabaseGroup LoadBalancer: Properties.SecurityGroups.0',
    ]);
  });

  test('is told by its tag where no service is declared', () => {
    expect(judge(drop('Service'))).toEqual([]);
    expect(judge(drop('Service', 'LoadBalancer'), ...moved)).toEqual([]);
  });

  test('is one of every service of several', () => {
    const other = { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', SecurityGroups: ['sg-0123456789abcdef0'] } };
    expect(judge(copy('Service', 'Second', { NetworkConfiguration: other }))).toEqual(['fail DatabaseGroup DatabaseRule: SourceSecurityGroupId of a service']);
    expect(judge(copy('Service', 'Second', { NetworkConfiguration: undefined }))).toEqual(['fail DatabaseGroup DatabaseRule: SourceSecurityGroupId of a service']);
  });

  test('is unresolved where the service does not settle its own', () => {
    const parameter = section(SERVICE, 'Parameters', { Any: { Type: 'String' } });
    expect(judge(parameter, set('Service', 'Properties.NetworkConfiguration.AwsvpcConfiguration.SecurityGroups', [{ Ref: 'Any' }]))).toEqual([
      'unresolved DatabaseGroup DatabaseRule: SourceSecurityGroupId of a service',
    ]);
  });

  test.each([
    ['AWS::Lambda::Function', { VpcConfig: { SecurityGroupIds: [tasksId] } }, 'Properties.VpcConfig.SecurityGroupIds.0'],
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', { Type: 'network', SecurityGroups: [tasksId] }, 'Properties.SecurityGroups.0'],
    ['AWS::EC2::Instance', { NetworkInterfaces: [{ GroupSet: [{ Ref: 'TasksGroup' }] }] }, 'Properties.NetworkInterfaces.0.GroupSet.0'],
    ['AWS::EC2::NetworkInterface', { GroupSet: [tasksId] }, 'Properties.GroupSet.0'],
    ['AWS::EC2::LaunchTemplate', { LaunchTemplateData: { SecurityGroupIds: [tasksId] } }, 'Properties.LaunchTemplateData.SecurityGroupIds.0'],
    ['AWS::EC2::VPCEndpoint', { SecurityGroupIds: [tasksId] }, 'Properties.SecurityGroupIds.0'],
    ['AWS::StepFunctions::StateMachine', { DefinitionString: { 'Fn::Join': ['', ['["', tasksId, '"]']] } }, 'Properties.DefinitionString'],
    ['AWS::ECS::Service', { ServiceConnectConfiguration: { Groups: tasksId } }, 'Properties.ServiceConnectConfiguration.Groups'],
  ])('is used by nothing else, so not by %s', (type, properties, path) => {
    expect(judge(add('Other', type, properties, inNetwork))).toContain(`fail DatabaseGroup Other: ${path}`);
  });

  test('is used by the migrations, by schedules that run tasks, and named by rules', () => {
    const network = { AwsvpcConfiguration: { SecurityGroups: [tasksId] } };
    expect(
      judge(
        add('Migrations', 'Custom::Migrations', { SecurityGroups: [tasksId] }, inNetwork),
        add('Purge', 'AWS::Scheduler::Schedule', { Target: { EcsParameters: { NetworkConfiguration: network } } }, inNetwork),
        add('Egress', 'AWS::EC2::SecurityGroupEgress', { GroupId: tasksId }, inNetwork),
      ),
    ).toEqual([]);
  });
});

test('judges a group once, however many databases stand behind it, and names every rule of it', () => {
  const findings = databaseIngressFromTasksOnly.judge(factsOf(healthy(copy('Database', 'Second', {}), second({ CidrIp: '10.0.0.0/8' }))));
  expect(findings.map(({ resource }) => resource.logicalId)).toEqual(['Database', 'Second', 'DatabaseGroup']);
  expect(findings.at(-1)?.checks[0]?.observed).toBe(`${NETWORK}/DatabaseRule, ${NETWORK}/Extra`);
});

test('fails on a second database behind another group', () => {
  const open = add('OpenGroup', 'AWS::EC2::SecurityGroup', { SecurityGroupIngress: [rule({ CidrIp: '0.0.0.0/0' })] });
  expect(judge(open, copy('Database', 'Second', { VPCSecurityGroups: [{ Ref: 'OpenGroup' }] }))).toEqual([
    'fail OpenGroup OpenGroup: SourceSecurityGroupId',
    'fail OpenGroup OpenGroup: CidrIp, CidrIpv6, SourcePrefixListId',
  ]);
});

test('fails where a construct is changed after it was made right', () => {
  const twoRules = after(({ group }) => group.addIngressRule(Peer.ipv4('10.0.0.0/16'), Port.POSTGRES));
  expect(twoRules).toContain('fail Group SecurityGroupIngress');
  const wide = after(({ group }) => {
    const ingress = group.node.findAll().find((child) => child instanceof CfnSecurityGroupIngress);
    if (ingress !== undefined) resourceOf(ingress).addPropertyDeletionOverride('SourceSecurityGroupId');
  });
  expect(wide).toContainEqual(expect.stringMatching(/^unresolved Group \w+: SourceSecurityGroupId$/));
  const untagged = after(({ tasks }) => resourceOf(tasks).addPropertyDeletionOverride('Tags'));
  expect(untagged).toContainEqual(expect.stringMatching(/^fail Group \w+: SourceSecurityGroupId$/));
});

test('is unresolved where the templates do not settle groups or rules', () => {
  const parameter = section(NETWORK, 'Parameters', { Any: { Type: 'Number', Default: 5432 } });
  expect(judge(parameter, set('DatabaseRule', 'Properties.ToPort', { Ref: 'Any' }))).toEqual(['unresolved DatabaseGroup DatabaseRule: ToPort']);
  expect(judge(section(DATA, 'Parameters', { Any: { Type: 'String' } }), set('Database', 'Properties.VPCSecurityGroups', [{ Ref: 'Any' }]))).toEqual([
    'unresolved Database VPCSecurityGroups',
  ]);
  // A rule that could be meant for any group counts against this one.
  expect(judge(parameter, second({ CidrIp: '0.0.0.0/0', GroupId: { Ref: 'Any' } }))).toContain('fail DatabaseGroup SecurityGroupIngress');
});
