import type { Facts, TextFact } from '../facts/facts.ts';
import type { Value } from '../facts/value.ts';
import { known } from '../facts/value.ts';
import type { Check } from './control.ts';

/** What may name the tasks' group without standing behind it: rules, and the output that hands it to another stack. */
const REFERRING = /^AWS::(?:EC2::SecurityGroup(?:Ingress|Egress)?|CloudFormation::Stack)$/;

/** A custom resource that runs a task of the API's image and waits for its end. */
const RUNS_A_TASK = 'Custom::Migrations';

/** Checks that nothing but ECS tasks stands behind a security group, whichever property hands the group over. */
export function groupUserChecks(group: string, facts: Facts): readonly Check[] {
  const others = facts.texts.filter((text) => names(text, group) && !REFERRING.test(text.type) && text.type !== RUNS_A_TASK && !startsTasks(text, facts));
  return others.map(({ id, path, type }) => ({ property: `${id}: ${path}`, expected: 'ECS tasks alone behind the group', observed: type, outcome: 'fail' }));
}

const names = ({ text }: TextFact, group: string): boolean => ['', '.GroupId', '.Id'].some((attribute) => text.includes(`\${${group}${attribute}}`));

const startsTasks = ({ id, path }: TextFact, { taskLaunches }: Facts): boolean =>
  taskLaunches.some((launch) => launch.id === id && path.startsWith(`Properties.${launch.path}.SecurityGroups.`));

/** The groups that the tasks of every service stand behind; absent where no service is declared. */
export function serviceGroups({ taskLaunches }: Facts): Value<readonly string[]> {
  const groups = taskLaunches.filter(({ type }) => type === 'AWS::ECS::Service').map(({ securityGroups }) => securityGroups);
  const [first, ...rest] = groups;
  if (first === undefined) return { is: 'absent' };
  const open = groups.find((value) => value.is !== 'known');
  if (open !== undefined) return open.is === 'absent' ? known([]) : open;
  const shared = first.is === 'known' ? first.value : [];
  return known(shared.filter((id) => rest.every((other) => other.is === 'known' && other.value.includes(id))));
}
