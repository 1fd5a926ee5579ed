import { factsOf } from '../../../support/assembly.ts';

const facts = (resources: Readonly<Record<string, unknown>>) => factsOf({ service: { Resources: resources } });

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
  const container = { User: 1000, Privileged: false, LinuxParameters: { Capabilities: { Add: ['SYS_PTRACE'] } }, ReadonlyRootFilesystem: 'true', MountPoints: [{}] };
  expect(containerOf({ ...container, Environment: [{ Name: 'PARAMETER_PATH', Value: '/halton/hosted' }] })).toEqual({
    user: { is: 'known', value: '1000' },
    privileged: { is: 'known', value: false },
    addedCapabilities: { is: 'known', value: ['SYS_PTRACE'] },
    readonlyRootFilesystem: { is: 'known', value: true },
    mountPoints: { is: 'known', value: 1 },
    volumesFrom: { is: 'absent' },
    parameterPath: { is: 'known', value: '/halton/hosted' },
    fetched: { is: 'absent' },
  });
});

test('a task definition says what its containers share with one another and with their host', () => {
  const { taskDefinitions } = facts({ T: { Type: 'AWS::ECS::TaskDefinition', Properties: { PidMode: 'task', Volumes: [{ Name: 'a' }, { Name: 'b' }] } } });
  expect(taskDefinitions).toMatchObject([{ pidMode: { value: 'task' }, ipcMode: { is: 'absent' }, volumes: { is: 'known', value: 2 } }]);
});

test('a cluster says what it is called and whether it keeps metrics of its tasks', () => {
  const { clusters } = facts({
    A: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'halton', ClusterSettings: [{ Name: 'containerInsights', Value: 'enhanced' }] } },
    B: { Type: 'AWS::ECS::Cluster' },
  });
  expect(clusters).toMatchObject([
    { id: 'service/A', name: { value: 'halton' }, containerInsights: { value: 'enhanced' } },
    { id: 'service/B', name: { is: 'absent' }, containerInsights: { is: 'absent' } },
  ]);
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
