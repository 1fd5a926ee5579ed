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

test.each([
  'arn:aws:scheduler:::aws-sdk:rds:modifyDBInstance',
  'arn:aws:scheduler:::aws-sdk:rds:copyDBSnapshot',
  'arn:aws:scheduler:::aws-sdk:rds:restoreDBInstanceToPointInTime',
  'arn:aws:scheduler:::aws-sdk:backup:startCopyJob',
  'arn:aws:ssm:eu-west-2::automation-definition/AWS-CreateRdsSnapshot',
  'arn:aws:ssm:eu-west-2::automation-definition/AWSSupport-ShareRDSSnapshot:1',
])('fails on a schedule or rule whose target is %s', (arn) => {
  expect(judge(add('Nightly', 'AWS::Scheduler::Schedule', { Target: { Arn: arn } }))).toEqual(['fail Nightly Properties.Target.Arn']);
  expect(judge(add('Nightly', 'AWS::Events::Rule', { Targets: [{ Id: 'x', Arn: arn }] }))).toEqual(['fail Nightly Properties.Targets.0.Arn']);
});

test('fails on a workflow that starts such a document, or that says only when it runs what it calls', () => {
  const workflow = (properties: Record<string, unknown>) => judge(add('Flow', 'AWS::StepFunctions::StateMachine', properties));
  expect(workflow({ DefinitionString: '{"Resource":"arn:aws:states:::aws-sdk:ssm:startAutomationExecution","Arguments":{"DocumentName":"AWS-CreateRdsSnapshot"}}' })).toEqual([
    'fail Flow Properties.DefinitionString',
  ]);
  expect(workflow({ DefinitionString: '{"Resource":"arn:aws:states:::aws-sdk:${service}:createDBSnapshot"}', DefinitionSubstitutions: { service: 'rds' } })).toEqual([
    'fail Flow Properties.DefinitionString',
  ]);
  expect(workflow({ DefinitionS3Location: { Bucket: 'b', Key: 'k' } })).toEqual(['unresolved Flow DefinitionS3Location']);
  expect(workflow({ DefinitionString: '{"Resource":"arn:aws:states:::aws-sdk:rds:describeDBInstances"}' })).toEqual([]);
});

test('lets an alarm look for what nothing may do', () => {
  expect(judge(add('Watch', 'AWS::Events::Rule', { EventPattern: { detail: { documentName: ['AWS-CreateRdsSnapshot'] } } }))).toEqual([]);
});

describe('the right to copy or change a database', () => {
  const allowing = (...actions: readonly string[]) => ({ Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });

  test.each(['rds:CreateDBSnapshot', 'RDS:copydbsnapshot', 'rds:StartExportTask', 'rds:*', 'rds:Create*', 'backup:*', 'backup:StartBackupJob', 'r?s:ModifyDBInstance', '*', 'rds:DeleteDBInstance'])(
    'is given to nobody: %s',
    (action) => {
      expect(judge(add('Rights', 'AWS::IAM::ManagedPolicy', { PolicyDocument: allowing('s3:GetObject', action) }))).toEqual([
        'fail Rights Properties.PolicyDocument.Statement.0.Action.1',
      ]);
    },
  );

  test('is found in inline and separate policies, in one statement or one action without a list, and in AWS\'s own policies', () => {
    const statement = { Effect: 'Allow', Action: 'rds:CreateDBSnapshot', Resource: '*' };
    expect(judge(add('Role', 'AWS::IAM::Role', { Policies: [{ PolicyDocument: { Statement: statement } }] }))).toEqual([
      'fail Role Properties.Policies.0.PolicyDocument.Statement.Action',
    ]);
    expect(judge(add('Rights', 'AWS::IAM::Policy', { PolicyDocument: { Statement: [statement] } }))).toEqual(['fail Rights Properties.PolicyDocument.Statement.0.Action']);
    expect(judge(add('Role', 'AWS::IAM::Role', { ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AmazonRDSFullAccess' }] }))).toEqual([
      'fail Role Properties.ManagedPolicyArns.0',
    ]);
    expect(judge(add('Rights', 'AWS::IAM::Policy', { PolicyDocument: { Statement: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] } }))).toEqual([
      'fail Rights Properties.PolicyDocument.Statement.0.NotAction',
    ]);
  });

  test('is neither the right to look nor a statement that denies it', () => {
    const denying = { Statement: [{ Effect: 'Deny', Action: ['rds:*', 'backup:*'], Resource: '*' }] };
    expect(judge(add('Rights', 'AWS::IAM::Policy', { PolicyDocument: denying }))).toEqual([]);
    expect(judge(add('Rights', 'AWS::IAM::Policy', { PolicyDocument: allowing('rds:Describe*', 'rds-db:connect', 'backup:ListBackupJobs') }))).toEqual([]);
    expect(judge(add('Role', 'AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole'] }))).toEqual([]);
  });
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
