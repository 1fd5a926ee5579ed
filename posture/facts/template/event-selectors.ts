import { pick } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import { known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { booleanOf, itemsOf, textOf, textsOf } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';

interface Selectors {
  readonly plain: readonly Node[];
  readonly advanced: readonly Node[];
}

function selectorsOf({ get }: ReadResource): Value<Selectors> {
  const [plain, advanced] = [get('EventSelectors'), get('AdvancedEventSelectors')];
  const open = itemsOf(plain).open ?? itemsOf(advanced).open;
  if (open !== undefined) return unresolved(open);
  if (plain.is === 'absent' && advanced.is === 'absent') return { is: 'absent' };
  if (plain.is !== 'absent' && advanced.is !== 'absent') return unresolved('EventSelectors beside AdvancedEventSelectors, which CloudTrail refuses');
  return known({ plain: itemsOf(plain).items, advanced: itemsOf(advanced).items });
}

/** Whether a trail records every management event: it does without selectors, and with one that asks for them without leaving any out. */
export function managementEvents(trail: ReadResource): Value<boolean> {
  const selectors = selectorsOf(trail);
  if (selectors.is === 'absent') return known(true);
  if (selectors.is !== 'known') return selectors;
  const { plain, advanced } = selectors.value;
  return known(plain.some(takesAll) || advanced.some(asksForAll));
}

function takesAll(selector: Node): boolean {
  const flag = booleanOf(pick(selector, 'IncludeManagementEvents'));
  return (
    selector.is === 'map' &&
    (flag.is === 'absent' || (flag.is === 'known' && flag.value)) &&
    readsAndWrites(selector) &&
    pick(selector, 'ExcludeManagementEventSources').is === 'absent'
  );
}

function readsAndWrites(selector: Node): boolean {
  const kind = textOf(pick(selector, 'ReadWriteType'));
  return kind.is === 'absent' || (kind.is === 'known' && kind.value === 'All');
}

function asksForAll(selector: Node): boolean {
  const fields = fieldsOf(selector);
  // A second field narrows the selector.
  return fields?.size === 1 && isOnly(fields.get('eventCategory'), 'Management');
}

/** The buckets of which a trail records every read and write of every object; without selectors it records none. */
export function watchedBuckets(trail: ReadResource, reader: Reader): Value<readonly string[]> {
  const selectors = selectorsOf(trail);
  if (selectors.is === 'absent') return known([]);
  if (selectors.is !== 'known') return selectors;
  const buckets = reader.ofType('AWS::S3::Bucket').map(({ resource }) => resource.id);
  const prefixes = [...selectors.value.plain.flatMap(plainPrefixes), ...selectors.value.advanced.flatMap(advancedPrefixes)];
  return known(buckets.filter((id) => prefixes.some((prefix) => EVERY_BUCKET.test(prefix) || BUCKET_ARN.exec(prefix)?.slice(1).includes(id))));
}

const OBJECT = 'AWS::S3::Object';
const EVERY_BUCKET = /^arn:aws[\w-]*:s3(?::::)?$/;
const BUCKET_ARN = /^(?:\$\{([^}.]+)\.Arn\}|arn:aws[\w-]*:s3:::\$\{([^}.]+)\})\/?$/;

function plainPrefixes(selector: Node): readonly string[] {
  if (!readsAndWrites(selector)) return [];
  return itemsOf(pick(selector, 'DataResources')).items.flatMap((resources) => {
    const [type, values] = [textOf(pick(resources, 'Type')), textsOf(pick(resources, 'Values'))];
    return type.is === 'known' && type.value === OBJECT && values.is === 'known' ? values.value : [];
  });
}

function advancedPrefixes(selector: Node): readonly string[] {
  const fields = fieldsOf(selector);
  const { [ARN]: arn, ...rest } = Object.fromEntries(fields ?? []);
  const isWhole = Object.keys(rest).length === 2 && isOnly(rest['eventCategory'], 'Data') && isOnly(rest['resources.type'], OBJECT);
  if (!isWhole) return [];
  if (arn === undefined) return ['arn:aws:s3'];
  return arn.operator === 'StartsWith' ? arn.values : [];
}

const ARN = 'resources.ARN';

interface Field {
  readonly operator: string;
  readonly values: readonly string[];
}

const isOnly = (field: Field | undefined, value: string): boolean => field?.operator === 'Equals' && field.values.length === 1 && field.values[0] === value;

/** What an advanced selector demands of each field; undefined where that cannot be read or is more than one thing of a field. */
function fieldsOf(selector: Node): ReadonlyMap<string, Field> | undefined {
  const { items } = itemsOf(pick(selector, 'FieldSelectors'));
  const fields = new Map<string, Field>();
  for (const item of items) {
    const name = textOf(pick(item, 'Field'));
    const operators = item.is === 'map' ? [...item.entries.keys()].filter((key) => key !== 'Field') : [];
    const [operator = ''] = operators;
    const values = textsOf(pick(item, operator));
    if (name.is !== 'known' || operators.length !== 1 || values.is !== 'known' || fields.has(name.value)) return undefined;
    fields.set(name.value, { operator, values: values.value });
  }
  return fields;
}
