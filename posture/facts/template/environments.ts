import { pick } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import type { EnvironmentFact, Resource } from '../facts.ts';
import { unresolved } from '../value.ts';
import { itemsOf, rawText } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';

/** What stands for a variable whose name cannot be read. */
const UNNAMED = '(unresolved)';

/** Every variable of every function and task container; where they cannot be listed, one of which nothing is known. */
export function environments(reader: Reader): readonly EnvironmentFact[] {
  return [
    ...reader.ofType('AWS::Lambda::Function').flatMap(({ resource, get }) => functionVariables(resource, get('Environment', 'Variables'))),
    ...reader.ofType('AWS::ECS::TaskDefinition').flatMap(taskVariables),
  ];
}

function functionVariables(resource: Resource, variables: Node): readonly EnvironmentFact[] {
  if (variables.is === 'absent') return [];
  if (variables.is !== 'map') return [unreadable(resource, variables)];
  return [...variables.entries].map(([name, value]) => ({ ...resource, name, value: rawText(value) }));
}

function taskVariables({ resource, get }: ReadResource): readonly EnvironmentFact[] {
  const containers = get('ContainerDefinitions');
  if (itemsOf(containers).open !== undefined) return [unreadable(resource, containers)];
  return itemsOf(containers).items.flatMap((container) => {
    const files = pick(container, 'EnvironmentFiles');
    const environment = pick(container, 'Environment');
    const { items, open } = itemsOf(environment);
    return [
      ...(open === undefined ? items.map((variable) => taskVariable(resource, variable)) : [unreadable(resource, environment)]),
      // The variables lie in S3, where no template shows them.
      ...(files.is === 'absent' ? [] : [{ ...resource, name: UNNAMED, value: unresolved('EnvironmentFiles, which the templates do not show') }]),
    ];
  });
}

function taskVariable(resource: Resource, variable: Node): EnvironmentFact {
  const name = rawText(pick(variable, 'Name'));
  return { ...resource, name: name.is === 'known' ? name.value : UNNAMED, value: rawText(pick(variable, 'Value')) };
}

function unreadable(resource: Resource, node: Node): EnvironmentFact {
  return { ...resource, name: UNNAMED, value: unresolved(node.is === 'unresolved' ? node.why : 'variables in a shape that CloudFormation refuses') };
}
