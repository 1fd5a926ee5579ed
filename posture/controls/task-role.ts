import type { Facts, RoleFact, StatementFact, TaskDefinitionFact } from '../facts/facts.ts';
import { type Check, expectValue, inside } from './control.ts';
import { expectSome, homeRegionOf } from './deployment.ts';
import { isOwnParameter, parameterPathOf } from './place.ts';
import { actionsThatMayAllow, demandedOf } from './statements.ts';

const READS = ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath', 'ssm:GetParameterHistory'];
/** What reading at boot takes; a history holds secrets that were replaced. */
const ALLOWED_READS = ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'];
const DECRYPT = 'kms:Decrypt';

/** Checks that a task's role may read and decrypt the secrets of its deployment, and nothing else that Parameter Store holds. */
export function taskRoleChecks(definition: TaskDefinitionFact, facts: Facts): readonly Check[] {
  const { taskRole } = definition;
  const role = taskRole.is === 'known' ? facts.roles.find(({ id }) => id === taskRole.value) : undefined;
  const named = inside(expectValue('TaskRoleArn', taskRole, 'a role of the assembly', () => role !== undefined));
  if (role === undefined) return [named];
  return [
    named,
    expectSome(`${role.id}: ${ALLOWED_READS[0]}`, allowing(role, READS).length),
    expectSome(`${role.id}: ${DECRYPT}`, allowing(role, [DECRYPT]).length),
    ...role.statements.flatMap((statement) => statementChecks(statement, definition, facts)),
  ];
}

function allowing({ statements }: RoleFact, wanted: readonly string[]): readonly StatementFact[] {
  return statements.filter(({ effect, actions }) =>
    effect.is === 'known' && effect.value === 'Allow' && actions.is === 'known' && actionsThatMayAllow(actions.value, wanted).length > 0,
  );
}

function statementChecks(statement: StatementFact, definition: TaskDefinitionFact, facts: Facts): readonly Check[] {
  const { id, path, effect, actions, resources } = statement;
  const place = `${id}: ${path}`;
  // What a statement denies takes nothing from the others' bounds.
  if (effect.is === 'known' && effect.value === 'Deny') return [];
  // A policy that the templates do not show may allow anything.
  const readable = inside(expectValue(place, effect, 'a statement that allows or denies', (value) => value === 'Allow'));
  if (readable.outcome !== 'pass') return [readable];
  const named = expectValue(`${place}.Action`, actions, 'actions by name', (names) => names.length > 0);
  if (actions.is !== 'known') return [readable, named];
  const reads = actionsThatMayAllow(actions.value, READS);
  const decrypts = actionsThatMayAllow(actions.value, [DECRYPT]);
  const ofKeys = new Set(facts.secureParameters.flatMap(({ key }) => (key.is === 'known' ? [`\${${key.value}.Arn}`] : [])));
  const through = `ssm.${homeRegionOf(definition, facts)}.amazonaws.com`;
  return [
    readable,
    named,
    ...(reads.length === 0 ? [] : [
      actionCheck(place, reads, ALLOWED_READS),
      expectValue(`${place}.Resource`, resources, `parameters below ${parameterPathOf(definition, facts)}/`, (arns) =>
        arns.length > 0 && arns.every((arn) => isOwnParameter(arn, definition, facts)),
      ),
    ]),
    ...(decrypts.length === 0 ? [] : [
      actionCheck(place, decrypts, [DECRYPT]),
      expectValue(`${place}.Resource`, resources, 'the key of the secrets', (arns) => arns.length > 0 && arns.every((arn) => ofKeys.has(arn))),
      expectValue(`${place}.Condition kms:ViaService`, demandedOf(statement, 'kms:ViaService'), through, (values) => values.length === 1 && values[0] === through),
    ]),
  ];
}

function actionCheck(place: string, found: readonly string[], allowed: readonly string[]): Check {
  const wide = found.filter((action) => !allowed.some((name) => name.toLowerCase() === action.toLowerCase()));
  return { property: `${place}.Action`, expected: allowed.join(', '), observed: found.join(', '), outcome: wide.length === 0 ? 'pass' : 'fail' };
}
