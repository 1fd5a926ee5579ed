import { CfnResource } from 'aws-cdk-lib';
import { Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { plainHttpIsRedirected } from '../../../../posture/controls/service/plain-http-is-redirected.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, judging, NETWORK, section, SERVICE, set, unset } from '../../../support/fixtures.ts';

const judge = judging(plainHttpIsRedirected);
const after = judgingAfter(plainHttpIsRedirected);
const action = (value: unknown) => judge(set('Http', 'Properties.DefaultActions.0', value));
const redirect = { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } };
const forward = { Type: 'forward', TargetGroupArn: { Ref: 'Targets' } };
const rule = (listener: unknown, ...Actions: unknown[]) =>
  add('Rule', 'AWS::ElasticLoadBalancingV2::ListenerRule', { ListenerArn: listener, Actions }, { stack: SERVICE });
const inNetwork = { stack: NETWORK };

test('passes where plain HTTP is redirected, or not listened for at all', () => {
  expect(judge(drop('Http'))).toEqual([]);
  expect(judge(set('Http', 'Properties.DefaultActions.0.RedirectConfig.Port', 443))).toEqual([]);
  expect(judge(rule({ Ref: 'Http' }, redirect))).toEqual([]);
  expect(judge(set('Http', 'Properties.DefaultActions.0.RedirectConfig.Host', '#{host}'))).toEqual([]);
});

test('passes on an HTTPS listener that answers, authenticates or forwards with weights', () => {
  const weighted = { Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: 'Targets' }, Weight: 1 }] } };
  expect(judge(rule({ Ref: 'Https' }, { Type: 'authenticate-oidc' }, weighted))).toEqual([]);
  expect(judge(rule({ Ref: 'Https' }, { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }))).toEqual([]);
  expect(judge(rule({ Ref: 'Https' }, { ...forward, ForwardConfig: weighted.ForwardConfig }))).toEqual([]);
});

const at = (name: string) => `Http DefaultActions.0.${name}`;

test('fails where plain HTTP is forwarded or answered', () => {
  expect(action(forward)).toEqual(['Type', 'TargetGroupArn', 'RedirectConfig.Protocol', 'RedirectConfig.Port', 'RedirectConfig.StatusCode'].map((name) => `fail ${at(name)}`));
  expect(action({ Type: 'fixed-response' })).toContain(`fail ${at('Type')}`);
  expect(action({ ...redirect, ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: 'Targets' } }] } })).toEqual([`fail ${at('TargetGroupArn')}`]);
});

test.each([
  ['Protocol', 'HTTP'],
  ['Protocol', '#{protocol}'],
  ['Protocol', undefined],
  ['Port', '80'],
  ['Port', undefined],
  ['StatusCode', 'HTTP_302'],
  ['StatusCode', undefined],
  ['Host', 'evil.example.com'],
])('fails on a redirect whose %s is %j', (name, value) => {
  expect(judge(set('Http', `Properties.DefaultActions.0.RedirectConfig.${name}`, value))).toEqual([`fail ${at(`RedirectConfig.${name}`)}`]);
});

test('fails on a listener without actions, and on one that is neither HTTP nor HTTPS', () => {
  expect(judge(set('Http', 'Properties.DefaultActions', []))).toEqual(['fail Http DefaultActions']);
  expect(judge(copy('Https', 'Second', { Protocol: 'TCP' }))).toContain('fail Second Protocol');
});

test('fails on a rule that forwards before the redirect, also one that may be of any listener', () => {
  expect(judge(rule({ Ref: 'Http' }, forward))).toContain('fail Rule Actions.0.Type');
  expect(judge(rule({ Ref: 'Http' }, redirect, forward))).toContain('fail Rule Actions.1.Type');
  expect(judge(rule('arn:aws:elasticloadbalancing:eu-west-2:123456789012:listener/app/a/b/c', forward))).toContain('fail Rule Actions.0.Type');
  expect(judge(rule(undefined, forward))).toContain('fail Rule Actions.0.Type');
});

test('fails on an HTTPS listener that leads to plain HTTP', () => {
  const back = { Type: 'redirect', RedirectConfig: { Protocol: 'HTTP', StatusCode: 'HTTP_301' } };
  expect(judge(rule({ Ref: 'Https' }, back))).toEqual(['fail Rule Actions.0.RedirectConfig.Protocol']);
});

test('fails on target groups that speak plain HTTP or are not the assembly\'s', () => {
  expect(judge(set('Targets', 'Properties.Protocol', 'HTTP'))).toEqual(['fail Targets Protocol']);
  expect(judge(unset('Targets', 'Properties.HealthCheckProtocol'))).toEqual(['fail Targets HealthCheckProtocol']);
  expect(judge(copy('Targets', 'Second', { Protocol: undefined, TargetType: 'lambda' }))).toEqual(['fail Second Protocol']);
  const foreign = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012:targetgroup/a/b';
  expect(judge(set('Https', 'Properties.DefaultActions.0.TargetGroupArn', foreign))).toEqual(['fail Https DefaultActions.0.TargetGroupArn']);
  expect(judge(unset('Https', 'Properties.DefaultActions.0.TargetGroupArn'))).toEqual(['fail Https DefaultActions.0.TargetGroupArn']);
});

test('fails on a target group that names targets of its own, which are no tasks', () => {
  expect(judge(set('Targets', 'Properties.Targets', [{ Id: '8.8.8.8', AvailabilityZone: 'all' }]))).toEqual(['fail Targets Targets']);
  expect(judge(set('Targets', 'Properties.Targets', []))).toEqual([]);
});

describe('where a service is registered', () => {
  const registered = (entry: Record<string, unknown>) => judge(set('Service', 'Properties.LoadBalancers.1', { ContainerName: 'api', ContainerPort: 8443, ...entry }));
  const GROUP = 'Service LoadBalancers.TargetGroupArn';
  const OTHER = 'Service LoadBalancers.LoadBalancerName, VpcLatticeConfigurations';

  test('is target groups of the assembly, or nowhere', () => {
    expect(registered({ TargetGroupArn: { Ref: 'Targets' } })).toEqual([]);
    expect(registered({ TargetGroupArn: { Ref: 'Targets' }, AdvancedConfiguration: { AlternateTargetGroupArn: { Ref: 'Targets' } } })).toEqual([]);
    expect(judge(unset('Service', 'Properties.LoadBalancers'))).toEqual([]);
  });

  test('is no group of somebody else\'s, not as the other of two either', () => {
    const foreign = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012:targetgroup/a/b';
    expect(registered({ TargetGroupArn: foreign })).toEqual([`fail ${GROUP}`]);
    expect(registered({ TargetGroupArn: { Ref: 'Targets' }, AdvancedConfiguration: { AlternateTargetGroupArn: foreign } })).toEqual([`fail ${GROUP}`]);
    expect(registered({ TargetGroupArn: { 'Fn::ImportValue': 'foreign' } })).toEqual([`unresolved ${GROUP}`]);
    expect(judge(add('Set', 'AWS::ECS::TaskSet', { LoadBalancers: [{ TargetGroupArn: foreign }] }))).toContain('fail Set LoadBalancers.TargetGroupArn');
  });

  test('is no classic load balancer and no lattice', () => {
    expect(registered({ LoadBalancerName: 'classic' })).toEqual([`fail ${OTHER}`]);
    expect(judge(set('Service', 'Properties.VpcLatticeConfigurations', [{ PortName: 'https' }]))).toEqual([`fail ${OTHER}`]);
    expect(judge(set('Service', 'Properties.LoadBalancers', { 'Fn::If': ['C', [], []] }))).toEqual([`unresolved ${GROUP}`, `unresolved ${OTHER}`]);
  });
});

const source = (properties: Record<string, unknown>) =>
  judge(add('Extra', 'AWS::EC2::SecurityGroupIngress', { GroupId: { Ref: 'TasksGroup' }, IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, ...properties }, inNetwork));

test('fails where the tasks let in anything but a load balancer of the assembly', () => {
  expect(source({ CidrIp: '10.0.0.0/8' })).toEqual(['fail TasksGroup Extra: SourceSecurityGroupId', 'fail TasksGroup Extra: CidrIp, CidrIpv6, SourcePrefixListId']);
  expect(source({ SourceSecurityGroupId: { Ref: 'TasksGroup' } })).toEqual(['fail TasksGroup Extra: SourceSecurityGroupId']);
  expect(source({ SourceSecurityGroupId: 'sg-0123456789abcdef0' })).toEqual(['fail TasksGroup Extra: SourceSecurityGroupId']);
  expect(source({ SourceSecurityGroupId: { Ref: 'LoadBalancerGroup' }, IpProtocol: '-1' })).toEqual(['fail TasksGroup Extra: IpProtocol']);
  expect(judge(drop('TasksRule'))).toEqual(['fail TasksGroup SecurityGroupIngress']);
  expect(judge(set('LoadBalancer', 'Properties.SecurityGroups', []))).toEqual(['fail TasksGroup TasksRule: SourceSecurityGroupId']);
});

const GROUPS = 'NetworkConfiguration.AwsvpcConfiguration.SecurityGroups';

test('fails on tasks behind another group, a second one or none', () => {
  const groups = (value: unknown) => judge(set('Service', `Properties.${GROUPS}`, value));
  const tasks = { 'Fn::ImportValue': 'halton-hosted-network:TasksGroup' };
  for (const value of [[], undefined, ['sg-0123456789abcdef0'], [tasks, 'sg-0123456789abcdef0']]) expect(groups(value)).toEqual([`fail Service ${GROUPS}`]);
  expect(groups([tasks, { 'Fn::ImportValue': 'halton-hosted-network:DatabaseGroup' }])).toContain(`fail Service ${GROUPS}`);
});

test('fails where nothing listens, nothing serves, or something else takes requests', () => {
  expect(judge(drop('Http', 'Https'))).toEqual([`fail ${DATA} AWS::ElasticLoadBalancingV2::Listener`]);
  expect(judge(drop('Service'))).toEqual([`fail ${DATA} AWS::ECS::Service`]);
  expect(judge(add('Classic', 'AWS::ElasticLoadBalancing::LoadBalancer', {}))).toEqual(['fail Classic Type']);
});

test('fails where a construct is changed after it was made right', () => {
  expect(after(({ service }) => resourceOf(service.http).addPropertyOverride('DefaultActions', [{ Type: 'forward', TargetGroupArn: service.targets.targetGroupArn }]))).toContainEqual(
    expect.stringMatching(/^fail \w+ DefaultActions\.0\.Type$/),
  );
  expect(after(({ service }) => resourceOf(service.targets).addPropertyOverride('Protocol', 'HTTP'))).toEqual(['fail ServiceTargets Protocol']);
  expect(after(({ service }) => resourceOf(service.targets).addPropertyOverride('Targets', [{ Id: '8.8.8.8' }]))).toEqual(['fail ServiceTargets Targets']);
  expect(after(({ service }) => resourceOf(service.service.node.findChild('Service')).addPropertyOverride('LoadBalancers.0.LoadBalancerName', 'classic'))).toEqual([
    expect.stringMatching(/^fail ServiceTasksService\w* LoadBalancers\.LoadBalancerName/),
  ]);
  expect(after(({ tasks }) => tasks.addIngressRule(Peer.anyIpv4(), Port.tcp(8443)))).toContainEqual(expect.stringMatching(/^fail Tasks \w+: CidrIp/));
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::ElasticLoadBalancingV2::Listener', properties: { Protocol: 'HTTP', DefaultActions: [{ Type: 'fixed-response' }] } });
    }),
  ).toContain('fail Raw DefaultActions.0.Type');
});

test('is unresolved where the templates do not settle actions, groups or rules', () => {
  const parameter = section(SERVICE, 'Parameters', { Any: { Type: 'String', Default: 'HTTPS' } });
  expect(judge(parameter, set('Http', 'Properties.DefaultActions.0.RedirectConfig.Protocol', { Ref: 'Any' }))).toEqual([`unresolved ${at('RedirectConfig.Protocol')}`]);
  expect(judge(set('Http', 'Properties.DefaultActions', { 'Fn::If': ['C', [], []] }))).toEqual(['unresolved Http DefaultActions']);
  expect(judge(parameter, set('Targets', 'Properties.Protocol', { Ref: 'Any' }))).toEqual(['unresolved Targets Protocol']);
  expect(judge(parameter, set('Service', `Properties.${GROUPS}`, [{ Ref: 'Any' }]))).toEqual([`unresolved Service ${GROUPS}`]);
  expect(judge(parameter, rule({ Ref: 'Any' }, { ...redirect, Type: { Ref: 'Any' } }))).toEqual(['unresolved Rule Actions.0.Type']);
});
