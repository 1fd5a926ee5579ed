import { factsOf } from '../../../support/assembly.ts';

const trailOf = (Properties: Readonly<Record<string, unknown>>) =>
  factsOf({
    audit: {
      Resources: {
        Key: { Type: 'AWS::KMS::Key' },
        Bucket: { Type: 'AWS::S3::Bucket' },
        Log: { Type: 'AWS::Logs::LogGroup' },
        Role: { Type: 'AWS::IAM::Role' },
        Trail: { Type: 'AWS::CloudTrail::Trail', Properties },
      },
    },
  }).trails[0];

test('a trail says what it records, under which key and where to', () => {
  const trail = trailOf({
    IsLogging: true,
    IsMultiRegionTrail: 'true',
    EnableLogFileValidation: false,
    KMSKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] },
    S3BucketName: { Ref: 'Bucket' },
    S3KeyPrefix: 'trail',
    CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['Log', 'Arn'] },
    CloudWatchLogsRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
  });
  expect(trail).toMatchObject({
    id: 'audit/Trail',
    name: { is: 'absent' },
    globalServices: { is: 'absent' },
    watchedBuckets: { is: 'known', value: [] },
    prefix: { value: 'trail' },
    logRole: { value: 'audit/Role' },
    logging: { value: true },
    multiRegion: { value: true },
    validates: { value: false },
    managementEvents: { value: true },
    key: { value: 'audit/Key' },
    bucket: { value: 'audit/Bucket' },
    logGroup: { value: 'audit/Log' },
  });
});

test('what lies elsewhere is outside, and an attribute that is not the resource itself is unresolved', () => {
  expect(trailOf({ S3BucketName: 'a-bucket-elsewhere', CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-west-2:123456789012:log-group:x:*' })).toMatchObject({
    bucket: { is: 'outside' },
    logGroup: { is: 'outside' },
  });
  expect(trailOf({ S3BucketName: { 'Fn::GetAtt': ['Bucket', 'DomainName'] }, CloudWatchLogsLogGroupArn: { Ref: 'Key' } })).toMatchObject({
    bucket: { is: 'unresolved' },
    logGroup: { is: 'unresolved' },
  });
});

test.each<[string, Readonly<Record<string, unknown>>, unknown]>([
  ['selectors that cannot be read', { EventSelectors: { 'Fn::If': ['C', [], []] } }, { is: 'unresolved' }],
  ['a selector that cannot be read', { EventSelectors: [{ 'Fn::If': ['C', {}, {}] }] }, { is: 'known', value: false }],
  ['advanced selectors without management events', { AdvancedEventSelectors: [{ FieldSelectors: [] }] }, { is: 'known', value: false }],
])('with %s not every management event is known to be recorded', (_, properties, expected) => {
  expect(trailOf(properties)?.managementEvents).toMatchObject(expected as object);
});

const watching = (...selectors: unknown[]) => trailOf({ AdvancedEventSelectors: selectors.map((FieldSelectors) => ({ FieldSelectors })) })?.watchedBuckets;
const data = [{ Field: 'eventCategory', Equals: ['Data'] }, { Field: 'resources.type', Equals: 'AWS::S3::Object' }];
const below = (StartsWith: unknown) => ({ Field: 'resources.ARN', StartsWith });
const whole = { is: 'known', value: ['audit/Bucket'] };

test('a trail watches the buckets of which it records every object event', () => {
  expect(watching(data)).toEqual(whole);
  for (const arn of [{ 'Fn::Sub': '${Bucket.Arn}/' }, { 'Fn::GetAtt': ['Bucket', 'Arn'] }, { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::${Bucket}/' }, 'arn:aws:s3']) {
    expect(watching([...data, below([arn])])).toEqual(whole);
    expect(trailOf({ EventSelectors: [{ DataResources: [{ Type: 'AWS::S3::Object', Values: [arn] }] }] })?.watchedBuckets).toEqual(whole);
  }
});

test.each<[string, readonly unknown[]]>([
  ['an object of it', [...data, below(['arn:aws:s3:::bucket/key'])]],
  ['its name, which no ARN begins with', [...data, below([{ Ref: 'Bucket' }])]],
  ['two things of its ARN', [...data, { ...below([{ 'Fn::GetAtt': ['Bucket', 'Arn'] }]), EndsWith: ['.json'] }]],
  ['one field twice', [...data, below([{ 'Fn::GetAtt': ['Bucket', 'Arn'] }]), below(['x'])]],
  ['a field that cannot be read', [...data, below({ Ref: 'Any' })]],
])('a trail does not watch a bucket of which it asks for %s', (_, fields) => {
  expect(watching(fields)).toEqual({ is: 'known', value: [] });
});

test('selectors of both kinds settle nothing, since CloudTrail refuses them', () => {
  expect(trailOf({ EventSelectors: [{}], AdvancedEventSelectors: [] })).toMatchObject({ managementEvents: { is: 'unresolved' }, watchedBuckets: { is: 'unresolved' } });
});
