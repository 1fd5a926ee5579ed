import { CfnResource } from 'aws-cdk-lib';
import { databaseEncrypted } from '../../../../posture/controls/database/database-encrypted.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, judging, section, set, unset } from '../../../support/fixtures.ts';

const judge = judging(databaseEncrypted);
const after = judgingAfter(databaseEncrypted);
const replica = (properties: Record<string, unknown>) =>
  copy('Database', 'Replica', {
    SourceDBInstanceIdentifier: { Ref: 'Database' },
    KmsKeyId: undefined,
    StorageEncrypted: undefined,
    EnablePerformanceInsights: false,
    ...properties,
  });
const customersKey = 'arn:aws:kms:eu-west-2:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';

test('passes under a rotating key of the assembly, also by its alias', () => {
  expect(judge()).toEqual([]);
  const alias = add('Alias', 'AWS::KMS::Alias', { AliasName: 'alias/database', TargetKeyId: { Ref: 'DatabaseKey' } });
  expect(judge(alias, set('Database', 'Properties.KmsKeyId', 'alias/database'))).toEqual([]);
});

test('does not pass where there is no database', () => {
  expect(judge(drop('Database'))).toEqual(['empty: 0 of 1']);
});

test('fails where storage is not encrypted', () => {
  expect(judge(set('Database', 'Properties.StorageEncrypted', 'false'))).toEqual(['fail Database StorageEncrypted']);
  expect(judge(unset('Database', 'Properties.StorageEncrypted'))).toEqual(['fail Database StorageEncrypted']);
});

test.each([undefined, 'alias/aws/rds', ''])('fails where the key is not a customer-managed one: %j', (key) => {
  expect(judge(set('Database', 'Properties.KmsKeyId', key))).toEqual([`${key === '' ? 'unresolved' : 'fail'} Database KmsKeyId`]);
});

test('fails where the key is disabled or does not rotate', () => {
  expect(judge(set('DatabaseKey', 'Properties.Enabled', false))).toEqual([
    'fail Database KmsKeyId: Enabled',
    'fail Database PerformanceInsightsKMSKeyId: Enabled',
  ]);
  expect(judge(unset('DatabaseKey', 'Properties.EnableKeyRotation'))).toEqual([
    'fail Database KmsKeyId: EnableKeyRotation',
    'fail Database PerformanceInsightsKMSKeyId: EnableKeyRotation',
  ]);
});

test('wants a key for Performance Insights only where they are on', () => {
  expect(judge(unset('Database', 'Properties.PerformanceInsightsKMSKeyId'))).toEqual(['fail Database PerformanceInsightsKMSKeyId']);
  const off = set('Database', 'Properties.EnablePerformanceInsights', false);
  expect(judge(off, unset('Database', 'Properties.PerformanceInsightsKMSKeyId'))).toEqual([]);
});

test('lets a replica inherit from a source that is judged too, and from no other', () => {
  expect(judge(replica({}))).toEqual([]);
  expect(judge(replica({ StorageEncrypted: false }))).toEqual(['fail Replica StorageEncrypted']);
  expect(judge(replica({ SourceDBInstanceIdentifier: 'a-database-elsewhere' }))).toEqual(['fail Replica SourceDBInstanceIdentifier']);
  expect(judge(replica({ StorageEncrypted: true, KmsKeyId: 'alias/aws/rds' }))).toEqual(['fail Replica KmsKeyId']);
});

test('fails on a second database beside the first', () => {
  expect(judge(copy('Database', 'Second', { KmsKeyId: undefined, StorageEncrypted: false }))).toEqual([
    'fail Second StorageEncrypted',
    'fail Second KmsKeyId',
  ]);
});

test('leaves a customer\'s own key to the live check', () => {
  expect(judge(set('Database', 'Properties.KmsKeyId', customersKey))).toEqual(['outside Database KmsKeyId']);
});

test('fails where a construct is changed after it was made right', () => {
  expect(after(({ database }) => resourceOf(database).addPropertyDeletionOverride('KmsKeyId'))).toEqual(['fail Database KmsKeyId']);
  expect(after(({ key }) => resourceOf(key).addPropertyOverride('EnableKeyRotation', false))).toEqual([
    'fail Database KmsKeyId: EnableKeyRotation',
    'fail Database PerformanceInsightsKMSKeyId: EnableKeyRotation',
  ]);
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::RDS::DBInstance' });
    }),
  ).toEqual(['fail Raw StorageEncrypted', 'fail Raw KmsKeyId']);
});

test('is unresolved where the templates do not settle encryption, key or rotation', () => {
  const parameter = section(DATA, 'Parameters', { Any: { Type: 'String', Default: 'true' } });
  const open = (logicalId: string, property: string) => judge(parameter, set(logicalId, `Properties.${property}`, { Ref: 'Any' }));
  expect(open('Database', 'StorageEncrypted')).toEqual(['unresolved Database StorageEncrypted']);
  expect(open('Database', 'KmsKeyId')).toEqual(['unresolved Database KmsKeyId']);
  expect(open('Database', 'EnablePerformanceInsights')).toEqual(['unresolved Database EnablePerformanceInsights']);
  expect(open('DatabaseKey', 'EnableKeyRotation')).toContain('unresolved Database KmsKeyId: EnableKeyRotation');
});
