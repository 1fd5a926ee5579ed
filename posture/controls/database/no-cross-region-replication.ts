import type { BucketFact, DatabaseFact, Facts, KeyFact, Resource } from '../../facts/facts.ts';
import { control, expectAbsent, type Check } from '../control.ts';
import { isReplica, sourceCheck, sourceRegionCheck } from '../replicas.ts';
import { staysInRegion } from '../resource-types.ts';

export const noCrossRegionReplication = control({
  id: 'no-cross-region-replication',
  claims: ['HM-REG-2'],
  promise: 'Every resource is of a type known to keep its data in its region, and none is set to copy it to another.',
  minimum: 1,
  population: ({ resources }) => resources,
  check: (resource, facts) => [
    typeCheck(resource),
    ...of(facts.databases, resource).flatMap((database) => databaseChecks(database, facts)),
    ...of(facts.buckets, resource).map(bucketCheck),
    ...of(facts.keys, resource).map(keyCheck),
  ],
});

const of = <Fact extends Resource>(facts: readonly Fact[], { id }: Resource): readonly Fact[] => facts.filter((fact) => fact.id === id);

function typeCheck({ type }: Resource): Check {
  const stays = staysInRegion(type);
  return {
    property: 'Type',
    expected: 'a type known to keep its data in its region',
    observed: stays ? type : `${type}, which no control knows; look at what it can copy and enter it in posture/controls/resource-types.ts`,
    outcome: stays ? 'pass' : 'fail',
  };
}

function databaseChecks(database: DatabaseFact, facts: Facts): readonly Check[] {
  return [
    ...(isReplica(database) ? [sourceCheck(database, facts)] : []),
    sourceRegionCheck(database, facts),
    expectAbsent('AutomaticBackupReplicationRegion', database.backupReplicationRegion),
  ];
}

const bucketCheck = ({ replicates }: BucketFact): Check =>
  expectAbsent('ReplicationConfiguration', replicates, (value) => !value);

const keyCheck = ({ multiRegion }: KeyFact): Check => expectAbsent('MultiRegion', multiRegion, (value) => !value, 'false or absent');
