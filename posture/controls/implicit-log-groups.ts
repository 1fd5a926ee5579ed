import type { ClusterFact, Facts, LogGroupFact, Resource } from '../facts/facts.ts';
import { type Check, expectAbsent, expectValue } from './control.ts';
import { textsBelow } from './written.ts';

/** What logs into a group that AWS makes where it is missing: in plaintext, and with events that are kept for ever. */
export const makesLogGroups = ({ type }: Resource): boolean => /^AWS::(?:ECS::Cluster|Lambda::Function|RDS::DBInstance)$/.test(type);

/** Checks that each group which a resource would get by itself is declared, and so judged for itself. */
export function implicitGroupChecks(resource: Resource, facts: Facts): readonly Check[] {
  switch (resource.type) {
    case 'AWS::ECS::Cluster':
      return facts.clusters.filter(({ id }) => id === resource.id).map((cluster) => insightsCheck(cluster, facts));
    case 'AWS::Lambda::Function':
      return [functionCheck(resource, facts)];
    default:
      return exportChecks(resource, facts);
  }
}

const called = ({ name }: LogGroupFact, wanted: string): boolean => name.is === 'known' && name.value === wanted;

/** Container Insights names its group for the cluster. */
function insightsCheck({ id, name, containerInsights }: ClusterFact, { logGroups }: Facts): Check {
  const names = [`\${${id}}`, ...(name.is === 'known' ? [name.value] : [])].map((cluster) => `/aws/ecs/containerinsights/${cluster}/performance`);
  const property = 'ClusterSettings containerInsights';
  // With its group declared it does not matter whether it is on.
  if (logGroups.some((group) => names.some((wanted) => called(group, wanted)))) return expectAbsent(property, containerInsights, () => true, 'known or absent');
  // Absent will not do: an account can turn it on for every cluster that says nothing.
  return expectValue(property, containerInsights, `disabled, or a declared log group ${names[0]}`, (value) => value === 'disabled');
}

function exportChecks(database: Resource, facts: Facts): readonly Check[] {
  const identifier = textsBelow(facts, database, 'Properties.DBInstanceIdentifier').map(({ text }) => text).join('');
  return textsBelow(facts, database, 'Properties.EnableCloudwatchLogsExports').map(({ path, text }) => {
    const wanted = `/aws/rds/instance/${identifier}/${text}`;
    const declared = facts.logGroups.some((group) => called(group, wanted));
    return { property: path, expected: `a declared log group ${wanted}`, observed: declared ? wanted : 'none', outcome: declared ? 'pass' : 'fail' };
  });
}

function functionCheck(resource: Resource, facts: Facts): Check {
  const [named] = textsBelow(facts, resource, 'Properties.LoggingConfig.LogGroup');
  const declared = facts.logGroups.some((group) => named !== undefined && (named.text === `\${${group.id}}` || called(group, named.text)));
  return {
    property: 'LoggingConfig.LogGroup',
    expected: 'a log group of the assembly',
    observed: named?.text ?? 'absent',
    outcome: declared ? 'pass' : 'fail',
  };
}
