import { z } from 'zod';
import { CIDR_FORM, judgeCidr } from './cidr.ts';
import { INSTANCE_CLASS_FORM, judgeInstanceClass } from './instance-class.ts';
import { ACCOUNT_FORM, judgeAccount, judgeName, LONGEST_NAME, NAME_FORM, SHORTEST_NAME } from './names.ts';
import type { Refusal } from './problems.ts';
import { judgeRegion, SUPPORTED_REGIONS } from './regions.ts';
import { BACKUP_WINDOW_FORM, judgeBackupWindow, judgeMaintenanceWindow, MAINTENANCE_WINDOW_FORM } from './windows.ts';
import { FEWEST_ZONES, judgeZone, judgeZoneList, MOST_ZONES, ZONE_FORM } from './zones.ts';

/** Smallest gp3 volume of RDS for PostgreSQL, in GiB (CreateDBInstance, AllocatedStorage). */
const SMALLEST_STORAGE = 20;

/** Largest gp3 volume of RDS for PostgreSQL, in GiB (CreateDBInstance, AllocatedStorage). */
export const LARGEST_STORAGE = 65_536;

/** A piece of text that `judge` refuses or lets pass. */
const text = (what: string, judge: (value: string) => readonly Refusal[]) =>
  z.string(`${what}, as text`).superRefine((value, context) => {
    for (const { expected, mend } of judge(value)) context.addIssue({ code: 'custom', message: expected, params: { mend } });
  });

const flag = () => z.boolean('true or false').default(false);

const storage = () =>
  z
    .number('a whole number of GiB')
    .min(SMALLEST_STORAGE, { error: `at least ${SMALLEST_STORAGE} GiB, the smallest gp3 volume of RDS for PostgreSQL`, abort: true })
    .max(LARGEST_STORAGE, { error: `at most ${LARGEST_STORAGE} GiB, the largest gp3 volume of RDS for PostgreSQL`, abort: true })
    .int('a whole number of GiB');

const zones = z
  .array(text('the name of an availability zone', judgeZone).meta({ pattern: ZONE_FORM.source }), 'a list of availability zones')
  .superRefine((names, context) => {
    for (const { index, expected, mend } of judgeZoneList(names)) {
      context.addIssue({ code: 'custom', path: index === undefined ? [] : [index], message: expected, params: { mend } });
    }
  });

export const networkSection = z
  .strictObject({
    cidr: text('an IPv4 range in CIDR notation', judgeCidr).default('10.40.0.0/16').meta({
      description:
        'Private IPv4 range of the VPC, /16 to /20. It cannot be changed once deployed, so keep it apart from the ranges of networks that will be peered with it.',
      pattern: CIDR_FORM.source,
    }),
    availabilityZones: zones.meta({
      description: `The availability zones to spread over, ${FEWEST_ZONES} to ${MOST_ZONES} of the region, by name. They are written here so that synthesis never asks the account.`,
      minItems: FEWEST_ZONES,
      maxItems: MOST_ZONES,
    }),
  })
  .meta({ description: 'The VPC.' });

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
    readReplica: flag().meta({ description: 'Adds a read replica in the same region; it keeps no backups of its own.' }),
  })
  .meta({ description: 'RDS for PostgreSQL 17, Multi-AZ.' });

export const dangerSection = z
  .strictObject({
    disableDeletionProtection: flag().meta({ description: 'Lifts the protection that makes AWS refuse to delete the database.' }),
    deleteDatabaseOnDestroy: flag().meta({
      description: 'Deletes the database and its backups with the stack, without a last snapshot. Left off, the database stays in the account when its stack goes.',
    }),
    deleteSecretsOnDestroy: flag().meta({
      description: 'Deletes the secrets of the deployment with the stack, Fernet keys included. Left off, they stay, encrypted, below /halton/NAME/.',
    }),
  })
  .meta({ description: 'What can destroy data. Every option here is off unless the file turns it on.' });

/**
 * The deployment file. Its types, the JSON Schema for editors and the reference table all come from here; what no
 * field can tell alone is in contradictions.ts.
 */
export const deploymentSchema = z
  .strictObject({
    name: text('the name of the deployment', judgeName).meta({
      description: 'Name of the deployment and of its file. Stacks are called halton-NAME-network and so on, and secrets live below /halton/NAME/; another name is another deployment.',
      pattern: NAME_FORM.source,
      minLength: SHORTEST_NAME,
      maxLength: LONGEST_NAME,
    }),
    kind: z.enum(['hosted', 'enterprise'], 'hosted or enterprise').meta({
      description: "`hosted` is Halton's own deployment and has to be in eu-west-2; `enterprise` is a customer's, in an account and region of their own.",
    }),
    region: text('the name of a region', judgeRegion).meta({
      description: 'The one region that everything is in: any commercial or GovCloud region.',
      enum: SUPPORTED_REGIONS,
    }),
    account: text('the 12 digits of an AWS account id', judgeAccount).optional().meta({
      description: 'Id of the account to deploy to, in quotes. Left out, it is the account of whoever deploys; written down, a deployment with credentials of another account is refused.',
      pattern: ACCOUNT_FORM.source,
    }),
    network: networkSection,
    database: databaseSection.prefault({}),
    danger: dangerSection.prefault({}),
  })
  .meta({ title: 'Halton deployment', description: 'One deployment of Halton Meter Cloud on AWS.' });

/** A deployment as its file describes it, with every default filled in. */
export type Deployment = z.output<typeof deploymentSchema>;
