import { factsOf } from '../../../support/assembly.ts';

const facts = (resources: Readonly<Record<string, unknown>>) => factsOf({ service: { Resources: { Group: { Type: 'AWS::EC2::SecurityGroup' }, ...resources } } });
const network = { AssignPublicIp: 'DISABLED', SecurityGroups: [{ Ref: 'Group' }] };

const containerOf = (container: unknown) => {
  const { containers } = facts({ T: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [container] } } }).taskDefinitions[0] ?? {};
  return containers?.is === 'known' ? containers.value[0] : containers;
};

test('a task definition names its role by reference or by name', () => {
  const Role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'tasks' } };
  for (const TaskRoleArn of [{ 'Fn::GetAtt': ['Role', 'Arn'] }, { Ref: 'Role' }, 'tasks']) {
    const { taskDefinitions } = facts({ Role, T: { Type: 'AWS::ECS::TaskDefinition', Properties: { TaskRoleArn, NetworkMode: 'awsvpc' } } });
    expect(taskDefinitions).toMatchObject([{ taskRole: { is: 'known', value: 'service/Role' }, networkMode: { value: 'awsvpc' }, containers: { is: 'absent' } }]);
  }
});

test('a container says what it may do and where its secrets lie', () => {
  expect(containerOf({ Privileged: false, ReadonlyRootFilesystem: 'true', Environment: [{ Name: 'PARAMETER_PATH', Value: '/halton/hosted' }] })).toEqual({
    privileged: { is: 'known', value: false },
    readonlyRootFilesystem: { is: 'known', value: true },
    parameterPath: { is: 'known', value: '/halton/hosted' },
    fetched: { is: 'absent' },
  });
});

test.each([
  [{ Secrets: [] }, 'Secrets'],
  [{ EnvironmentFiles: [{}] }, 'EnvironmentFiles'],
  [{ LogConfiguration: { LogDriver: 'awslogs', SecretOptions: [] } }, 'LogConfiguration.SecretOptions'],
])('a container for which ECS fetches values says with what: %j', (container, value) => {
  expect(containerOf(container)).toMatchObject({ fetched: { is: 'known', value } });
});

test('a container that nobody can read settles nothing', () => {
  expect(containerOf({ 'Fn::If': ['C', {}, {}] })).toMatchObject({ privileged: { is: 'unresolved' }, parameterPath: { is: 'unresolved' }, fetched: { is: 'known' } });
});

test('services, task sets, rules and schedules start tasks, each with its network', () => {
  const target = { EcsParameters: { EnableExecuteCommand: true, NetworkConfiguration: { AwsVpcConfiguration: network } } };
  const { taskLaunches } = facts({
    A: { Type: 'AWS::ECS::Service', Properties: { NetworkConfiguration: { AwsvpcConfiguration: network } } },
    B: { Type: 'AWS::ECS::TaskSet', Properties: {} },
    C: { Type: 'AWS::Scheduler::Schedule', Properties: { Target: target } },
    D: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Arn: 'a queue' }, target] } },
  });
  const settled = { assignPublicIp: { value: 'DISABLED' }, securityGroups: { value: ['service/Group'] } };
  expect(taskLaunches).toMatchObject([
    { id: 'service/A', path: 'NetworkConfiguration.AwsvpcConfiguration', ...settled, executeCommand: { is: 'absent' } },
    { id: 'service/B', assignPublicIp: { is: 'absent' }, securityGroups: { is: 'absent' } },
    { id: 'service/C', path: 'Target.EcsParameters.NetworkConfiguration.AwsVpcConfiguration', ...settled, executeCommand: { value: true } },
    { id: 'service/D', path: 'Targets.1.EcsParameters.NetworkConfiguration.AwsVpcConfiguration', ...settled },
  ]);
});
