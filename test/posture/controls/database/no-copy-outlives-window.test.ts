import { CfnResource, RemovalPolicy } from 'aws-cdk-lib';
import { noCopyOutlivesWindow } from '../../../../posture/controls/database/no-copy-outlives-window.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, judging, section, set, unset } from '../../../support/fixtures.ts';

const judge = judging(noCopyOutlivesWindow);
const after = judgingAfter(noCopyOutlivesWindow);
const policies = ['DeletionPolicy', 'UpdateReplacePolicy'];

test.each(policies)('passes where %s is Retain, Delete or RetainExceptOnCreate', (policy) => {
  for (const value of ['Retain', 'Delete', 'RetainExceptOnCreate']) expect(judge(set('Database', policy, value))).toEqual([]);
});

test.each(policies)('fails where %s is Snapshot, absent or a word that CloudFormation does not know', (policy) => {
  for (const value of ['Snapshot', undefined, 'retain']) expect(judge(set('Database', policy, value))).toEqual([`fail Database ${policy}`]);
});

test('does not pass where there is no database', () => {
  expect(judge(drop('Database'))).toEqual(['empty: 0 of 1']);
});

test.each([
  'AWS::RDS::DBSnapshot',
  'AWS::RDS::DBClusterSnapshot',
  'AWS::RDS::DBCluster',
  'AWS::RDS::GlobalCluster',
  'AWS::RDS::ExportTask',
  'AWS::RDS::Integration',
  'AWS::RDS::AThingOfTomorrow',
  'AWS::Backup::BackupPlan',
  'AWS::Backup::BackupSelection',
  'AWS::Backup::BackupVault',
  'AWS::DLM::LifecyclePolicy',
  'AWS::DMS::ReplicationTask',
  'AWS::DocDB::DBCluster',
  'AWS::Redshift::Cluster',
  'AWS::DynamoDB::Table',
  'AWS::Glue::Database',
  'AWS::Tomorrow::DatabaseInstance',
  'Custom::DatabaseExportTask',
])('fails on a resource of type %s', (type) => {
  expect(judge(add('Other', type, {}))).toEqual(['fail Other Type']);
});

test('fails on a second database beside the first', () => {
  expect(judge(copy('Database', 'Second', {}), set('Second', 'DeletionPolicy', 'Snapshot'))).toEqual(['fail Second DeletionPolicy']);
});

test('fails on a role with which Postgres exports to S3', () => {
  const roles = [{ FeatureName: 's3Export', RoleArn: 'arn:aws:iam::123456789012:role/export' }];
  expect(judge(set('Database', 'Properties.AssociatedRoles', roles))).toEqual(['fail Database Properties.AssociatedRoles.0.FeatureName']);
});

test('fails on a schedule or workflow that calls for a snapshot or an export', () => {
  const schedule = add('Nightly', 'AWS::Scheduler::Schedule', { Target: { Arn: 'arn:aws:scheduler:::aws-sdk:rds:createDBSnapshot' } });
  expect(judge(schedule)).toEqual(['fail Nightly Properties.Target.Arn']);
  const definition = { 'Fn::Join': ['', ['{"Resource":"arn:', { Ref: 'AWS::Partition' }, ':states:::aws-sdk:rds:startExportTask"}']] };
  expect(judge(add('Snapshot', 'AWS::StepFunctions::StateMachine', { Definition: { Resource: 'arn:aws:states:::aws-sdk:rds:createDbSnapshot' } }))).toEqual([
    'fail Snapshot Properties.Definition.Resource',
  ]);
  expect(judge(add('Export', 'AWS::StepFunctions::StateMachine', { DefinitionString: definition }))).toEqual(['fail Export Properties.DefinitionString']);
});

test('fails where a construct is changed after it was made right', () => {
  const both = policies.map((policy) => `fail Database ${policy}`);
  expect(after(({ database }) => database.applyRemovalPolicy(RemovalPolicy.SNAPSHOT))).toEqual(both);
  expect(
    after(({ database }) => {
      for (const policy of policies) resourceOf(database).addDeletionOverride(policy);
    }),
  ).toEqual(both);
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Vault', { type: 'AWS::Backup::BackupVault' });
    }),
  ).toEqual(['fail Vault Type']);
});

test('is unresolved where a policy is not settled', () => {
  const parameter = section(DATA, 'Parameters', { Policy: { Type: 'String', Default: 'Retain' } });
  expect(judge(parameter, set('Database', 'DeletionPolicy', { Ref: 'Policy' }))).toEqual(['unresolved Database DeletionPolicy']);
  expect(judge(set('Database', 'UpdateReplacePolicy', { 'Fn::If': ['Keep', 'Retain', 'Snapshot'] }))).toEqual(['unresolved Database UpdateReplacePolicy']);
  expect(judge(unset('Database', 'DeletionPolicy'), set('Database', 'Condition', 'Wanted'))).toEqual(['fail Database DeletionPolicy']);
});
