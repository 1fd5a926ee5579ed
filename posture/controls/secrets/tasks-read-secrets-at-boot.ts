import type { ContainerFact, Facts, StackFact, TaskDefinitionFact } from '../../facts/facts.ts';
import { control, expectAbsent, expectValue, type Check } from '../control.ts';
import { answeringStack, expectSome } from '../deployment.ts';
import { environmentChecks } from '../environments.ts';
import { parameterPathOf } from '../place.ts';
import { taskRoleChecks } from '../task-role.ts';

/** That the process does read them, and holds them nowhere else, only its start can show. */
export const tasksReadSecretsAtBoot = control<StackFact | TaskDefinitionFact>({
  id: 'tasks-read-secrets-at-boot',
  claims: ['HM-SSM-2'],
  promise: 'Every task is told where its secrets lie, may read and decrypt those of its deployment and no others, and is handed none.',
  minimum: 1,
  population: (facts) => [...answeringStack(facts), ...facts.taskDefinitions],
  check: (subject, facts) => {
    if ('deployment' in subject) return [expectSome('AWS::ECS::TaskDefinition', facts.taskDefinitions.length)];
    return [...containersChecks(subject, facts), ...taskRoleChecks(subject, facts)];
  },
});

function containersChecks(definition: TaskDefinitionFact, facts: Facts): readonly Check[] {
  const { id, containers } = definition;
  const path = parameterPathOf(definition, facts);
  const each = ({ parameterPath, fetched }: ContainerFact, index: number): readonly Check[] => [
    expectValue(`ContainerDefinitions.${index}.Environment PARAMETER_PATH`, parameterPath, path ?? 'the path of a known deployment', (value) => value === path),
    expectAbsent(`ContainerDefinitions.${index}.Secrets`, fetched, () => false, 'nothing that ECS fetches for the container'),
  ];
  return [
    expectValue('ContainerDefinitions', containers.is === 'known' ? { is: 'known', value: containers.value.length } : containers, 'at least one', (count) => count > 0),
    ...(containers.is === 'known' ? containers.value.flatMap(each) : []),
    ...facts.environments.filter((variable) => variable.id === id).flatMap((variable) => environmentChecks(variable, facts)),
  ];
}
