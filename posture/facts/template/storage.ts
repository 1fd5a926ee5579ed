import { pick } from '../../assembly/node.ts';
import type { BucketFact, LogGroupFact } from '../facts.ts';
import { absent, known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { bucketRetention } from './lifecycle.ts';
import { andThen, booleanOf, integerOf, tagOf, textOf } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';
import { KEY, referenceOf } from './reference.ts';

/** The tag with which a store says what it holds. */
export const WORKSPACE_DATA = 'halton:workspace-data';

/** Every bucket. */
export function buckets(reader: Reader): readonly BucketFact[] {
  return reader.ofType('AWS::S3::Bucket').map((bucket) => ({
    ...bucket.resource,
    replicates: replicates(bucket),
    workspaceData: tagOf(bucket.get('Tags'), WORKSPACE_DATA),
    retention: bucketRetention(bucket),
    lockMode: lockMode(bucket),
  }));
}

/** A bucket locks where it says so twice: of itself, and in the configuration that holds the rule. */
function lockMode({ get }: ReadResource): Value<string> {
  const configured = andThen(textOf(get('ObjectLockConfiguration', 'ObjectLockEnabled')), (text) => known(text === 'Enabled'));
  return andThen(booleanOf(get('ObjectLockEnabled')), (enabled) =>
    andThen(configured, (rule) => (enabled && rule ? textOf(get('ObjectLockConfiguration', 'Rule', 'DefaultRetention', 'Mode')) : absent)),
  );
}

function replicates({ get }: ReadResource): Value<boolean> {
  const replication = get('ReplicationConfiguration');
  if (replication.is === 'absent') return known(false);
  // A rule that is disabled today replicates with one word changed, so any rule counts.
  const readable = replication.is === 'map' && pick(replication, 'Rules').is !== 'absent';
  return readable ? known(true) : unresolved('a ReplicationConfiguration that cannot be read');
}

/** Every log group. */
export function logGroups(reader: Reader): readonly LogGroupFact[] {
  return reader.ofType('AWS::Logs::LogGroup').map(({ resource, get }) => ({
    ...resource,
    name: textOf(get('LogGroupName')),
    key: referenceOf(get('KmsKeyId'), KEY, reader),
    workspaceData: tagOf(get('Tags'), WORKSPACE_DATA),
    retention: integerOf(get('RetentionInDays')),
  }));
}
