import { factsOf } from '../../../support/assembly.ts';

const trailOf = (Properties: Readonly<Record<string, unknown>>) =>
  factsOf({
    audit: {
      Resources: {
        Key: { Type: 'AWS::KMS::Key' },
        Bucket: { Type: 'AWS::S3::Bucket' },
        Log: { Type: 'AWS::Logs::LogGroup' },
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
    CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['Log', 'Arn'] },
  });
  expect(trail).toMatchObject({
    id: 'audit/Trail',
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
