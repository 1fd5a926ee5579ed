import type { ContainerFact, Facts, Resource, StackFact, TaskDefinitionFact, TaskLaunchFact, TextFact } from '../../facts/facts.ts';
import { control, expectAbsent, expectValue, type Check } from '../control.ts';
import { answeringStack, expectSome } from '../deployment.ts';

/** Tasks that code starts, as the migrations of a release, show their network in that code and not here. */
export const tasksStayPrivate = control<StackFact | TaskLaunchFact | TaskDefinitionFact | Resource>({
  id: 'tasks-stay-private',
  claims: ['HM-TLS-3', 'HM-SSM-3'],
  promise: 'Every task runs without a public address, without a way in for a shell, as a user without privileges, and without a disk that it could write to.',
  minimum: 1,
  population: (facts) => [...answeringStack(facts), ...facts.taskLaunches, ...facts.taskDefinitions, ...callers(facts), ...otherKinds(facts)],
  check: (subject, facts) => {
    if ('deployment' in subject) return presenceChecks(facts);
    if ('assignPublicIp' in subject) return launchChecks(subject);
    return 'containers' in subject ? definitionChecks(subject) : otherChecks(subject, facts);
  },
});

const presenceChecks = ({ taskDefinitions, taskLaunches }: Facts): readonly Check[] => [
  expectSome('AWS::ECS::TaskDefinition', taskDefinitions.length),
  expectSome('AWS::ECS::Service', taskLaunches.filter(({ type }) => type === 'AWS::ECS::Service').length),
];

/** The types of ECS that run nothing by themselves, and those that are judged by what they declare. */
const KNOWN_ECS = /^AWS::ECS::(?:CapacityProvider|Cluster|ClusterCapacityProviderAssociations|PrimaryTaskSet|Service|TaskDefinition|TaskSet)$/;
/** A call of ECS from a workflow or a schedule, which name AWS APIs in this form. */
const RUNS_TASK = /:::(?:aws-sdk:)?ecs:runTask/gi;
const PUBLIC_ADDRESS = /assignPublicIp\W+(ENABLED|DISABLED)/gi;

function launchChecks({ path, assignPublicIp, executeCommand, deploymentController, volumes }: TaskLaunchFact): readonly Check[] {
  return [
    // Absent will not do: for ECS's API the default is one thing and for its console another.
    expectValue(`${path}.AssignPublicIp`, assignPublicIp, 'DISABLED', (value) => value === 'DISABLED'),
    expectAbsent('EnableExecuteCommand', executeCommand, (enabled) => !enabled, 'false or absent'),
    // Any other starts tasks with a network of its own choice.
    expectAbsent('DeploymentController.Type', deploymentController, (type) => type === 'ECS', 'ECS or absent'),
    none('VolumeConfigurations', volumes),
  ];
}

const none = (property: string, count: TaskDefinitionFact['volumes']): Check => expectAbsent(property, count, (number) => number === 0, 'none');

function definitionChecks({ networkMode, pidMode, ipcMode, volumes, containers }: TaskDefinitionFact): readonly Check[] {
  return [
    // In any other mode a task has the address and the security groups of its host.
    expectValue('NetworkMode', networkMode, 'awsvpc', (mode) => mode === 'awsvpc'),
    expectAbsent('PidMode', pidMode),
    expectAbsent('IpcMode', ipcMode),
    none('Volumes', volumes),
    expectValue('ContainerDefinitions', containers.is === 'known' ? { is: 'known', value: containers.value.length } : containers, 'at least one', (count) => count > 0),
    ...(containers.is === 'known' ? containers.value.flatMap(containerChecks) : []),
  ];
}

/** A user and its group by their numbers, neither of them root's; what a name stands for is written in the image alone. */
const NOT_ROOT = /^[1-9]\d*(?::[1-9]\d*)?$/;

function containerChecks(container: ContainerFact, index: number): readonly Check[] {
  const place = `ContainerDefinitions.${index}`;
  return [
    // Absent will not do: the image decides then, and most run as root.
    expectValue(`${place}.User`, container.user, 'the number of a user that is not root', (user) => NOT_ROOT.test(user)),
    expectAbsent(`${place}.Privileged`, container.privileged, (value) => !value, 'false or absent'),
    expectAbsent(`${place}.LinuxParameters.Capabilities.Add`, container.addedCapabilities, (names) => names.length === 0, 'none'),
    expectValue(`${place}.ReadonlyRootFilesystem`, container.readonlyRootFilesystem, 'true', (value) => value),
    none(`${place}.MountPoints`, container.mountPoints),
    none(`${place}.VolumesFrom`, container.volumesFrom),
  ];
}

/** Workflows and schedules whose own text runs tasks. */
function callers({ texts, resources }: Facts): readonly Resource[] {
  const ids = new Set(texts.filter(({ text }) => text.search(RUNS_TASK) >= 0).map(({ id }) => id));
  return resources.filter(({ id }) => ids.has(id));
}

const otherKinds = ({ resources }: Facts): readonly Resource[] => resources.filter(({ type }) => type.startsWith('AWS::ECS::') && !KNOWN_ECS.test(type));

function otherChecks({ id, type }: Resource, { texts }: Facts): readonly Check[] {
  if (type.startsWith('AWS::ECS::')) return [{ property: 'Type', expected: 'a way to run tasks that shows its network', observed: type, outcome: 'fail' }];
  const own = texts.filter((text) => text.id === id);
  const said = own.map(sayingOf).join('\n');
  const answers = [...said.matchAll(PUBLIC_ADDRESS)].map(([, answer = '']) => answer.toUpperCase());
  const isPrivate = answers.length >= [...said.matchAll(RUNS_TASK)].length && answers.every((answer) => answer === 'DISABLED');
  const property = own.find(({ text }) => text.search(RUNS_TASK) >= 0)?.path ?? 'Type';
  return [{ property, expected: 'AssignPublicIp DISABLED of every task', observed: answers.join(', ') || 'absent', outcome: isPrivate ? 'pass' : 'fail' }];
}

/** A text with the name that it stands under. */
const sayingOf = ({ path, text }: TextFact): string => `${path.slice(path.lastIndexOf('.') + 1)} ${text}`;
