import { pick } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import type { ContainerFact, TaskDefinitionFact, TaskLaunchFact } from '../tasks.ts';
import { absent, known } from '../value.ts';
import { booleanOf, entryOf, itemsOf, listOf, textOf } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';
import { referenceOf, ROLE, SECURITY_GROUP } from './reference.ts';

/** Every task definition of ECS. */
export function taskDefinitions(reader: Reader): readonly TaskDefinitionFact[] {
  return reader.ofType('AWS::ECS::TaskDefinition').map(({ resource, get }) => ({
    ...resource,
    taskRole: referenceOf(get('TaskRoleArn'), ROLE, reader),
    networkMode: textOf(get('NetworkMode')),
    containers: listOf(get('ContainerDefinitions'), (container) => known(containerOf(container))),
  }));
}

/** Properties with which ECS itself fetches values from other places for a container. */
const FETCHING = [['Secrets'], ['EnvironmentFiles'], ['LogConfiguration', 'SecretOptions']];

function containerOf(container: Node): ContainerFact {
  // A container that cannot be read may fetch anything.
  const fetched = FETCHING.find((path) => pick(container, ...path).is !== 'absent');
  return {
    privileged: booleanOf(pick(container, 'Privileged')),
    readonlyRootFilesystem: booleanOf(pick(container, 'ReadonlyRootFilesystem')),
    parameterPath: entryOf(pick(container, 'Environment'), 'Name', 'PARAMETER_PATH'),
    fetched: fetched === undefined ? absent : known(fetched.join('.')),
  };
}

/** Whatever starts tasks and says into which network. */
export function taskLaunches(reader: Reader): readonly TaskLaunchFact[] {
  const direct = reader.ofType('AWS::ECS::Service', 'AWS::ECS::TaskSet').map((launch) => ({
    ...launchOf(launch, 'NetworkConfiguration.AwsvpcConfiguration', launch.get('NetworkConfiguration', 'AwsvpcConfiguration'), reader),
    executeCommand: booleanOf(launch.get('EnableExecuteCommand')),
  }));
  const schedules = reader.ofType('AWS::Scheduler::Schedule').flatMap((schedule) => targetLaunches(schedule, 'Target', schedule.get('Target'), reader));
  const rules = reader.ofType('AWS::Events::Rule').flatMap((rule) => {
    const targets = rule.get('Targets');
    const { items, open } = itemsOf(targets);
    // A list that nobody can read may start a task.
    if (open !== undefined) return targetLaunches(rule, 'Targets', targets, reader);
    return items.flatMap((target, index) => targetLaunches(rule, `Targets.${index}`, target, reader));
  });
  return [...direct, ...schedules, ...rules];
}

function targetLaunches(source: ReadResource, path: string, target: Node, reader: Reader): readonly TaskLaunchFact[] {
  const parameters = pick(target, 'EcsParameters');
  if (parameters.is === 'absent') return [];
  const network = pick(parameters, 'NetworkConfiguration', 'AwsVpcConfiguration');
  return [
    {
      ...launchOf(source, `${path}.EcsParameters.NetworkConfiguration.AwsVpcConfiguration`, network, reader),
      executeCommand: booleanOf(pick(parameters, 'EnableExecuteCommand')),
    },
  ];
}

function launchOf({ resource }: ReadResource, path: string, network: Node, reader: Reader): Omit<TaskLaunchFact, 'executeCommand'> {
  return {
    ...resource,
    path,
    assignPublicIp: textOf(pick(network, 'AssignPublicIp')),
    securityGroups: listOf(pick(network, 'SecurityGroups'), (item) => referenceOf(item, SECURITY_GROUP, reader)),
  };
}
