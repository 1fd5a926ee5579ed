import { pick } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import type { Resource } from '../resource.ts';
import type { TaskLaunchFact } from '../tasks.ts';
import { absent, known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { booleanOf, countOf, itemsOf, listOf, textOf } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';
import { referenceOf, SECURITY_GROUP, TARGET_GROUP } from './reference.ts';

/** Whatever starts tasks and says into which network. */
export function taskLaunches(reader: Reader): readonly TaskLaunchFact[] {
  const direct = reader.ofType('AWS::ECS::Service', 'AWS::ECS::TaskSet').map((launch) => ({
    ...launchOf(launch, 'NetworkConfiguration.AwsvpcConfiguration', launch.get('NetworkConfiguration', 'AwsvpcConfiguration'), reader),
    executeCommand: booleanOf(launch.get('EnableExecuteCommand')),
    deploymentController: textOf(launch.get('DeploymentController', 'Type')),
    volumes: countOf(launch.get('VolumeConfigurations')),
    targetGroups: targetGroupsOf(launch.get('LoadBalancers'), reader),
    otherEntrance: otherEntranceOf(launch),
  }));
  const schedules = reader.ofType('AWS::Scheduler::Schedule').flatMap((schedule) => targetLaunches(schedule, 'Target', schedule.get('Target'), reader, 'AwsvpcConfiguration'));
  const rules = reader.ofType('AWS::Events::Rule').flatMap((rule) => {
    const targets = rule.get('Targets');
    const { items, open } = itemsOf(targets);
    // A list that nobody can read may start a task.
    if (open !== undefined) return targetLaunches(rule, 'Targets', targets, reader, 'AwsVpcConfiguration');
    return items.flatMap((target, index) => targetLaunches(rule, `Targets.${index}`, target, reader, 'AwsVpcConfiguration'));
  });
  return [...direct, ...schedules, ...rules];
}

/** @param networkKey which rules and schedules spell each in their own way */
function targetLaunches(source: ReadResource, path: string, target: Node, reader: Reader, networkKey: 'AwsvpcConfiguration' | 'AwsVpcConfiguration'): readonly TaskLaunchFact[] {
  const parameters = pick(target, 'EcsParameters');
  if (parameters.is === 'absent') return [];
  const network = pick(parameters, 'NetworkConfiguration', networkKey);
  return [
    {
      ...launchOf(source, `${path}.EcsParameters.NetworkConfiguration.${networkKey}`, network, reader),
      executeCommand: booleanOf(pick(parameters, 'EnableExecuteCommand')),
      // A task that is started for itself is replaced by nobody, registered nowhere and given no volume.
      deploymentController: absent,
      volumes: absent,
      targetGroups: absent,
      otherEntrance: absent,
    },
  ];
}

function launchOf({ resource }: ReadResource, path: string, network: Node, reader: Reader): Pick<TaskLaunchFact, keyof Resource | 'path' | 'assignPublicIp' | 'securityGroups'> {
  return {
    ...resource,
    path,
    assignPublicIp: textOf(pick(network, 'AssignPublicIp')),
    securityGroups: listOf(pick(network, 'SecurityGroups'), (item) => referenceOf(item, SECURITY_GROUP, reader)),
  };
}

/** Where a load balancer finds a service's tasks: a group, and the one that takes its place while a release replaces another. */
const GROUPS = [['TargetGroupArn'], ['AdvancedConfiguration', 'AlternateTargetGroupArn']];

function targetGroupsOf(loadBalancers: Node, reader: Reader): Value<readonly string[]> {
  const groups = listOf(loadBalancers, (entry) =>
    listOf({ is: 'list', items: GROUPS.map((path) => pick(entry, ...path)) }, (group) => referenceOf(group, TARGET_GROUP, reader)),
  );
  return groups.is === 'known' ? known(groups.value.flat()) : groups;
}

/** A load balancer of the generation before target groups, which a service names outright, or VPC Lattice. */
function otherEntranceOf({ get }: ReadResource): Value<string> {
  const { items, open } = itemsOf(get('LoadBalancers'));
  if (open !== undefined) return unresolved(open);
  const classic = items.findIndex((entry) => pick(entry, 'LoadBalancerName').is !== 'absent');
  if (classic >= 0) return known(`LoadBalancers.${classic}.LoadBalancerName`);
  return get('VpcLatticeConfigurations').is === 'absent' ? absent : known('VpcLatticeConfigurations');
}
