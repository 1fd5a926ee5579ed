import { control } from '../control.ts';
import { customerKeyChecks } from '../encryption.ts';

/** Part of what its claim needs: a deletion is logged where only the deployment's key opens the log. */
export const logGroupsAreEncrypted = control({
  id: 'log-groups-are-encrypted',
  claims: ['HM-AUD-6'],
  promise: 'Every log group is encrypted under a customer-managed key that rotates.',
  minimum: 1,
  population: ({ logGroups }) => logGroups,
  check: ({ key }, facts) => customerKeyChecks('KmsKeyId', key, facts),
});
