import { CfnResource } from 'aws-cdk-lib';
import { logGroupsAreEncrypted } from '../../../../posture/controls/audit/log-groups-are-encrypted.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, judging, section, SERVICE, set, unset } from '../../../support/fixtures.ts';

const judge = judging(logGroupsAreEncrypted);
const after = judgingAfter(logGroupsAreEncrypted);

test('passes under a rotating key of the assembly, of another stack or by its alias', () => {
  expect(judge()).toEqual([]);
  const alias = add('Alias', 'AWS::KMS::Alias', { AliasName: 'alias/logs', TargetKeyId: { Ref: 'SecretsKey' } });
  expect(judge(alias, set('FunctionLog', 'Properties.KmsKeyId', 'alias/logs'))).toEqual([]);
});

test('does not pass where there is no log group', () => {
  expect(judge(drop('TaskLog', 'TrailLog', 'FunctionLog', 'DatabaseLog', 'Insights', 'Function', 'Cluster'), unset('Database', 'Properties.EnableCloudwatchLogsExports'))).toEqual([`fail ${DATA} AWS::Logs::LogGroup`]);
});

test('fails on a group that AWS would make by itself, in plaintext', () => {
  expect(judge(drop('Insights'))).toEqual(['fail Cluster ClusterSettings containerInsights']);
  expect(judge(unset('Function', 'Properties.LoggingConfig'))).toEqual(['fail Function LoggingConfig.LogGroup']);
  expect(judge(set('Database', 'Properties.EnableCloudwatchLogsExports', ['upgrade']))).toEqual(['fail Database Properties.EnableCloudwatchLogsExports.0']);
  expect(judge(unset('Database', 'Properties.EnableCloudwatchLogsExports'))).toEqual([]);
});

test('fails on a log group in plaintext, however many others are encrypted', () => {
  expect(judge(unset('TaskLog', 'Properties.KmsKeyId'))).toEqual(['fail TaskLog KmsKeyId']);
  expect(judge(copy('TaskLog', 'Second', { KmsKeyId: undefined }))).toEqual(['fail Second KmsKeyId']);
  expect(judge(set('TaskLog', 'Properties.KmsKeyId', { Ref: 'AWS::NoValue' }))).toEqual(['fail TaskLog KmsKeyId']);
});

test('fails where the key is disabled or does not rotate', () => {
  expect(judge(set('LogKey', 'Properties.Enabled', false))).toContain('fail TaskLog KmsKeyId: Enabled');
  expect(judge(unset('LogKey', 'Properties.EnableKeyRotation'))).toContain('fail TaskLog KmsKeyId: EnableKeyRotation');
  expect(judge(set('LogKey', 'Properties.RotationPeriodInDays', 2560))).toContain('fail TaskLog KmsKeyId: RotationPeriodInDays');
});

test('leaves a customer\'s own key to the live check', () => {
  expect(judge(set('TaskLog', 'Properties.KmsKeyId', 'arn:aws:kms:eu-west-2:123456789012:key/01234567-89ab-cdef-0123-456789abcdef'))).toEqual(['outside TaskLog KmsKeyId']);
});

test('fails where a construct is changed after it was made right', () => {
  expect(after(({ log }) => resourceOf(log).addPropertyDeletionOverride('KmsKeyId'))).toEqual(['fail Log KmsKeyId']);
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::Logs::LogGroup' });
    }),
  ).toEqual(['fail Raw KmsKeyId']);
});

test('is unresolved where the templates do not settle the key', () => {
  const parameter = section(SERVICE, 'Parameters', { Any: { Type: 'String' } });
  expect(judge(parameter, set('TaskLog', 'Properties.KmsKeyId', { Ref: 'Any' }))).toEqual(['unresolved TaskLog KmsKeyId']);
  expect(judge(set('TaskLog', 'Condition', 'Wanted'))).toEqual(['unresolved TaskLog KmsKeyId']);
});
