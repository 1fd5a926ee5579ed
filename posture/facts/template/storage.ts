import { pick } from '../../assembly/node.ts';
import type { BucketFact, LogGroupFact, StatementFact } from '../facts.ts';
import { absent, known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { bucketRetention, lockDays } from './lifecycle.ts';
import { andThen, booleanOf, integerOf, tagOf, textOf } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';
import { BUCKET, KEY, referenceOf } from './reference.ts';
import { openStatement, statementsOf } from './roles.ts';

/** The tag with which a store says what it holds. */
export const WORKSPACE_DATA = 'halton:workspace-data';

/**
 * Every bucket.
 *
 * A policy for a bucket that the templates do not settle could be meant for any, so it stands, with nothing known, among
 * the statements of all.
 */
export function buckets(reader: Reader): readonly BucketFact[] {
  const policies = reader.ofType('AWS::S3::BucketPolicy').map(({ resource: { id }, get }) => ({
    id,
    bucket: referenceOf(get('Bucket'), BUCKET, reader),
    statements: statementsOf(id, 'PolicyDocument', get('PolicyDocument')),
  }));
  const policyOf = (owner: string): readonly StatementFact[] =>
    policies.flatMap(({ id, bucket, statements }) => {
      if (bucket.is !== 'known') return [openStatement(id, 'Bucket', bucket)];
      return bucket.value === owner ? statements : [];
    });
  return reader.ofType('AWS::S3::Bucket').map((bucket) => ({
    ...bucket.resource,
    replicates: replicates(bucket),
    workspaceData: tagOf(bucket.get('Tags'), WORKSPACE_DATA),
    retention: bucketRetention(bucket),
    lockMode: lockMode(bucket),
    lockDays: lockDays(bucket),
    policy: policyOf(bucket.resource.id),
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
