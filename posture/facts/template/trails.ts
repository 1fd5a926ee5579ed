import { pick } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import type { TrailFact } from '../facts.ts';
import { known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { booleanOf, itemsOf, textOf, textsOf } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';
import { BUCKET, KEY, LOG_GROUP, referenceOf } from './reference.ts';

/** Every trail of CloudTrail. */
export function trails(reader: Reader): readonly TrailFact[] {
  return reader.ofType('AWS::CloudTrail::Trail').map((trail) => {
    const { resource, get } = trail;
    return {
      ...resource,
      logging: booleanOf(get('IsLogging')),
      multiRegion: booleanOf(get('IsMultiRegionTrail')),
      validates: booleanOf(get('EnableLogFileValidation')),
      managementEvents: managementEvents(trail),
      key: referenceOf(get('KMSKeyId'), KEY, reader),
      bucket: referenceOf(get('S3BucketName'), BUCKET, reader),
      logGroup: referenceOf(get('CloudWatchLogsLogGroupArn'), LOG_GROUP, reader),
    };
  });
}

/** Without selectors a trail records all of them; with selectors those that one asks for without leaving any out. */
function managementEvents({ get }: ReadResource): Value<boolean> {
  const [plain, advanced] = [get('EventSelectors'), get('AdvancedEventSelectors')];
  if (plain.is === 'absent' && advanced.is === 'absent') return known(true);
  const open = itemsOf(plain).open ?? itemsOf(advanced).open;
  if (open !== undefined) return unresolved(open);
  return known(itemsOf(plain).items.some(takesAll) || itemsOf(advanced).items.some(asksForAll));
}

function takesAll(selector: Node): boolean {
  const flag = booleanOf(pick(selector, 'IncludeManagementEvents'));
  const kind = textOf(pick(selector, 'ReadWriteType'));
  return (
    selector.is === 'map' &&
    (flag.is === 'absent' || (flag.is === 'known' && flag.value)) &&
    (kind.is === 'absent' || (kind.is === 'known' && kind.value === 'All')) &&
    pick(selector, 'ExcludeManagementEventSources').is === 'absent'
  );
}

function asksForAll(selector: Node): boolean {
  const { items } = itemsOf(pick(selector, 'FieldSelectors'));
  const [only] = items;
  // A second field narrows the selector.
  if (only === undefined || items.length > 1) return false;
  const field = textOf(pick(only, 'Field'));
  const values = textsOf(pick(only, 'Equals'));
  return field.is === 'known' && field.value === 'eventCategory' && values.is === 'known' && values.value.includes('Management');
}
