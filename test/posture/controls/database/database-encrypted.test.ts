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

test('fails where the key rotates less than every year', () => {
  const period = (days: unknown) => judge(set('DatabaseKey', 'Properties.RotationPeriodInDays', days));
  expect([...period(90), ...period('365')]).toEqual([]);
  expect(period(366)).toEqual(['fail Database KmsKeyId: RotationPeriodInDays', 'fail Database PerformanceInsightsKMSKeyId: RotationPeriodInDays']);
  expect(period({ 'Fn::If': ['C', 90, 365] })).toContain('unresolved Database KmsKeyId: RotationPeriodInDays');
  expect(after(({ key }) => resourceOf(key).addPropertyOverride('RotationPeriodInDays', 2560))).toContain('fail Database KmsKeyId: RotationPeriodInDays');
});

describe('the policy of the key', () => {
  const wrong = ['fail Database KmsKeyId: KeyPolicy', 'fail Database PerformanceInsightsKMSKeyId: KeyPolicy'];
  const statement = (rest: Record<string, unknown>) => ({ Effect: 'Allow', Action: 'kms:*', Resource: '*', ...rest });
  const policy = (...statements: readonly unknown[]) => judge(set('DatabaseKey', 'Properties.KeyPolicy', { Statement: statements }));
  const root = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] };
  const bound = (value: unknown) => ({ StringEquals: { 'kms:CallerAccount': value } });

  test('may name the account, a role of the assembly and services, and deny everybody', () => {
    expect(policy(statement({ Principal: { AWS: root } }), statement({ Principal: { Service: ['logs.eu-west-2.amazonaws.com'] } }))).toEqual([]);
    expect(policy(statement({ Principal: { AWS: { Ref: 'AWS::AccountId' } } }))).toEqual([]);
    expect(judge(add('Role', 'AWS::IAM::Role', {}), set('DatabaseKey', 'Properties.KeyPolicy', { Statement: [statement({ Principal: { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } } })] }))).toEqual([]);
    expect(policy(statement({ Effect: 'Deny', Principal: '*' }))).toEqual([]);
    expect(policy(statement({ Principal: '*', Condition: bound({ Ref: 'AWS::AccountId' }) }))).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['everybody', { Principal: '*' }],
    ['everybody of any account', { Principal: { AWS: '*' } }],
    ['everybody through one service', { Principal: { AWS: '*' }, Condition: { StringEquals: { 'kms:ViaService': 'rds.eu-west-2.amazonaws.com' } } }],
    ['everybody of another account', { Principal: '*', Condition: bound('999988887777') }],
    ['everybody of this or another account', { Principal: '*', Condition: bound([{ Ref: 'AWS::AccountId' }, '999988887777']) }],
    ['all but one', { NotPrincipal: { AWS: root } }],
    ['another account', { Principal: { AWS: '999988887777' } }],
    ['a role of another account', { Principal: { AWS: [root, 'arn:aws:iam::999988887777:role/reader'] } }],
    ['somebody by an id', { Principal: { AWS: 'AIDACKCEVSQ6C2EXAMPLE' } }],
    ['a federation', { Principal: { Federated: 'accounts.example.com' } }],
  ])('may not allow %s', (_, rest) => {
    expect(policy(statement({ Principal: { AWS: root } }), statement(rest))).toEqual(wrong);
  });

  test('is unresolved where the templates do not settle it', () => {
    const open = wrong.map((line) => line.replace('fail', 'unresolved'));
    const parameter = section(DATA, 'Parameters', { Any: { Type: 'String' } });
    expect(judge(set('DatabaseKey', 'Properties.KeyPolicy', { 'Fn::If': ['C', {}, {}] }))).toEqual(open);
    expect(judge(parameter, set('DatabaseKey', 'Properties.KeyPolicy', { Statement: [statement({ Principal: { AWS: { Ref: 'Any' } } })] }))).toEqual(open);
    expect(policy(statement({}))).toEqual(open);
  });
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
