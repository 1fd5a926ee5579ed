import { factsOf } from '../../../support/assembly.ts';

const resources = {
  Key: { Type: 'AWS::KMS::Key' },
  Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/halton', TargetKeyId: { Ref: 'Key' } } },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Group: { Type: 'AWS::RDS::DBParameterGroup', Properties: { DBParameterGroupName: 'Halton-Postgres' } },
  Primary: { Type: 'AWS::RDS::DBInstance', Properties: { DBInstanceIdentifier: 'halton-hosted' } },
};

/** The facts of a database with these properties, beside the resources above. */
function database(properties: Readonly<Record<string, unknown>>) {
  const facts = factsOf({ data: { Resources: { ...resources, Db: { Type: 'AWS::RDS::DBInstance', Properties: properties } }, Parameters: { Key2: { Type: 'String' } } } });
  const found = facts.databases.find(({ logicalId }) => logicalId === 'Db');
  if (found === undefined) throw new Error('no database');
  return found;
}

test.each<[string, unknown]>([
  ['its reference', { Ref: 'Key' }],
  ['its ARN', { 'Fn::GetAtt': ['Key', 'Arn'] }],
  ['its alias', { Ref: 'Alias' }],
  ['the fixed name of its alias', 'alias/halton'],
])('a key is found by %s', (_, KmsKeyId) => {
  expect(database({ KmsKeyId }).storageKey).toEqual({ is: 'known', value: 'data/Key' });
});

test.each([
  'arn:aws:kms:eu-west-2:123456789012:key/11111111-2222-3333-4444-555555555555',
  { 'Fn::Sub': 'arn:aws:kms:eu-west-2:${AWS::AccountId}:key/11111111-2222-3333-4444-555555555555' },
  'mrk-1234567890abcdef1234567890abcdef',
  'alias/somebody-elses',
])('a literal key of nobody here is outside: %j', (KmsKeyId) => {
  expect(database({ KmsKeyId }).storageKey).toMatchObject({ is: 'outside' });
});

test('a key that AWS manages is known by its name, and is not outside', () => {
  expect(database({ KmsKeyId: 'alias/aws/rds' }).storageKey).toEqual({ is: 'known', value: 'alias/aws/rds' });
});

test.each<[string, unknown]>([
  ['a parameter', { Ref: 'Key2' }],
  ['another kind of resource', { Ref: 'Bucket' }],
  ['an attribute that is not the key', { 'Fn::GetAtt': ['Key', 'Policy'] }],
  ['a dynamic reference', '{{resolve:ssm:/halton/key}}'],
  ['a text that is no id', 'some key'],
  ['nothing at all', ''],
  ['a list', [{ Ref: 'Key' }]],
])('a key that is %s is unresolved', (_, KmsKeyId) => {
  expect(database({ KmsKeyId }).storageKey).toMatchObject({ is: 'unresolved' });
});

test('a fixed name is the resource that bears it, whatever its case', () => {
  expect(database({ DBParameterGroupName: 'halton-postgres' }).parameterGroup).toEqual({ is: 'known', value: 'data/Group' });
});

test('AWS\'s own parameter group is known by its name', () => {
  expect(database({ DBParameterGroupName: 'default.postgres17' }).parameterGroup).toEqual({ is: 'known', value: 'default.postgres17' });
});

test('a group that nobody declares is outside', () => {
  expect(database({ DBParameterGroupName: 'shared' }).parameterGroup).toMatchObject({ is: 'outside' });
});

test.each<[string, unknown]>([
  ['its reference', { Ref: 'Primary' }],
  ['an ARN put together with its reference', { 'Fn::Sub': 'arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:db:${Primary}' }],
  ['its fixed name', 'halton-hosted'],
  ['an ARN of its region', { 'Fn::Sub': 'arn:aws:rds:eu-west-2:${AWS::AccountId}:db:halton-hosted' }],
])('a replica\'s source is found by %s', (_, SourceDBInstanceIdentifier) => {
  expect(database({ SourceDBInstanceIdentifier })).toMatchObject({ replicaOf: { is: 'known', value: 'data/Primary' }, sourceRegion: { is: 'absent' } });
});

test.each<[string, unknown]>([
  ['of another account', { 'Fn::Sub': 'arn:aws:rds:eu-west-2:999999999999:db:${Primary}' }],
  ['of another region', { 'Fn::Sub': 'arn:aws:rds:us-east-1:${AWS::AccountId}:db:${Primary}' }],
  ['that is none', { 'Fn::Sub': 'copy-of-${Primary}' }],
  ['with a parameter in it', { 'Fn::Sub': 'arn:aws:rds:${Key2}:${AWS::AccountId}:db:${Primary}' }],
])('a reference behind an ARN %s is unresolved', (_, SourceDBInstanceIdentifier) => {
  expect(database({ SourceDBInstanceIdentifier }).replicaOf).toMatchObject({ is: 'unresolved' });
});

test('the same name in another account is outside', () => {
  expect(database({ SourceDBInstanceIdentifier: 'arn:aws:rds:eu-west-2:999999999999:db:halton-hosted' }).replicaOf).toMatchObject({ is: 'outside' });
});

test('a source in another region is outside, and its ARN tells the region', () => {
  const replica = database({ SourceDBInstanceIdentifier: 'arn:aws:rds:us-east-1:123456789012:db:halton-hosted' });
  expect(replica).toMatchObject({ replicaOf: { is: 'outside' }, sourceRegion: { is: 'known', value: 'us-east-1' } });
});
