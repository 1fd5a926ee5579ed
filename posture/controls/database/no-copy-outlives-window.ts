import type { DatabaseFact, Facts, Resource } from '../../facts/facts.ts';
import type { Value } from '../../facts/value.ts';
import { control, expectValue, type Check } from '../control.ts';
import { copyingCall, copyingRights, definitionChecks } from '../copying.ts';
import { mayCopyDatabase } from '../resource-types.ts';
import { textsBelow } from '../written.ts';

export const noCopyOutlivesWindow = control<DatabaseFact | Resource>({
  id: 'no-copy-outlives-window',
  claims: ['HM-BAK-1', 'HM-BAK-2', 'HM-NET-2'],
  promise: 'The stacks make no copy of a database that outlives its backup window, and nothing in them may make one or change the database.',
  minimum: 1,
  population: (facts) => [...facts.databases, ...facts.resources.filter((resource) => mayCopyDatabase(resource.type)), ...callers(facts)],
  check: (subject, facts) => ('deletionPolicy' in subject ? databaseChecks(subject, facts) : copyChecks(subject, facts)),
});

const NO_COPY = 'no second store of the database, nor a call or a right that would fill one';
const WORKFLOW = 'AWS::StepFunctions::StateMachine';
const POLICIES = ['Delete', 'Retain', 'RetainExceptOnCreate'];

/**
 * An instance without these attributes is as good as one that asks for a snapshot, which has no end: for
 * DeletionPolicy that is CloudFormation's default.
 */
const policyCheck = (property: string, policy: Value<string>): Check =>
  expectValue(property, policy, POLICIES.join(', '), (given) => POLICIES.includes(given));

function databaseChecks(database: DatabaseFact, facts: Facts): readonly Check[] {
  const exporting = textsBelow(facts, database, 'Properties.AssociatedRoles').filter(({ text }) => /s3Export/i.test(text));
  return [
    policyCheck('DeletionPolicy', database.deletionPolicy),
    policyCheck('UpdateReplacePolicy', database.updateReplacePolicy),
    ...exporting.map(({ path, text }): Check => ({ property: path, expected: 'no role to export with', observed: text, outcome: 'fail' })),
  ];
}

/** Whatever may be made to copy the database, whoever holds the right to do so included. */
function callers(facts: Facts): readonly Resource[] {
  const byId = Map.groupBy(facts.texts, ({ id }) => id);
  return facts.resources.filter(({ id, type }) => {
    const own = byId.get(id) ?? [];
    return !mayCopyDatabase(type) && (type === WORKFLOW || own.some((text) => copyingCall(text) !== undefined) || copyingRights(own).length > 0);
  });
}

function copyChecks({ id, type }: Resource, facts: Facts): readonly Check[] {
  const own = facts.texts.filter((text) => text.id === id);
  const calls = own.flatMap((text) => {
    const call = copyingCall(text);
    return call === undefined ? [] : [{ property: text.path, observed: call }];
  });
  const found = [...(mayCopyDatabase(type) ? [{ property: 'Type', observed: type }] : []), ...calls, ...copyingRights(own)];
  if (found.length === 0) {
    const [elsewhere] = definitionChecks(own);
    return [elsewhere ?? { property: 'Definition', expected: NO_COPY, observed: 'none', outcome: 'pass' }];
  }
  return found.map((copy) => ({ ...copy, expected: NO_COPY, outcome: 'fail' }));
}
