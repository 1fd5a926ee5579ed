import type { DatabaseFact, Facts } from '../facts/facts.ts';
import type { Value } from '../facts/value.ts';
import { type Check, expectAbsent, expectValue } from './control.ts';
import { policyCheck } from './own-policy.ts';
import { isReplica } from './replicas.ts';

/** Days: the period of KMS itself, which a key that names none has. */
const YEAR = 365;

/** Checks that a property names a customer-managed key of the assembly, in use, rotating every year and closed to other accounts. */
export function customerKeyChecks(property: string, value: Value<string>, facts: Facts): readonly Check[] {
  const expected = 'a customer-managed key of the assembly';
  const key = value.is === 'known' ? facts.keys.find(({ id }) => id === value.value) : undefined;
  const named = expectValue(property, value, expected, () => key !== undefined);
  if (key === undefined) return [named];
  return [
    named,
    // A key is enabled from the start unless its template says otherwise; it does not rotate unless its template says so.
    expectAbsent(`${property}: Enabled`, key.enabled, (enabled) => enabled, 'true or absent'),
    expectValue(`${property}: EnableKeyRotation`, key.rotates, 'true', (rotates) => rotates),
    expectAbsent(`${property}: RotationPeriodInDays`, key.rotationPeriod, (days) => days <= YEAR, `at most ${YEAR} or absent`),
    policyCheck(`${property}: KeyPolicy`, key, facts),
  ];
}

/** Checks that an instance keeps nothing in the clear; a replica without a key of its own inherits its source's, which is judged for itself. */
export function encryptionChecks(database: DatabaseFact, facts: Facts): readonly Check[] {
  const { storageEncrypted, storageKey, performanceInsights, performanceInsightsKey } = database;
  const inherits = isReplica(database) && storageKey.is === 'absent';
  const insights = expectAbsent('EnablePerformanceInsights', performanceInsights, () => true, 'known or absent');
  return [
    ...(inherits
      ? [expectAbsent('StorageEncrypted', storageEncrypted, (encrypted) => encrypted, 'true or absent')]
      : [expectValue('StorageEncrypted', storageEncrypted, 'true', (encrypted) => encrypted), ...customerKeyChecks('KmsKeyId', storageKey, facts)]),
    insights,
    ...(performanceInsights.is === 'known' && performanceInsights.value
      ? customerKeyChecks('PerformanceInsightsKMSKeyId', performanceInsightsKey, facts)
      : []),
  ];
}
