import type { DatabaseFact, Facts, Resource } from '../../facts/facts.ts';
import type { Value } from '../../facts/value.ts';
import { control, expectValue, type Check } from '../control.ts';
import { mayCopyDatabase } from '../resource-types.ts';
import { textsBelow } from '../written.ts';

export const noCopyOutlivesWindow = control<DatabaseFact | Resource>({
  id: 'no-copy-outlives-window',
  claims: ['HM-BAK-2'],
  promise: 'The stacks make no copy of a database that outlives its backup window: no snapshot, vault copy or export.',
  minimum: 1,
  population: (facts) => [...facts.databases, ...facts.resources.filter((resource) => mayCopyDatabase(resource.type)), ...callers(facts)],
  check: (subject, facts) => ('deletionPolicy' in subject ? databaseChecks(subject, facts) : copyChecks(subject, facts)),
});

/** A snapshot or export called for by a workflow or a schedule, which name AWS APIs in this form. */
const COPYING_CALL = /aws-sdk:(?:rds:(?:create|copy)DB(?:Cluster)?Snapshot|rds:start(?:ExportTask|DBInstanceAutomatedBackupsReplication)|backup:start)/i;

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

function callers({ texts, resources }: Facts): readonly Resource[] {
  const ids = new Set(texts.filter(({ text }) => COPYING_CALL.test(text)).map(({ id }) => id));
  return resources.filter(({ id, type }) => ids.has(id) && !mayCopyDatabase(type));
}

function copyChecks({ id, type }: Resource, { texts }: Facts): readonly Check[] {
  const calls = texts.filter((text) => text.id === id).flatMap(({ path, text }) => {
    const call = COPYING_CALL.exec(text)?.[0];
    return call === undefined ? [] : [{ property: path, observed: call }];
  });
  const found = mayCopyDatabase(type) ? [{ property: 'Type', observed: type }, ...calls] : calls;
  return found.map((copy) => ({ ...copy, expected: 'no second store of the database, nor a way to fill one', outcome: 'fail' }));
}
