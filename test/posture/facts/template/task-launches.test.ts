import { factsOf } from '../../../support/assembly.ts';

const common = { Group: { Type: 'AWS::EC2::SecurityGroup' }, Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup' }, Others: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup' } };
const facts = (resources: Readonly<Record<string, unknown>>) => factsOf({ service: { Resources: { ...common, ...resources } } });
const network = { AssignPublicIp: 'DISABLED', SecurityGroups: [{ Ref: 'Group' }] };
const serviceWith = (Properties: Readonly<Record<string, unknown>>) => facts({ S: { Type: 'AWS::ECS::Service', Properties } }).taskLaunches[0];

test('services, task sets, rules and schedules start tasks, each with its network', () => {
  const target = (key: string) => ({ EcsParameters: { EnableExecuteCommand: true, NetworkConfiguration: { [key]: network } } });
  const { taskLaunches } = facts({
    A: { Type: 'AWS::ECS::Service', Properties: { NetworkConfiguration: { AwsvpcConfiguration: network } } },
    B: { Type: 'AWS::ECS::TaskSet', Properties: {} },
    C: { Type: 'AWS::Scheduler::Schedule', Properties: { Target: target('AwsvpcConfiguration') } },
    D: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: 'a queue' }, target('AwsVpcConfiguration')] } },
  });
  const settled = { assignPublicIp: { value: 'DISABLED' }, securityGroups: { value: ['service/Group'] } };
  expect(taskLaunches).toMatchObject([
    { id: 'service/A', path: 'NetworkConfiguration.AwsvpcConfiguration', ...settled, executeCommand: { is: 'absent' } },
    { id: 'service/B', assignPublicIp: { is: 'absent' }, securityGroups: { is: 'absent' } },
    { id: 'service/C', path: 'Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration', ...settled, executeCommand: { value: true } },
    { id: 'service/D', path: 'Targets.1.EcsParameters.NetworkConfiguration.AwsVpcConfiguration', ...settled },
  ]);
});

test('a service says who replaces its tasks, with how many volumes, and where they are registered', () => {
  const LoadBalancers = [
    { TargetGroupArn: { Ref: 'Targets' }, AdvancedConfiguration: { AlternateTargetGroupArn: { Ref: 'Others' } } },
    { TargetGroupArn: { Ref: 'Others' } },
  ];
  expect(serviceWith({ DeploymentController: { Type: 'CODE_DEPLOY' }, VolumeConfigurations: [{}], LoadBalancers })).toMatchObject({
    deploymentController: { value: 'CODE_DEPLOY' },
    volumes: { value: 1 },
    targetGroups: { value: ['service/Targets', 'service/Others', 'service/Others'] },
    otherEntrance: { is: 'absent' },
  });
  const absent = { is: 'absent' };
  expect(serviceWith({})).toMatchObject({ deploymentController: absent, volumes: absent, targetGroups: absent, otherEntrance: absent });
});

test('a service names whatever else sends it requests', () => {
  expect(serviceWith({ LoadBalancers: [{ TargetGroupArn: { Ref: 'Targets' } }, { LoadBalancerName: 'classic' }] })?.otherEntrance).toEqual({ is: 'known', value: 'LoadBalancers.1.LoadBalancerName' });
  expect(serviceWith({ VpcLatticeConfigurations: [] })?.otherEntrance).toEqual({ is: 'known', value: 'VpcLatticeConfigurations' });
  expect(serviceWith({ LoadBalancers: { 'Fn::If': ['C', [], []] } })).toMatchObject({ targetGroups: { is: 'unresolved' }, otherEntrance: { is: 'unresolved' } });
});
