import { pick } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import { absent, known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { firstSet, integerOf, itemsOf, textOf, andThen } from './read-node.ts';
import type { ReadResource } from './reader.ts';

/** Days in a year of object-lock retention, as S3 counts them. */
const YEAR = 365;

/**
 * Days until nothing is left of an object that is never touched again; absent where something stays for ever.
 *
 * With versioning that is the current version's expiry and then the noncurrent one's. Only rules that hold for every
 * object count, and the shortest of them wins, as in S3. A default object lock keeps what a rule would delete.
 */
export function bucketRetention(bucket: ReadResource): Value<number> {
  const { items, open } = itemsOf(bucket.get('LifecycleConfiguration', 'Rules'));
  if (open !== undefined) return unresolved(open);
  const rules = items.map(conditionsOf);
  const unsettled = rules.find((rule) => rule.is === 'unresolved');
  if (unsettled?.is === 'unresolved') return unsettled;
  const holding = items.filter((_, index) => {
    const rule = rules[index];
    return rule?.is === 'known' && rule.value;
  });
  const current = shortest(holding.map((rule) => integerOf(pick(rule, 'ExpirationInDays'))));
  const versioning = textOf(bucket.get('VersioningConfiguration', 'Status'));
  if (versioning.is === 'unresolved' || versioning.is === 'outside') return versioning;
  // A bucket whose versioning was suspended still holds the versions that it had.
  const deleted = versioning.is === 'absent' ? current : plus(current, shortest(holding.map(noncurrentExpiry)));
  return andThen(firstSet(lockDays(bucket), known(0)), (lock) => andThen(deleted, (days) => known(Math.max(days, lock))));
}

/** Whether a rule is enabled and holds for every object. */
function conditionsOf(rule: Node): Value<boolean> {
  const narrowing = ['TagFilters', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan', 'Filter'].some((key) => pick(rule, key).is !== 'absent');
  const prefix = textOf(pick(rule, 'Prefix'));
  if (prefix.is === 'unresolved' || prefix.is === 'outside') return prefix;
  const everything = !narrowing && (prefix.is === 'absent' || prefix.value === '');
  const status = textOf(pick(rule, 'Status'));
  if (status.is === 'absent') return unresolved('a lifecycle rule without Status');
  return andThen(status, (text) => known(everything && text === 'Enabled'));
}

function noncurrentExpiry(rule: Node): Value<number> {
  const expiration = pick(rule, 'NoncurrentVersionExpiration');
  // The newest noncurrent versions that it spares are never deleted.
  if (expiration.is === 'map' && pick(expiration, 'NewerNoncurrentVersions').is !== 'absent') return absent;
  return firstSet(integerOf(pick(expiration, 'NoncurrentDays')), integerOf(pick(rule, 'NoncurrentVersionExpirationInDays')));
}

/** Days for which a new object is locked by default; absent where none is. */
export function lockDays({ get }: ReadResource): Value<number> {
  const retention = get('ObjectLockConfiguration', 'Rule', 'DefaultRetention');
  const years = andThen(integerOf(pick(retention, 'Years')), (count) => known(count * YEAR));
  return firstSet(integerOf(pick(retention, 'Days')), years);
}

function shortest(values: readonly Value<number>[]): Value<number> {
  const unsettled = values.find((value) => value.is === 'unresolved' || value.is === 'outside');
  if (unsettled !== undefined) return unsettled;
  const days = values.flatMap((value) => (value.is === 'known' ? [value.value] : []));
  return days.length > 0 ? known(Math.min(...days)) : absent;
}

function plus(a: Value<number>, b: Value<number>): Value<number> {
  return andThen(a, (left) => andThen(b, (right) => known(left + right)));
}
