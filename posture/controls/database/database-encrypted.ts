import { control } from '../control.ts';
import { encryptionChecks } from '../encryption.ts';
import { isReplica, sourceCheck } from '../replicas.ts';

export const databaseEncrypted = control({
  id: 'database-encrypted',
  claims: ['HM-KMS-1'],
  promise: 'Every database keeps its storage, and with it its backups, and its performance data under a customer-managed key that rotates.',
  minimum: 1,
  population: ({ databases }) => databases,
  check: (database, facts) => [
    ...(isReplica(database) ? [sourceCheck(database, facts)] : []),
    ...encryptionChecks(database, facts),
  ],
});
