import { backupRetention } from '../../../../posture/controls/database/backup-retention.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { copy, DATA, drop, judging, section, set, unset } from '../../../support/fixtures.ts';

const judge = judging(backupRetention);
const after = judgingAfter(backupRetention);
const replica = (properties: Record<string, unknown>) => copy('Database', 'Replica', { SourceDBInstanceIdentifier: { Ref: 'Database' }, ...properties });

test('passes on 7 days, written as a number or as text', () => {
  expect(judge()).toEqual([]);
  expect(judge(set('Database', 'Properties.BackupRetentionPeriod', '7'))).toEqual([]);
});

test.each([0, 1, 6, 8, 35, '8', -7])('fails on %j days', (days) => {
  expect(judge(set('Database', 'Properties.BackupRetentionPeriod', days))).toEqual(['fail Database BackupRetentionPeriod']);
});

test('fails where no period is given, since RDS then keeps a single day', () => {
  expect(judge(unset('Database', 'Properties.BackupRetentionPeriod'))).toEqual(['fail Database BackupRetentionPeriod']);
});

test('does not pass where there is no database', () => {
  expect(judge(drop('Database'))).toEqual(['empty: 0 of 1']);
});

test('wants a replica to keep no backups of its own', () => {
  expect(judge(replica({ BackupRetentionPeriod: 0 }))).toEqual([]);
  expect(judge(replica({ BackupRetentionPeriod: undefined }))).toEqual([]);
  expect(judge(replica({ BackupRetentionPeriod: 7 }))).toEqual(['fail Replica BackupRetentionPeriod']);
});

test('does not take a replica of nothing for a reason to keep no backups', () => {
  const elsewhere = { SourceDBInstanceIdentifier: 'a-database-elsewhere', BackupRetentionPeriod: 0 };
  expect(judge(replica(elsewhere), drop('Database'))).toEqual(['fail Replica SourceDBInstanceIdentifier']);
  const itself = { SourceDBInstanceIdentifier: { Ref: 'Replica' }, BackupRetentionPeriod: 0 };
  expect(judge(replica(itself))).toEqual(['fail Replica SourceDBInstanceIdentifier']);
});

test('fails where a construct is changed after it was made right', () => {
  const wrong = ['fail Database BackupRetentionPeriod'];
  expect(after(({ database }) => resourceOf(database).addPropertyOverride('BackupRetentionPeriod', 8))).toEqual(wrong);
  expect(after(({ database }) => resourceOf(database).addPropertyDeletionOverride('BackupRetentionPeriod'))).toEqual(wrong);
});

test.each([{ Ref: 'Days' }, { 'Fn::If': ['Long', 8, 7] }, '7 days'])('is unresolved on %j', (value) => {
  const parameter = section(DATA, 'Parameters', { Days: { Type: 'Number', Default: 7 } });
  expect(judge(parameter, set('Database', 'Properties.BackupRetentionPeriod', value))).toEqual(['unresolved Database BackupRetentionPeriod']);
});

test('is unresolved where nobody can tell whether a database is a replica', () => {
  const open = replica({ SourceDBInstanceIdentifier: { 'Fn::If': ['Replica', 'x', { Ref: 'AWS::NoValue' }] }, BackupRetentionPeriod: 0 });
  expect(judge(open)).toEqual(['unresolved Replica SourceDBInstanceIdentifier']);
});
