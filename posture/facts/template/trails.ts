import type { TrailFact } from '../facts.ts';
import { managementEvents, watchedBuckets } from './event-selectors.ts';
import { booleanOf, textOf } from './read-node.ts';
import type { Reader } from './reader.ts';
import { BUCKET, KEY, LOG_GROUP, referenceOf, ROLE } from './reference.ts';

/** Every trail of CloudTrail. */
export function trails(reader: Reader): readonly TrailFact[] {
  return reader.ofType('AWS::CloudTrail::Trail').map((trail) => {
    const { resource, get } = trail;
    return {
      ...resource,
      name: textOf(get('TrailName')),
      logging: booleanOf(get('IsLogging')),
      multiRegion: booleanOf(get('IsMultiRegionTrail')),
      globalServices: booleanOf(get('IncludeGlobalServiceEvents')),
      validates: booleanOf(get('EnableLogFileValidation')),
      managementEvents: managementEvents(trail),
      watchedBuckets: watchedBuckets(trail, reader),
      key: referenceOf(get('KMSKeyId'), KEY, reader),
      bucket: referenceOf(get('S3BucketName'), BUCKET, reader),
      prefix: textOf(get('S3KeyPrefix')),
      logGroup: referenceOf(get('CloudWatchLogsLogGroupArn'), LOG_GROUP, reader),
      logRole: referenceOf(get('CloudWatchLogsRoleArn'), ROLE, reader),
    };
  });
}
