import { CfnResource } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { secretsAreSecureStrings } from '../../../../posture/controls/secrets/secrets-are-secure-strings.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, judging, section, set, unset } from '../../../support/fixtures.ts';

const judge = judging(secretsAreSecureStrings);
const after = judgingAfter(secretsAreSecureStrings);
const listed = ['fernet/keys', 'webhooks/signing-secret', 'clerk/secret-key', 'clerk/webhook-signing-secret'];
const keeping = (names: readonly string[]) => set('Secrets', 'Properties.Parameters', [...names, 'database/master-password'].map((Name) => ({ Name, Source: 'generated' })));
const customersKey = 'arn:aws:kms:eu-west-2:123456789012:key/01234567-89ab-cdef-0123-456789abcdef';

test('passes where every secret that a deployment needs is kept under a rotating key', () => {
  expect(judge()).toEqual([]);
  expect(judge(keeping([...listed, 'one/more']))).toEqual([]);
});

test.each(listed)('fails where %s is missing', (name) => {
  expect(judge(keeping(listed.filter((other) => other !== name)))).toEqual([`fail ${DATA} ${name}`]);
});

test('fails where the database URL or all of the others are missing', () => {
  expect(judge(drop('Url'))).toEqual([`fail ${DATA} database/url`]);
  expect(judge(drop('Secrets'))).toHaveLength(listed.length + 1);
  expect(judge(set('Secrets', 'Properties.Parameters', []))).toHaveLength(listed.length + 1);
  expect(judge(set('Secrets', 'Type', 'Custom::Something'))).toHaveLength(listed.length + 1);
});

test.each(['AWS::SSM::Parameter', 'AWS::SecretsManager::Secret', 'AWS::SecretsManager::SecretTargetAttachment', 'AWS::SecretsManager::RotationSchedule'])(
  'fails on a resource of type %s',
  (type) => {
    expect(judge(add('Other', type, { Type: 'SecureString', Value: 'x' }))).toEqual(['fail Other Type']);
  },
);

test.each([undefined, 'alias/aws/ssm'])('fails where the key is %j', (key) => {
  expect(judge(set('Url', 'Properties.KeyArn', key))).toEqual(['fail Url KeyArn']);
});

test('fails where the key is disabled or does not rotate', () => {
  expect(judge(set('SecretsKey', 'Properties.Enabled', 'false'))).toContain('fail Url KeyArn: Enabled');
  expect(judge(unset('SecretsKey', 'Properties.EnableKeyRotation'))).toContain('fail Secrets KeyArn: EnableKeyRotation');
});

test('fails on a parameter without a name', () => {
  expect(judge(set('Secrets', 'Properties.Parameters.6', { Source: 'generated' }))).toEqual(['fail Secrets Name']);
});

test.each(['Secrets', 'Url'])('fails where no function of the assembly answers for %s', (logicalId) => {
  const token = (value: unknown) => judge(set(logicalId, 'Properties.ServiceToken', value));
  expect(token('arn:aws:lambda:eu-west-2:999988887777:function:elsewhere')).toEqual([`fail ${logicalId} ServiceToken`]);
  expect(token({ 'Fn::GetAtt': ['SecretsKey', 'Arn'] })).toEqual([`fail ${logicalId} ServiceToken`]);
  expect(token({ 'Fn::If': ['C', { 'Fn::GetAtt': ['Function', 'Arn'] }, 'x'] })).toEqual([`fail ${logicalId} ServiceToken`]);
  expect(token(undefined)).toEqual([`fail ${logicalId} ServiceToken`]);
});

test('judges who answers for the operator\'s secrets too', () => {
  expect(judge(add('Operator', 'Custom::OperatorSecrets', { ServiceToken: 'arn:aws:sns:eu-west-2:999988887777:topic' }))).toEqual(['fail Operator ServiceToken']);
});

test.each([
  '/halton/hosted/database/another-password',
  '/halton/other/database/master-password',
  '/database/master-password',
  'database/master-password',
])('fails where the master password is %s, which the deployment does not keep', (name) => {
  expect(judge(set('Database', 'Properties.MasterUserPassword', `{{resolve:ssm-secure:${name}}}`))).toEqual(['fail Database MasterUserPassword']);
});

test('wants a master password of every primary and none of a replica', () => {
  expect(judge(set('Database', 'Properties.MasterUserPassword', '{{resolve:ssm-secure:/halton/hosted/database/master-password:2}}'))).toEqual([]);
  expect(judge(unset('Database', 'Properties.MasterUserPassword'))).toEqual(['fail Database MasterUserPassword']);
  expect(judge(copy('Database', 'Second', { MasterUserPassword: 'hunter2' }))).toEqual(['fail Second MasterUserPassword']);
  expect(judge(copy('Database', 'Replica', { MasterUserPassword: undefined, SourceDBInstanceIdentifier: { Ref: 'Database' } }))).toEqual([]);
});

test('fails where the key of the secrets is open to another account', () => {
  const statement = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', Principal: { AWS: 'arn:aws:iam::999988887777:root' } };
  expect(judge(set('SecretsKey', 'Properties.KeyPolicy', { Statement: [statement] }))).toContain('fail Url KeyArn: KeyPolicy');
});

test('leaves a customer\'s own key to the live check', () => {
  expect(judge(set('Url', 'Properties.KeyArn', customersKey))).toEqual(['outside Url KeyArn']);
});

test('fails where a construct is changed after it was made right', () => {
  expect(after(({ secrets }) => resourceOf(secrets).addPropertyDeletionOverride('Parameters'))).toHaveLength(listed.length + 1);
  expect(after(({ url }) => resourceOf(url).addPropertyOverride('KeyArn', 'alias/aws/ssm'))).toEqual(['fail Url KeyArn']);
  expect(
    after((_, stack) => {
      new StringParameter(stack, 'Plain', { stringValue: 'x' });
      new CfnResource(stack, 'Raw', { type: 'AWS::SecretsManager::Secret' });
    }),
  ).toEqual(['fail Plain Type', 'fail Raw Type']);
});

test('is unresolved where the templates do not settle names or keys', () => {
  const parameter = section(DATA, 'Parameters', { Any: { Type: 'String' } });
  expect(judge(parameter, set('Url', 'Properties.KeyArn', { Ref: 'Any' }))).toEqual(['unresolved Url KeyArn']);
  expect(judge(parameter, set('Secrets', 'Properties.Parameters.6', { Name: { Ref: 'Any' }, Source: 'generated' }))).toEqual(['unresolved Secrets Name']);
  expect(judge(set('Secrets', 'Properties.Parameters', { 'Fn::If': ['C', [], []] }))).toContain('unresolved Secrets Name');
});
