import { CfnResource } from 'aws-cdk-lib';
import { tasksStayPrivate } from '../../../../posture/controls/service/tasks-stay-private.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, judging, section, SERVICE, set, unset } from '../../../support/fixtures.ts';

const judge = judging(tasksStayPrivate);
const after = judgingAfter(tasksStayPrivate);
const ADDRESS = 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp';
const inService = { stack: SERVICE };
const container = (name: string, value: unknown) => judge(set('Task', `Properties.ContainerDefinitions.0.${name}`, value));

test('passes where tasks have no address, no shell, no privileges and no disk to write to', () => {
  expect(judge()).toEqual([]);
  expect(judge(unset('Service', 'Properties.EnableExecuteCommand'))).toEqual([]);
  expect(container('Privileged', false)).toEqual([]);
});

test.each(['ENABLED', undefined, 'enabled', true])('fails on a service whose tasks have the public address %j', (value) => {
  expect(judge(set('Service', `Properties.${ADDRESS}`, value))).toEqual([`fail Service ${ADDRESS}`]);
  expect(judge(copy('Service', 'Second', {}), set('Second', `Properties.${ADDRESS}`, value))).toEqual([`fail Second ${ADDRESS}`]);
});

test('fails where the service says nothing of its network', () => {
  expect(judge(unset('Service', 'Properties.NetworkConfiguration'))).toEqual([`fail Service ${ADDRESS}`]);
});

test('fails where a shell can be opened in a task', () => {
  expect(judge(set('Service', 'Properties.EnableExecuteCommand', 'true'))).toEqual(['fail Service EnableExecuteCommand']);
});

test('passes where a container has a group of its own, no more capabilities, and empty lists', () => {
  expect(container('User', '1000:1000')).toEqual([]);
  expect(container('LinuxParameters', { InitProcessEnabled: true, Capabilities: { Add: [], Drop: ['ALL'] } })).toEqual([]);
  expect(container('MountPoints', [])).toEqual([]);
  expect(judge(set('Task', 'Properties.Volumes', []))).toEqual([]);
  expect(judge(set('Service', 'Properties.DeploymentController', { Type: 'ECS' }))).toEqual([]);
});

test.each<[string, unknown]>([
  ['ReadonlyRootFilesystem', false],
  ['ReadonlyRootFilesystem', undefined],
  ['Privileged', true],
  ['User', undefined],
  ['User', '0'],
  ['User', 0],
  ['User', '00'],
  ['User', 'root'],
  ['User', 'somebody, who may be root in the image'],
  ['User', '1000:0'],
  ['User', '0:1000'],
  ['MountPoints', [{ SourceVolume: 'v', ContainerPath: '/', ReadOnly: false }]],
  ['VolumesFrom', [{ SourceContainer: 'sidecar' }]],
])('fails on a container whose %s is %j', (name, value) => {
  expect(container(name, value)).toEqual([`fail Task ContainerDefinitions.0.${name}`]);
});

test('fails on a container that may do more than others, and on containers that see into one another', () => {
  expect(container('LinuxParameters', { Capabilities: { Add: ['SYS_PTRACE'] } })).toEqual(['fail Task ContainerDefinitions.0.LinuxParameters.Capabilities.Add']);
  expect(judge(set('Task', 'Properties.PidMode', 'task'))).toEqual(['fail Task PidMode']);
  expect(judge(set('Task', 'Properties.IpcMode', 'host'))).toEqual(['fail Task IpcMode']);
});

test('fails on a task with a volume, wherever it comes from', () => {
  expect(judge(set('Task', 'Properties.Volumes', [{ Name: 'v', EFSVolumeConfiguration: { FilesystemId: 'fs-1' } }]))).toEqual(['fail Task Volumes']);
  expect(judge(set('Service', 'Properties.VolumeConfigurations', [{ Name: 'v', ManagedEBSVolume: { SizeInGiB: 100 } }]))).toEqual(['fail Service VolumeConfigurations']);
});

test.each(['EXTERNAL', 'CODE_DEPLOY'])('fails on a service whose tasks %s starts, in a network of its choice', (Type) => {
  expect(judge(set('Service', 'Properties.DeploymentController', { Type }))).toEqual(['fail Service DeploymentController.Type']);
});

test('fails on a second container that may write, on none, and in a host\'s network', () => {
  expect(judge(set('Task', 'Properties.ContainerDefinitions.1', { Name: 'sidecar', User: '65532' }))).toEqual(['fail Task ContainerDefinitions.1.ReadonlyRootFilesystem']);
  expect(judge(set('Task', 'Properties.ContainerDefinitions', []))).toEqual(['fail Task ContainerDefinitions']);
  expect(judge(set('Task', 'Properties.NetworkMode', 'host'))).toEqual(['fail Task NetworkMode']);
  expect(judge(unset('Task', 'Properties.NetworkMode'))).toEqual(['fail Task NetworkMode']);
});

// Rules and schedules spell the same in their own ways.
const target = (network: unknown) => ({ Arn: 'cluster', EcsParameters: { NetworkConfiguration: { AwsVpcConfiguration: network } } });
const scheduled = (network: unknown) => ({ Arn: 'cluster', EcsParameters: { NetworkConfiguration: { AwsvpcConfiguration: network } } });
const OF_TARGET = 'EcsParameters.NetworkConfiguration.AwsVpcConfiguration.AssignPublicIp';

test('judges the tasks that rules and schedules start', () => {
  const hidden = target({ AssignPublicIp: 'DISABLED' });
  expect(judge(add('Rule', 'AWS::Events::Rule', { Targets: [{ Arn: 'a queue' }, hidden] }), add('Nightly', 'AWS::Scheduler::Schedule', { Target: scheduled({ AssignPublicIp: 'DISABLED' }) }))).toEqual([]);
  expect(judge(add('Rule', 'AWS::Events::Rule', { Targets: [hidden, target({})] }))).toEqual([`fail Rule Targets.1.${OF_TARGET}`]);
  expect(judge(add('Nightly', 'AWS::Scheduler::Schedule', { Target: scheduled({ AssignPublicIp: 'ENABLED' }) }))).toEqual([`fail Nightly Target.${OF_TARGET.replace('AwsVpc', 'Awsvpc')}`]);
  expect(judge(add('Set', 'AWS::ECS::TaskSet', {}, inService))).toEqual([`fail Set ${ADDRESS}`]);
});

test('judges the tasks that a workflow starts by its own text', () => {
  const state = (network: string) => `{"Resource":"arn:aws:states:::ecs:runTask.sync","Parameters":{${network}}}`;
  const workflow = (...states: string[]) => judge(add('Flow', 'AWS::StepFunctions::StateMachine', { DefinitionString: states.join() }));
  expect(workflow(state('"AssignPublicIp":"DISABLED"'))).toEqual([]);
  expect(workflow(state('"AssignPublicIp":"ENABLED"'))).toEqual(['fail Flow Properties.DefinitionString']);
  expect(workflow(state('"AssignPublicIp":"DISABLED"'), state(''))).toEqual(['fail Flow Properties.DefinitionString']);
  const universal = { Arn: 'arn:aws:scheduler:::aws-sdk:ecs:runTask', Input: '{}' };
  expect(judge(add('Nightly', 'AWS::Scheduler::Schedule', { Target: universal }))).toEqual(['fail Nightly Properties.Target.Arn']);
  const definition = { States: { Run: { Resource: 'arn:aws:states:::ecs:runTask', Parameters: { AssignPublicIp: 'DISABLED' } } } };
  expect(judge(add('Flow', 'AWS::StepFunctions::StateMachine', { Definition: definition }))).toEqual([]);
});

test.each(['AWS::ECS::ExpressGatewayService', 'AWS::ECS::Daemon', 'AWS::ECS::AThingOfTomorrow'])('fails on a resource of type %s', (type) => {
  expect(judge(add('Other', type, {}, inService))).toEqual(['fail Other Type']);
});

test('fails where there is no task or no service', () => {
  expect(judge(drop('Task'))).toContain(`fail ${DATA} AWS::ECS::TaskDefinition`);
  expect(judge(drop('Service'))).toEqual([`fail ${DATA} AWS::ECS::Service`]);
});

test('fails where a construct is changed after it was made right', () => {
  const address = [expect.stringMatching(new RegExp(`^fail ServiceTasksService\\w* ${ADDRESS}$`))];
  expect(after(({ service }) => resourceOf(service.service.node.findChild('Service')).addPropertyOverride(ADDRESS, 'ENABLED'))).toEqual(address);
  expect(after(({ service }) => resourceOf(service.service.node.findChild('Service')).addPropertyDeletionOverride(ADDRESS))).toEqual(address);
  expect(after(({ service }) => resourceOf(service.definition).addPropertyDeletionOverride('ContainerDefinitions.0.ReadonlyRootFilesystem'))).toEqual([
    'fail ServiceTask ContainerDefinitions.0.ReadonlyRootFilesystem',
  ]);
  expect(after(({ service }) => resourceOf(service.definition).addPropertyOverride('ContainerDefinitions.0.User', 'root'))).toEqual(['fail ServiceTask ContainerDefinitions.0.User']);
  expect(after(({ service }) => service.definition.addVolume({ name: 'scratch' }))).toEqual(['fail ServiceTask Volumes']);
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::ECS::Service' });
    }),
  ).toEqual([`fail Raw ${ADDRESS}`]);
});

test('is unresolved where the templates do not settle address, shell, volumes or containers', () => {
  const parameter = section(SERVICE, 'Parameters', { Any: { Type: 'String', Default: 'DISABLED' } });
  const open = (logicalId: string, path: string, value: unknown = { Ref: 'Any' }) => judge(parameter, set(logicalId, `Properties.${path}`, value));
  expect(open('Service', ADDRESS)).toEqual([`unresolved Service ${ADDRESS}`]);
  expect(open('Service', 'EnableExecuteCommand')).toEqual(['unresolved Service EnableExecuteCommand']);
  expect(open('Task', 'ContainerDefinitions')).toEqual(['unresolved Task ContainerDefinitions']);
  for (const name of ['PidMode', 'Volumes', 'ContainerDefinitions.0.User', 'ContainerDefinitions.0.MountPoints']) expect(open('Task', name)).toEqual([`unresolved Task ${name}`]);
  for (const name of ['DeploymentController.Type', 'VolumeConfigurations']) expect(open('Service', name)).toEqual([`unresolved Service ${name}`]);
  expect(open('Task', 'ContainerDefinitions.0.Privileged', { 'Fn::If': ['C', true, false] })).toEqual(['unresolved Task ContainerDefinitions.0.Privileged']);
  const targets = add('Rule', 'AWS::Events::Rule', { Targets: { 'Fn::If': ['C', [], []] } });
  expect(judge(targets)).toEqual([`unresolved Rule Targets.${OF_TARGET}`, 'unresolved Rule EnableExecuteCommand']);
});
