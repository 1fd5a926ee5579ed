import type { Facts, SecurityGroupFact, TaskLaunchFact } from '../facts/facts.ts';
import { type Check, expectAbsent, expectValue, inside } from './control.ts';
import { TASKS } from './ingress.ts';

/** The security groups of the tasks that something starts, as far as the facts hold them. */
export function launchGroupsOf({ securityGroups: ids }: TaskLaunchFact, { securityGroups }: Facts): readonly SecurityGroupFact[] {
  return ids.is === 'known' ? securityGroups.filter(({ id }) => ids.value.includes(id)) : [];
}

/** Checks that tasks start behind the one security group that is the tasks' and nobody else's. */
export function launchGroupsCheck(launch: TaskLaunchFact, facts: Facts): Check {
  const [group] = launchGroupsOf(launch, facts);
  return inside(
    expectValue(`${launch.path}.SecurityGroups`, launch.securityGroups, `exactly one security group of the assembly, with the role ${TASKS}`, (ids) =>
      ids.length === 1 && group?.role.is === 'known' && group.role.value === TASKS,
    ),
  );
}

/** Checks that whatever a group lets in comes from a load balancer of the assembly. */
export function taskIngressChecks({ ingress }: SecurityGroupFact, { loadBalancers }: Facts): readonly Check[] {
  const entrances = new Set(loadBalancers.flatMap(({ securityGroups }) => (securityGroups.is === 'known' ? securityGroups.value : [])));
  return [
    { property: 'SecurityGroupIngress', expected: 'at least one rule', observed: String(ingress.length), outcome: ingress.length > 0 ? 'pass' : 'fail' },
    ...ingress.flatMap(({ id, protocol, sourceGroup, sourceRange }) => [
      expectValue(`${id}: IpProtocol`, protocol, 'tcp', (value) => value === 'tcp'),
      inside(expectValue(`${id}: SourceSecurityGroupId`, sourceGroup, "a load balancer's group", (source) => entrances.has(source))),
      expectAbsent(`${id}: CidrIp, CidrIpv6, SourcePrefixListId`, sourceRange),
    ]),
  ];
}
