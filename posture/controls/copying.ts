import type { TextFact } from '../facts/facts.ts';
import type { Check } from './control.ts';
import { actionsThatMayAllow } from './statements.ts';

/** What reads and changes nothing, as IAM and the SDKs begin such names. */
const READING = '(?:describe|list|get|view|download)';

/**
 * A call of RDS or AWS Backup from a workflow or a schedule, which name AWS APIs in this form, other than one that
 * reads; and one whose service or action is put in only when it runs.
 */
const CALL = new RegExp(`aws-sdk:(?:(?:rds|backup):(?!${READING})[A-Za-z]*|(?:[A-Za-z]+:)?[^"'\\s:]*\\$\\{[^}]*\\}[A-Za-z]*)`, 'i');

/** A document of Systems Manager that AWS keeps and that works on databases or their backups. */
const DOCUMENT = /(?<![A-Za-z])AWS(?:[A-Z][A-Za-z]*)?-[A-Za-z]*(?:R[Dd][Ss]|Aurora|DB(?:Instance|Cluster|Snapshot)|Backup)[A-Za-z]*/;

/** Where a text names what happened or what to look for, and calls nothing. */
const DESCRIPTION = /^(?:Metadata|Properties\.(?:Description|EventPattern|FilterPattern))(?:\.|$)/;

/** The calls by which a schedule, rule or workflow would copy a database or change it. */
export function copyingCall({ path, text }: TextFact): string | undefined {
  if (DESCRIPTION.test(path)) return undefined;
  return ((text.includes('aws-sdk:') ? CALL.exec(text) : null) ?? (text.includes('AWS') ? DOCUMENT.exec(text) : null))?.[0];
}

/** Stands for all of them where an action is written with wildcards. */
const COPYING = [
  'rds:AddRoleToDBInstance',
  'rds:CopyDBClusterSnapshot',
  'rds:CopyDBSnapshot',
  'rds:CreateBlueGreenDeployment',
  'rds:CreateDBInstance',
  'rds:CreateDBInstanceReadReplica',
  'rds:CreateDBSnapshot',
  'rds:CreateIntegration',
  'rds:ModifyDBInstance',
  'rds:ModifyDBSnapshotAttribute',
  'rds:RestoreDBInstanceFromDBSnapshot',
  'rds:RestoreDBInstanceToPointInTime',
  'rds:StartDBInstanceAutomatedBackupsReplication',
  'rds:StartExportTask',
  'backup:CreateBackupPlan',
  'backup:CreateBackupSelection',
  'backup:StartBackupJob',
  'backup:StartCopyJob',
  'backup:StartRestoreJob',
];
const CHANGING_ACTION = new RegExp(`^(?:rds|backup):(?!${READING})`, 'i');

/** The managed policies of AWS that allow one of those. */
const WIDE_POLICY =
  /^arn:aws[\w-]*:iam::aws:policy\/(?:[\w-]+\/)*(?:AdministratorAccess[\w-]*|PowerUserAccess|DatabaseAdministrator|SystemAdministrator|AmazonRDS(?!EnhancedMonitoring)\w*(?:Full|Data)\w*|AWSBackup\w*)$/;

/** What the statements of a role or policy, whose texts these are, allow of it; a statement that denies allows nothing. */
export function copyingRights(own: readonly TextFact[]): readonly { readonly property: string; readonly observed: string }[] {
  const denied = new Set(own.filter(({ path, text }) => path.endsWith('.Effect') && text === 'Deny').map(({ path }) => path.slice(0, -'.Effect'.length)));
  return own.flatMap(({ type, path, text }) => {
    if (!type.startsWith('AWS::IAM::')) return [];
    const [, statement = '', key] = /^(.+)\.(Action|NotAction)(?:\.\d+)?$/.exec(path) ?? [];
    const isWide = key === undefined ? path.startsWith('Properties.ManagedPolicyArns.') && WIDE_POLICY.test(text) : !denied.has(statement) && allows(key, text);
    return isWide ? [{ property: path, observed: text }] : [];
  });
}

/** What a statement does not name with `NotAction` it allows. */
const allows = (key: string, action: string): boolean =>
  key === 'NotAction' || CHANGING_ACTION.test(action) || (/[*?]/.test(action) && actionsThatMayAllow([action], COPYING).length > 0);

/** Checks that the definition of a workflow, whose texts these are, stands in the template, where it can be read. */
export function definitionChecks(own: readonly TextFact[]): readonly Check[] {
  const elsewhere = own.find((text) => text.path.startsWith('Properties.DefinitionS3Location.'));
  if (elsewhere === undefined) return [];
  return [{ property: 'DefinitionS3Location', expected: 'a definition in the template', observed: 'one that lies in S3', outcome: 'unresolved' }];
}
