import { CfnResource } from 'aws-cdk-lib';
import { snapshotsInRegion } from '../../../../posture/controls/database/snapshots-in-region.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, judging, section, set } from '../../../support/fixtures.ts';

const judge = judging(snapshotsInRegion);
const after = judgingAfter(snapshotsInRegion);
const property = 'Properties.AutomaticBackupReplicationRegion';

test('passes where no database replicates its backups', () => {
  expect(judge()).toEqual([]);
});

test('does not pass where there is no database', () => {
  expect(judge(drop('Database'))).toEqual(['empty: 0 of 1']);
});

test.each(['eu-west-1', 'eu-west-2', ''])('fails where backups are replicated to %j', (region) => {
  expect(judge(set('Database', property, region))).toEqual(['fail Database AutomaticBackupReplicationRegion']);
});

test('fails on a second database beside the first', () => {
  expect(judge(copy('Database', 'Second', { AutomaticBackupReplicationRegion: 'us-east-1' }))).toEqual([
    'fail Second AutomaticBackupReplicationRegion',
  ]);
});

test.each(['AWS::RDS::DBInstanceAutomatedBackupReplication', 'AWS::RDS::DBSnapshot', 'AWS::Backup::BackupPlan'])(
  'fails on a resource of type %s',
  (type) => {
    expect(judge(add('Other', type, {}))).toEqual(['fail Other Type']);
  },
);

test('fails where a construct is changed after it was made right', () => {
  expect(
    after(({ database }) =>
      resourceOf(database).addPropertyOverride('AutomaticBackupReplicationRegion', 'eu-west-1'),
    ),
  ).toEqual(['fail Database AutomaticBackupReplicationRegion']);
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::RDS::DBInstance', properties: { AutomaticBackupReplicationRegion: 'eu-west-1' } });
    }),
  ).toEqual(['fail Raw AutomaticBackupReplicationRegion']);
});

test.each([{ Ref: 'Region' }, { 'Fn::If': ['Copy', 'eu-west-1', { Ref: 'AWS::NoValue' }] }])('is unresolved on %j', (value) => {
  const parameter = section(DATA, 'Parameters', { Region: { Type: 'String', Default: '' } });
  expect(judge(parameter, set('Database', property, value))).toEqual(['unresolved Database AutomaticBackupReplicationRegion']);
});
