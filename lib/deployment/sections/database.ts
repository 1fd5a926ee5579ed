import { z } from 'zod';
import type { Refusal } from '../problems.ts';
import { INSTANCE_CLASS_FORM, judgeInstanceClass } from '../instance-class.ts';
import { BACKUP_WINDOW_FORM, judgeBackupWindow, judgeMaintenanceWindow, MAINTENANCE_WINDOW_FORM } from '../windows.ts';
import { flag, text } from './fields.ts';

/** Smallest gp3 volume of RDS for PostgreSQL, in GiB (CreateDBInstance, AllocatedStorage). */
const SMALLEST_STORAGE = 20;

/** Largest gp3 volume of RDS for PostgreSQL, in GiB (CreateDBInstance, AllocatedStorage). */
export const LARGEST_STORAGE = 65_536;

/** Refuses what cannot be a path; whether anything is there, reading it shows. */
function judgePath(path: string): readonly Refusal[] {
  if (/^[^\0\r\n]+$/.test(path)) return [];
  return [{ expected: 'the path of a file, on one line', mend: 'write where the file lies, seen from this one' }];
}

const storage = () =>
  z
    .number('a whole number of GiB')
    .min(SMALLEST_STORAGE, { error: `at least ${SMALLEST_STORAGE} GiB, the smallest gp3 volume of RDS for PostgreSQL`, abort: true })
    .max(LARGEST_STORAGE, { error: `at most ${LARGEST_STORAGE} GiB, the largest gp3 volume of RDS for PostgreSQL`, abort: true })
    .int('a whole number of GiB');

export const databaseSection = z
  .strictObject({
    instanceClass: text('an instance class of RDS', judgeInstanceClass).default('db.m7g.large').meta({
      description: 'Instance class of the database, its standby and its replica.',
      pattern: INSTANCE_CLASS_FORM.source,
    }),
    allocatedStorageGib: storage().default(100).meta({ description: 'Storage to begin with, in GiB of gp3. It can grow and never shrink.' }),
    maxAllocatedStorageGib: storage().default(500).meta({
      description: 'How far RDS may grow the storage by itself, in GiB: at least 110 % of allocatedStorageGib.',
    }),
    backupRetentionDays: z
      .literal(7, 'exactly 7, since backups are promised to be kept for exactly 7 days (HM-BAK-1)')
      .default(7)
      .meta({ description: 'Days that automated backups are kept, and how far back a restore to a point in time reaches. No other number keeps the promise HM-BAK-1.' }),
    backupWindow: text('a daily window of the form hh:mm-hh:mm', judgeBackupWindow).default('02:00-03:00').meta({
      description: 'Daily window in which backups begin, in UTC, at least 30 minutes. It may run over midnight.',
      pattern: BACKUP_WINDOW_FORM.source,
    }),
    maintenanceWindow: text('a weekly window of the form ddd:hh:mm-ddd:hh:mm', judgeMaintenanceWindow).default('sun:03:30-sun:04:30').meta({
      description: 'Weekly window for minor engine upgrades and other maintenance, in UTC, at least 30 minutes and apart from the backup window.',
      pattern: MAINTENANCE_WINDOW_FORM.source,
    }),
    certificates: text('the path of a file', judgePath).optional().meta({
      description:
        "Path, seen from this file, of the root certificates from which RDS certifies databases in the region, as AWS publishes them: https://truststore.pki.rds.amazonaws.com/REGION/REGION-bundle.pem, for GovCloud https://truststore.pki.us-gov-west-1.rds.amazonaws.com/REGION/REGION-bundle.pem. The service trusts these instead of those that it brings along, and it brings none along for some regions.",
    }),
    readReplica: flag().meta({ description: 'Adds a read replica in the same region; it keeps no backups of its own.' }),
  })
  .meta({ description: 'RDS for PostgreSQL 17, Multi-AZ.' });
