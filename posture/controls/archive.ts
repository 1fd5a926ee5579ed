import type { BucketFact, Facts, TrailFact } from '../facts/facts.ts';
import { type Check, expectValue, inside } from './control.ts';
import { policyCheck } from './own-policy.ts';
import { bucketDeliveryChecks } from './trail-delivery.ts';

/** Days, an audit period: what lib/stores.ts gives the trail and the receipts, less the two that S3 may take to remove what has expired. */
const LEAST_LOCK_DAYS = 365;

/** Checks that a trail writes into a bucket that lets it, and in which nobody can change or remove what it wrote. */
export function trailBucketChecks(trail: TrailFact, facts: Facts): readonly Check[] {
  const bucket = facts.buckets.find(({ id }) => trail.bucket.is === 'known' && id === trail.bucket.value);
  const named = inside(expectValue('S3BucketName', trail.bucket, 'a bucket of the assembly', () => bucket !== undefined));
  if (bucket === undefined) return [named];
  return [named, ...lockChecks(bucket, facts), ...bucketDeliveryChecks(trail, bucket, facts)];
}

/**
 * Checks that a trail records who touches the receipts, and that they are as safe as what the trail itself writes.
 *
 * The receipts lie where every touch is recorded, and not in the trail's own bucket, where each record would make another.
 */
export function receiptsChecks(trail: TrailFact, facts: Facts): readonly Check[] {
  const { bucket, watchedBuckets } = trail;
  const isReceipts = ({ id }: BucketFact): boolean => watchedBuckets.is === 'known' && watchedBuckets.value.includes(id) && !(bucket.is === 'known' && bucket.value === id);
  const receipts = facts.buckets.filter(isReceipts);
  const locked = receipts.filter(({ lockMode }) => lockMode.is !== 'absent');
  return [
    expectValue('AdvancedEventSelectors AWS::S3::Object', watchedBuckets, 'every object event of the bucket of the receipts', () => receipts.length > 0),
    // A trail may record what happens in other buckets too; those that lock nothing are not where the receipts are.
    ...(locked.length > 0 ? locked : receipts).flatMap((one) => lockChecks(one, facts)),
  ];
}

function lockChecks(bucket: BucketFact, facts: Facts): readonly Check[] {
  const place = `${bucket.id}: ObjectLockConfiguration`;
  return [
    // Governance mode can be lifted by whoever has the permission to.
    expectValue(place, bucket.lockMode, 'COMPLIANCE', (mode) => mode === 'COMPLIANCE'),
    expectValue(`${place}.Rule.DefaultRetention`, bucket.lockDays, `at least ${LEAST_LOCK_DAYS} days`, (days) => days >= LEAST_LOCK_DAYS),
    policyCheck(`${bucket.id}: PolicyDocument`, bucket, facts),
  ];
}
