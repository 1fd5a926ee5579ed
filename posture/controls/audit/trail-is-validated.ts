import type { Facts, KeyFact, TrailFact } from '../../facts/facts.ts';
import { receiptsChecks, trailBucketChecks } from '../archive.ts';
import { control, expectAbsent, expectValue, inside, type Check } from '../control.ts';
import { customerKeyChecks } from '../encryption.ts';
import { policyCheck } from '../own-policy.ts';
import { logDeliveryChecks } from '../trail-delivery.ts';

/**
 * Part of what its claims need: the record that says who restored a database or touched its logs.
 *
 * No claim is about the receipts as yet. Their bucket and their key are judged here, since the trail is what tells of
 * whoever touches them.
 */
export const trailIsValidated = control<TrailFact | KeyFact>({
  id: 'trail-is-validated',
  claims: ['HM-AUD-6', 'HM-DEL-5'],
  promise: 'Every trail records all regions and every touch of the receipts, so that tampering shows, to CloudWatch and to a locked bucket, and the receipts are locked and signed as safely.',
  minimum: 1,
  // Without a trail there is nothing to be told of a signing key.
  population: ({ trails, keys }) => (trails.length > 0 ? [...trails, ...keys.filter(signs)] : []),
  check: (subject, facts) => ('logging' in subject ? trailChecks(subject, facts) : signingKeyChecks(subject, facts)),
});

function trailChecks(trail: TrailFact, facts: Facts): readonly Check[] {
  return [
    on('IsLogging', trail.logging),
    on('IsMultiRegionTrail', trail.multiRegion),
    expectAbsent('IncludeGlobalServiceEvents', trail.globalServices, (recorded) => recorded, 'true or absent'),
    on('EnableLogFileValidation', trail.validates),
    expectValue('AdvancedEventSelectors', trail.managementEvents, 'every management event', (recorded) => recorded),
    ...customerKeyChecks('KMSKeyId', trail.key, facts),
    ...trailBucketChecks(trail, facts),
    ...receiptsChecks(trail, facts),
    inside(expectValue('CloudWatchLogsLogGroupArn', trail.logGroup, 'a log group of the assembly', (id) => facts.logGroups.some((group) => group.id === id))),
    ...logDeliveryChecks(trail, facts),
  ];
}

const on = (property: string, value: TrailFact['logging']): Check => expectValue(property, value, 'true', (flag) => flag);

/** A key whose use the templates do not settle may sign. */
const signs = ({ usage }: KeyFact): boolean => usage.is === 'unresolved' || (usage.is === 'known' && usage.value === 'SIGN_VERIFY');

const signingKeyChecks = (key: KeyFact, facts: Facts): readonly Check[] => [
  expectValue('KeyUsage', key.usage, 'SIGN_VERIFY', (usage) => usage === 'SIGN_VERIFY'),
  policyCheck('KeyPolicy', key, facts),
];
