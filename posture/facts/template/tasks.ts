import { pick } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import type { ClusterFact, ContainerFact, TaskDefinitionFact } from '../tasks.ts';
import { absent, known } from '../value.ts';
import { booleanOf, countOf, entryOf, listOf, textOf } from './read-node.ts';
import type { Reader } from './reader.ts';
import { referenceOf, ROLE } from './reference.ts';

/** Every cluster of ECS. */
export function clusters(reader: Reader): readonly ClusterFact[] {
  return reader.ofType('AWS::ECS::Cluster').map(({ resource, get }) => ({
    ...resource,
    name: textOf(get('ClusterName')),
    containerInsights: entryOf(get('ClusterSettings'), 'Name', 'containerInsights'),
  }));
}

/** Every task definition of ECS. */
export function taskDefinitions(reader: Reader): readonly TaskDefinitionFact[] {
  return reader.ofType('AWS::ECS::TaskDefinition').map(({ resource, get }) => ({
    ...resource,
    taskRole: referenceOf(get('TaskRoleArn'), ROLE, reader),
    networkMode: textOf(get('NetworkMode')),
    pidMode: textOf(get('PidMode')),
    ipcMode: textOf(get('IpcMode')),
    volumes: countOf(get('Volumes')),
    containers: listOf(get('ContainerDefinitions'), (container) => known(containerOf(container))),
  }));
}

/** Properties with which ECS itself fetches values from other places for a container. */
const FETCHING = [['Secrets'], ['EnvironmentFiles'], ['LogConfiguration', 'SecretOptions']];

function containerOf(container: Node): ContainerFact {
  // A container that cannot be read may fetch anything.
  const fetched = FETCHING.find((path) => pick(container, ...path).is !== 'absent');
  return {
    user: textOf(pick(container, 'User')),
    privileged: booleanOf(pick(container, 'Privileged')),
    addedCapabilities: listOf(pick(container, 'LinuxParameters', 'Capabilities', 'Add'), textOf),
    readonlyRootFilesystem: booleanOf(pick(container, 'ReadonlyRootFilesystem')),
    mountPoints: countOf(pick(container, 'MountPoints')),
    volumesFrom: countOf(pick(container, 'VolumesFrom')),
    parameterPath: entryOf(pick(container, 'Environment'), 'Name', 'PARAMETER_PATH'),
    fetched: fetched === undefined ? absent : known(fetched.join('.')),
  };
}
