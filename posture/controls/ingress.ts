import type { DatabaseFact, Facts, IngressFact, SecurityGroupFact } from '../facts/facts.ts';
import { type Check, expectAbsent, expectValue, inside } from './control.ts';
import { groupUserChecks, serviceGroups } from './group-users.ts';

const POSTGRES_PORT = 5432;
/** The value of the tag `halton:role` on the security group of the ECS tasks. */
export const TASKS = 'ecs-tasks';

/** The security groups of a database that the facts hold. */
export function groupsOf({ securityGroups: ids }: DatabaseFact, { securityGroups }: Facts): readonly SecurityGroupFact[] {
  return ids.is === 'known' ? securityGroups.filter(({ id }) => ids.value.includes(id)) : [];
}

/** Checks that a database stands behind one security group and that its rules are there to be read. */
export function securityGroupCheck(database: DatabaseFact, facts: Facts): Check {
  return inside(
    expectValue('VPCSecurityGroups', database.securityGroups, 'exactly one security group of the assembly', (ids) =>
      ids.length === 1 && groupsOf(database, facts).length === 1,
    ),
  );
}

/** Checks that a group lets in the ECS tasks on Postgres' port, by one rule, and nothing else. */
export function ingressChecks(group: SecurityGroupFact, facts: Facts): readonly Check[] {
  const { ingress } = group;
  return [
    {
      property: 'SecurityGroupIngress',
      expected: 'exactly one rule',
      observed: ingress.length === 0 ? 'none' : ingress.map(({ id }) => id).join(', '),
      outcome: ingress.length === 1 ? 'pass' : 'fail',
    },
    ...ingress.flatMap((rule) => ruleChecks(rule, facts)),
  ];
}

function ruleChecks(rule: IngressFact, facts: Facts): readonly Check[] {
  const { securityGroups } = facts;
  const tasks = securityGroups.filter(({ role }) => role.is === 'known' && role.value === TASKS);
  const port = (value: number) => value === POSTGRES_PORT;
  return [
    expectValue(`${rule.id}: IpProtocol`, rule.protocol, 'tcp', (protocol) => protocol === 'tcp'),
    expectValue(`${rule.id}: FromPort`, rule.fromPort, String(POSTGRES_PORT), port),
    expectValue(`${rule.id}: ToPort`, rule.toPort, String(POSTGRES_PORT), port),
    inside(
      expectValue(`${rule.id}: SourceSecurityGroupId`, rule.sourceGroup, `the only group with the role ${TASKS}`, (source) =>
        tasks.length === 1 && tasks[0]?.id === source,
      ),
    ),
    ...sourceChecks(rule, facts),
    expectAbsent(`${rule.id}: CidrIp, CidrIpv6, SourcePrefixListId`, rule.sourceRange),
  ];
}

/** A tag can be put on any group, so where a service is declared its tasks' own group has to be the one. */
function sourceChecks({ id, sourceGroup }: IngressFact, facts: Facts): readonly Check[] {
  if (sourceGroup.is !== 'known') return [];
  const source = sourceGroup.value;
  const used = serviceGroups(facts);
  const service =
    used.is === 'absent' ? [] : [inside(expectValue(`${id}: SourceSecurityGroupId of a service`, used, source, (groups) => groups.includes(source)))];
  return [...service, ...groupUserChecks(source, facts)];
}
