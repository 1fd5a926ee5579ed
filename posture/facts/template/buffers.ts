import type { BufferFact } from '../facts.ts';
import { absent, known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { andThen, booleanOf, integerOf, tagOf } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';
import { WORKSPACE_DATA } from './storage.ts';

/** How long each type keeps what it took, in days; defaults are those of each type's own page in the CloudFormation reference. */
const RETENTION: Readonly<Record<string, (resource: ReadResource) => Value<number>>> = {
  'AWS::SQS::Queue': ({ get }) => inDays(integerOf(get('MessageRetentionPeriod')), 86_400, 4),
  'AWS::Kinesis::Stream': ({ get }) => inDays(integerOf(get('RetentionPeriodHours')), 24, 1),
  // What cannot be delivered is retried for two hours at most by default; what a stream of its own takes is kept for a day.
  'AWS::KinesisFirehose::DeliveryStream': () => known(1),
  'AWS::DynamoDB::Table': expiryOf,
  'AWS::DynamoDB::GlobalTable': expiryOf,
};

/** Every queue, stream and table. */
export function buffers(reader: Reader): readonly BufferFact[] {
  return Object.entries(RETENTION).flatMap(([type, retention]) =>
    reader.ofType(type).map((buffer) => ({ ...buffer.resource, workspaceData: tagOf(buffer.get('Tags'), WORKSPACE_DATA), retention: retention(buffer) })),
  );
}

function inDays(period: Value<number>, perDay: number, otherwise: number): Value<number> {
  return period.is === 'absent' ? known(otherwise) : andThen(period, (value) => known(value / perDay));
}

function expiryOf({ get }: ReadResource): Value<number> {
  const expires = booleanOf(get('TimeToLiveSpecification', 'Enabled'));
  if (expires.is !== 'known') return expires;
  return expires.value ? unresolved('a time that each item gives itself') : absent;
}
