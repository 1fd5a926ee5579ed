import type { DatabaseFact, Facts } from '../facts/facts.ts';
import { type Check, expectAbsent, expectValue, inside } from './control.ts';
import { homeRegionOf } from './deployment.ts';

/** Whether the instance is, or may turn out to be, a read replica. */
export const isReplica = ({ replicaOf }: DatabaseFact): boolean => replicaOf.is !== 'absent';

/** Checks that a replica's source is itself a database that is judged, so that what it inherits is judged too. */
export function sourceCheck({ id, replicaOf }: DatabaseFact, { databases }: Facts): Check {
  // A source that nobody here declares can be in any region and under any key.
  return inside(
    expectValue('SourceDBInstanceIdentifier', replicaOf, 'another database of the assembly', (source) =>
      databases.some((database) => database.id === source && database.id !== id),
    ),
  );
}

/** Checks that an instance is no copy of one in another region. */
export function sourceRegionCheck(database: DatabaseFact, facts: Facts): Check {
  const home = homeRegionOf(database, facts);
  return expectAbsent('SourceRegion', database.sourceRegion, (region) => region === home, 'absent or the region of the deployment');
}
