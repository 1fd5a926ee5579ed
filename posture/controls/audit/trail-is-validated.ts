import type { Facts, TrailFact } from '../../facts/facts.ts';
import { control, expectValue, inside, type Check } from '../control.ts';
import { customerKeyChecks } from '../encryption.ts';

/** Part of what its claims need: the record that says who restored a database or touched its logs. */
export const trailIsValidated = control({
  id: 'trail-is-validated',
  claims: ['HM-AUD-6', 'HM-DEL-5'],
  promise: 'Every trail records all regions, with digests that show tampering, under a key of the deployment, to a locked bucket and to CloudWatch.',
  minimum: 1,
  population: ({ trails }) => trails,
  check: (trail, facts) => [
    on('IsLogging', trail.logging),
    on('IsMultiRegionTrail', trail.multiRegion),
    on('EnableLogFileValidation', trail.validates),
    expectValue('AdvancedEventSelectors', trail.managementEvents, 'every management event', (recorded) => recorded),
    ...customerKeyChecks('KMSKeyId', trail.key, facts),
    ...bucketChecks(trail, facts),
    inside(expectValue('CloudWatchLogsLogGroupArn', trail.logGroup, 'a log group of the assembly', (id) => facts.logGroups.some((group) => group.id === id))),
  ],
});

const on = (property: string, value: TrailFact['logging']): Check => expectValue(property, value, 'true', (flag) => flag);

function bucketChecks(trail: TrailFact, { buckets }: Facts): readonly Check[] {
  const bucket = trail.bucket.is === 'known' ? buckets.find(({ id }) => trail.bucket.is === 'known' && id === trail.bucket.value) : undefined;
  const named = inside(expectValue('S3BucketName', trail.bucket, 'a bucket of the assembly', () => bucket !== undefined));
  if (bucket === undefined) return [named];
  // Governance mode can be lifted by whoever has the permission to.
  return [named, expectValue(`${bucket.id}: ObjectLockConfiguration`, bucket.lockMode, 'COMPLIANCE', (mode) => mode === 'COMPLIANCE')];
}
