import { control, expectAbsent, expectValue } from '../control.ts';
import { isReplica, sourceCheck } from '../replicas.ts';

/** Days of point-in-time recovery, no more and no fewer. */
const WINDOW = 7;

export const backupRetention = control({
  id: 'backup-retention',
  claims: ['HM-BAK-1'],
  promise: 'Every primary keeps automated backups for exactly 7 days, and no replica keeps any of its own.',
  minimum: 1,
  population: ({ databases }) => databases,
  check: (database, facts) =>
    isReplica(database)
      ? [
          sourceCheck(database, facts),
          expectAbsent('BackupRetentionPeriod', database.backupRetention, (days) => days === 0, '0 or absent'),
        ]
      : [expectValue('BackupRetentionPeriod', database.backupRetention, String(WINDOW), (days) => days === WINDOW)],
});
