import { factsOf } from '../../../support/assembly.ts';

function bucket(properties: unknown) {
  const [found] = factsOf({ data: { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: properties } } } }).buckets;
  if (found === undefined) throw new Error('no bucket');
  return found;
}

const versioned = { VersioningConfiguration: { Status: 'Enabled' } };
const rules = (...Rules: unknown[]) => ({ LifecycleConfiguration: { Rules } });
const expires = { Status: 'Enabled', ExpirationInDays: 6 };
const forgets = { Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 1 } };

const locks = (Mode: unknown, rest: unknown = {}) =>
  bucket({ ObjectLockEnabled: true, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Days: 1, Mode } } }, ...(rest as object) }).lockMode;

test('a bucket that locks every object says how', () => {
  expect(locks('COMPLIANCE')).toEqual({ is: 'known', value: 'COMPLIANCE' });
  expect(locks({ Ref: 'Mode' })).toMatchObject({ is: 'unresolved' });
});

test('a bucket says for how long, in days or years', () => {
  const lasting = (DefaultRetention: unknown) => bucket({ ObjectLockConfiguration: { Rule: { DefaultRetention } } }).lockDays;
  expect(lasting({ Days: 30 })).toEqual({ is: 'known', value: 30 });
  expect(lasting({ Years: 2 })).toEqual({ is: 'known', value: 730 });
  expect(lasting({ Mode: 'COMPLIANCE' })).toEqual({ is: 'absent' });
  expect(lasting({ Days: { Ref: 'Days' } })).toMatchObject({ is: 'unresolved' });
});

test('a bucket has the statements of its own policy, and of one that may be its one that nobody knows', () => {
  const policyOf = (Bucket: unknown) => {
    const Policy = { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket, PolicyDocument: { Statement: { Effect: 'Deny', Action: 's3:*' } } } };
    const { buckets } = factsOf({ data: { Resources: { Bucket: { Type: 'AWS::S3::Bucket' }, Other: { Type: 'AWS::S3::Bucket' }, Policy } } });
    return buckets.map(({ policy }) => policy);
  };
  expect(policyOf({ Ref: 'Bucket' })).toMatchObject([[{ id: 'data/Policy', path: 'PolicyDocument.Statement', effect: { value: 'Deny' } }], []]);
  const open = [{ id: 'data/Policy', path: 'Bucket', effect: { is: 'unresolved' } }];
  expect(policyOf({ Ref: 'Any' })).toMatchObject([open, open]);
  const theirs = [{ effect: { is: 'outside' } }];
  expect(policyOf('a-bucket-elsewhere')).toMatchObject([theirs, theirs]);
});

test('a bucket without a lock, with one that is off, or with one that holds nothing by default locks none', () => {
  expect(bucket({}).lockMode).toEqual({ is: 'absent' });
  expect(locks('COMPLIANCE', { ObjectLockEnabled: false })).toEqual({ is: 'absent' });
  expect(locks('COMPLIANCE', { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } })).toEqual({ is: 'absent' });
  expect(bucket({ ObjectLockEnabled: true, ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE' } } } }).lockMode).toEqual({ is: 'absent' });
});

describe('the retention of a bucket', () => {
  test.each<[string, unknown, number]>([
    ['without versions is its expiry', rules(expires), 6],
    ['with versions is the current one\'s and then the noncurrent one\'s', { ...versioned, ...rules({ ...expires, ...forgets }) }, 7],
    ['can come from two rules', { ...versioned, ...rules(expires, forgets) }, 7],
    ['is the shortest that holds for all', rules(expires, { ...expires, ExpirationInDays: '3' }), 3],
    ['goes on under a suspended versioning', { VersioningConfiguration: { Status: 'Suspended' }, ...rules({ ...expires, ...forgets }) }, 7],
    ['is read from the older property too', { ...versioned, ...rules({ ...expires, NoncurrentVersionExpirationInDays: 2 }) }, 8],
    ['lasts as long as the lock', { ...versioned, ...rules({ ...expires, ...forgets }), ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: 400 } } } }, 400],
    ['counts a lock\'s years', { ...rules(expires), ObjectLockConfiguration: { Rule: { DefaultRetention: { Years: 2 } } } }, 730],
    ['takes an empty prefix for every object', rules({ ...expires, Prefix: '' }), 6],
  ])('%s', (_, properties, days) => {
    expect(bucket(properties).retention).toEqual({ is: 'known', value: days });
  });

  test.each<[string, unknown]>([
    ['no rule is there', {}],
    ['its only rule is disabled', rules({ ...expires, Status: 'Disabled' })],
    ['its only rule is for a prefix', rules({ ...expires, Prefix: 'logs/' })],
    ['its only rule is for a tag', rules({ ...expires, TagFilters: [{ Key: 'a', Value: 'b' }] })],
    ['its only rule is for large objects', rules({ ...expires, ObjectSizeGreaterThan: 100 })],
    ['noncurrent versions stay', { ...versioned, ...rules(expires) }],
    ['current versions stay', { ...versioned, ...rules(forgets) }],
    ['the newest noncurrent versions are spared', { ...versioned, ...rules({ ...expires, NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 3 } }) }],
    ['a date ends it once', rules({ Status: 'Enabled', ExpirationDate: '2030-01-01' })],
  ])('is absent where %s', (_, properties) => {
    expect(bucket(properties).retention).toEqual({ is: 'absent' });
  });

  test.each<[string, unknown]>([
    ['the days are a parameter', rules({ ...expires, ExpirationInDays: { Ref: 'Days' } })],
    ['the rules are under a condition', { LifecycleConfiguration: { Rules: { 'Fn::If': ['a', [expires], []] } } }],
    ['the prefix is a parameter', rules({ ...expires, Prefix: { Ref: 'Prefix' } })],
    ['a rule has no status', rules({ ExpirationInDays: 6 })],
    ['a rule is no object', rules('expire')],
    ['the lock is a parameter', { ...rules(expires), ObjectLockConfiguration: { Rule: { DefaultRetention: { Days: { Ref: 'Days' } } } } }],
    ['the versioning is a parameter', { VersioningConfiguration: { Status: { Ref: 'Status' } }, ...rules(expires, forgets) }],
    ['the lifecycle is a text', { LifecycleConfiguration: 'short' }],
  ])('is unresolved where %s', (_, properties) => {
    expect(bucket(properties).retention).toMatchObject({ is: 'unresolved' });
  });
});

test('a bucket replicates as soon as it has any rule, disabled or not', () => {
  const replicating = { ReplicationConfiguration: { Role: 'arn:aws:iam::123456789012:role/r', Rules: [{ Status: 'Disabled' }] } };
  expect(bucket(replicating).replicates).toEqual({ is: 'known', value: true });
  expect(bucket({}).replicates).toEqual({ is: 'known', value: false });
  expect(bucket({ ReplicationConfiguration: { 'Fn::If': ['a', {}, {}] } }).replicates).toMatchObject({ is: 'unresolved' });
  expect(bucket({ ReplicationConfiguration: 'yes' }).replicates).toMatchObject({ is: 'unresolved' });
});

test.each<[string, unknown, unknown]>([
  ['is its value', [{ Key: 'a', Value: 'b' }, { Key: 'halton:workspace-data', Value: 'no' }], { is: 'known', value: 'no' }],
  ['is absent where another is', [{ Key: 'a', Value: 'b' }], { is: 'absent' }],
  ['is unresolved where two contradict', ['yes', 'no'].map((Value) => ({ Key: 'halton:workspace-data', Value })), { is: 'unresolved' }],
  ['is unresolved without a value', [{ Key: 'halton:workspace-data' }], { is: 'unresolved' }],
  ['is unresolved where a key is a parameter', [{ Key: { Ref: 'Key' }, Value: 'b' }], { is: 'unresolved' }],
  ['is unresolved where the tags are an object', { 'halton:workspace-data': 'no' }, { is: 'unresolved' }],
  ['is unresolved where a tag is no object', ['halton:workspace-data'], { is: 'unresolved' }],
])('the tag %s', (_, Tags, expected) => {
  expect(bucket({ Tags }).workspaceData).toMatchObject(expected as object);
});

test('a log group has a name, a key and days', () => {
  const { logGroups } = factsOf({
    data: {
      Resources: {
        Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: 'true' } },
        Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/rds/a', KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] }, RetentionInDays: '7' } },
        Bare: { Type: 'AWS::Logs::LogGroup' },
      },
    },
  });
  expect(logGroups).toMatchObject([
    { name: { value: '/aws/rds/a' }, key: { value: 'data/Key' }, retention: { value: 7 }, workspaceData: { is: 'absent' } },
    { name: { is: 'absent' }, key: { is: 'absent' }, retention: { is: 'absent' } },
  ]);
});

test('a key says what it is for and how often it rotates', () => {
  const Properties = { EnableKeyRotation: true, RotationPeriodInDays: '90', KeyUsage: 'SIGN_VERIFY' };
  const { keys } = factsOf({ data: { Resources: { Key: { Type: 'AWS::KMS::Key', Properties }, Bare: { Type: 'AWS::KMS::Key' } } } });
  expect(keys).toMatchObject([
    { rotates: { value: true }, rotationPeriod: { value: 90 }, usage: { value: 'SIGN_VERIFY' } },
    { rotates: { is: 'absent' }, rotationPeriod: { is: 'absent' }, usage: { is: 'absent' } },
  ]);
});

test('a replica key is one of several by its type', () => {
  const { keys } = factsOf({ data: { Resources: { Key: { Type: 'AWS::KMS::Key', Properties: { MultiRegion: 'false' } }, Replica: { Type: 'AWS::KMS::ReplicaKey' } } } });
  expect(keys.map(({ multiRegion }) => multiRegion)).toEqual([
    { is: 'known', value: false },
    { is: 'known', value: true },
  ]);
});
