import type { DatabaseFact, Resource } from '../../facts/facts.ts';
import { control, expectAbsent, type Check } from '../control.ts';
import { mayCopyDatabase } from '../resource-types.ts';

export const snapshotsInRegion = control<DatabaseFact | Resource>({
  id: 'snapshots-in-region',
  claims: ['HM-REG-3'],
  promise: 'What RDS copies of a database by itself is kept in the one region of that database.',
  minimum: 1,
  population: ({ databases, resources }) => [...databases, ...resources.filter(({ type }) => mayCopyDatabase(type))],
  check: (subject) =>
    'backupReplicationRegion' in subject
      ? [expectAbsent('AutomaticBackupReplicationRegion', subject.backupReplicationRegion)]
      : [foreign(subject)],
});

function foreign({ type }: Resource): Check {
  return { property: 'Type', expected: 'nothing beside the instance that can carry snapshots away', observed: type, outcome: 'fail' };
}
