import { CfnResource } from 'aws-cdk-lib';
import { trailIsValidated } from '../../../../posture/controls/audit/trail-is-validated.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { AUDIT, copy, drop, judging, NETWORK, section, set } from '../../../support/fixtures.ts';

const judge = judging(trailIsValidated);
const after = judgingAfter(trailIsValidated);
const property = (name: string, value: unknown) => judge(set('Trail', `Properties.${name}`, value));
const FLAGS = ['IsLogging', 'IsMultiRegionTrail', 'EnableLogFileValidation'];

test('passes on a trail of all regions, validated, encrypted, locked and watched', () => {
  expect(judge()).toEqual([]);
  expect(property('EnableLogFileValidation', 'true')).toEqual([]);
});

test.each(FLAGS)('fails where %s is false or not said', (flag) => {
  expect(property(flag, false)).toEqual([`fail Trail ${flag}`]);
  expect(property(flag, undefined)).toEqual([`fail Trail ${flag}`]);
});

test('does not pass where there is no trail', () => {
  expect(judge(drop('Trail'))).toEqual(['empty: 0 of 1']);
});

test('fails on a second trail beside the first', () => {
  expect(judge(copy('Trail', 'Second', { EnableLogFileValidation: false }))).toEqual(['fail Second EnableLogFileValidation']);
});

test.each([undefined, 'alias/aws/s3'])('fails where its key is %j', (key) => {
  expect(property('KMSKeyId', key)).toEqual(['fail Trail KMSKeyId']);
});

test('leaves a customer\'s own key to the live check', () => {
  expect(property('KMSKeyId', 'arn:aws:kms:eu-west-2:123456789012:key/01234567-89ab-cdef-0123-456789abcdef')).toEqual(['outside Trail KMSKeyId']);
});

const lock = (path: string, value: unknown) => judge(set('TrailBucket', `Properties.${path}`, value));

test('fails where its bucket can be emptied, or is not the assembly\'s', () => {
  const open = ['fail Trail TrailBucket: ObjectLockConfiguration'];
  expect(lock('ObjectLockConfiguration.Rule.DefaultRetention.Mode', 'GOVERNANCE')).toEqual(open);
  expect(lock('ObjectLockConfiguration', undefined)).toEqual(open);
  expect(lock('ObjectLockConfiguration.Rule', undefined)).toEqual(open);
  expect(lock('ObjectLockEnabled', false)).toEqual(open);
  expect(lock('ObjectLockEnabled', undefined)).toEqual(open);
  expect(property('S3BucketName', 'a-bucket-elsewhere')).toEqual(['fail Trail S3BucketName']);
  expect(property('S3BucketName', { Ref: 'TrailLog' })).toEqual(['unresolved Trail S3BucketName']);
});

test('fails where CloudWatch hears nothing of it', () => {
  expect(property('CloudWatchLogsLogGroupArn', undefined)).toEqual(['fail Trail CloudWatchLogsLogGroupArn']);
  expect(property('CloudWatchLogsLogGroupArn', 'arn:aws:logs:eu-west-2:123456789012:log-group:elsewhere:*')).toEqual(['fail Trail CloudWatchLogsLogGroupArn']);
});

const management = { Field: 'eventCategory', Equals: ['Management'] };

test.each<[string, unknown, unknown]>([
  ['no selector', undefined, undefined],
  ['a plain one that takes all', undefined, [{ ReadWriteType: 'All', IncludeManagementEvents: true }]],
  ['one that takes all beside a narrow one', [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }, { FieldSelectors: [management] }], undefined],
])('takes every management event with %s', (_, advanced, plain) => {
  expect(judge(set('Trail', 'Properties.AdvancedEventSelectors', advanced), set('Trail', 'Properties.EventSelectors', plain))).toEqual([]);
});

test.each<[string, unknown, unknown]>([
  ['data events alone', [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }], undefined],
  ['writes alone', [{ FieldSelectors: [management, { Field: 'readOnly', Equals: ['false'] }] }], undefined],
  ['no list', [], undefined],
  ['a plain one for writes', undefined, [{ ReadWriteType: 'WriteOnly' }]],
  ['a plain one without them', undefined, [{ IncludeManagementEvents: false }]],
  ['a plain one that leaves KMS out', undefined, [{ ExcludeManagementEventSources: ['kms.amazonaws.com'] }]],
])('fails with %s', (_, advanced, plain) => {
  expect(judge(set('Trail', 'Properties.AdvancedEventSelectors', advanced), set('Trail', 'Properties.EventSelectors', plain))).toEqual([
    'fail Trail AdvancedEventSelectors',
  ]);
});

test('fails where a construct is changed after it was made right', () => {
  const flag = (name: string) => [expect.stringMatching(new RegExp(`^fail Trail\\w* ${name}$`))];
  for (const name of FLAGS) {
    expect(after(({ trail }) => resourceOf(trail.trail).addPropertyOverride(name, false))).toEqual(flag(name));
    expect(after(({ trail }) => resourceOf(trail.trail).addPropertyDeletionOverride(name))).toEqual(flag(name));
  }
  expect(after(({ trail }) => resourceOf(trail.bucket).addPropertyDeletionOverride('ObjectLockConfiguration'))).toEqual([
    expect.stringMatching(/^fail Trail\w* TrailBucket\w*: ObjectLockConfiguration$/),
  ]);
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::CloudTrail::Trail', properties: { IsLogging: true } });
    }),
  ).toEqual(['IsMultiRegionTrail', 'EnableLogFileValidation', 'KMSKeyId', 'S3BucketName', 'CloudWatchLogsLogGroupArn'].map((name) => `fail Raw ${name}`));
});

test('is unresolved where the templates do not settle it', () => {
  const parameter = section(AUDIT, 'Parameters', { Any: { Type: 'String', Default: 'true' } });
  for (const name of [...FLAGS, 'KMSKeyId', 'S3BucketName', 'CloudWatchLogsLogGroupArn']) {
    expect(judge(parameter, set('Trail', `Properties.${name}`, { Ref: 'Any' }))).toEqual([`unresolved Trail ${name}`]);
  }
  expect(property('AdvancedEventSelectors', { 'Fn::If': ['C', [], []] })).toEqual(['unresolved Trail AdvancedEventSelectors']);
  expect(judge(section(NETWORK, 'Outputs', {}))).toContain('unresolved Trail KMSKeyId');
});
