import { CfnResource } from 'aws-cdk-lib';
import { trailIsValidated } from '../../../../posture/controls/audit/trail-is-validated.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, AUDIT, copy, drop, judging, NETWORK, section, set } from '../../../support/fixtures.ts';

const judge = judging(trailIsValidated);
const after = judgingAfter(trailIsValidated);
const property = (name: string, value: unknown) => judge(set('Trail', `Properties.${name}`, value));
const FLAGS = ['IsLogging', 'IsMultiRegionTrail', 'EnableLogFileValidation'];

test('passes on a trail of all regions, validated, encrypted, locked and watched', () => {
  expect(judge()).toEqual([]);
  expect(property('EnableLogFileValidation', 'true')).toEqual([]);
  expect(property('IncludeGlobalServiceEvents', true)).toEqual([]);
});

test('fails where IAM and sign-in are left out', () => {
  expect(property('IncludeGlobalServiceEvents', false)).toEqual(['fail Trail IncludeGlobalServiceEvents']);
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
  const short = ['fail Trail TrailBucket: ObjectLockConfiguration.Rule.DefaultRetention'];
  expect(lock('ObjectLockConfiguration.Rule.DefaultRetention.Mode', 'GOVERNANCE')).toEqual(open);
  expect(lock('ObjectLockConfiguration', undefined)).toEqual([...open, ...short]);
  expect(lock('ObjectLockConfiguration.Rule', undefined)).toEqual([...open, ...short]);
  expect(lock('ObjectLockConfiguration.Rule.DefaultRetention.Days', 364)).toEqual(short);
  expect(lock('ObjectLockConfiguration.Rule.DefaultRetention.Days', undefined)).toEqual(short);
  expect(lock('ObjectLockConfiguration.Rule.DefaultRetention', { Mode: 'COMPLIANCE', Years: 1 })).toEqual([]);
  expect(lock('ObjectLockEnabled', false)).toEqual(open);
  expect(lock('ObjectLockEnabled', undefined)).toEqual(open);
  expect(property('S3BucketName', 'a-bucket-elsewhere')).toEqual(['fail Trail S3BucketName']);
  expect(property('S3BucketName', { Ref: 'TrailLog' })).toEqual(['unresolved Trail S3BucketName']);
});

test('fails where CloudWatch hears nothing of it', () => {
  expect(property('CloudWatchLogsLogGroupArn', undefined)).toEqual(['fail Trail CloudWatchLogsLogGroupArn']);
  expect(property('CloudWatchLogsLogGroupArn', 'arn:aws:logs:eu-west-2:123456789012:log-group:elsewhere:*')).toEqual(['fail Trail CloudWatchLogsLogGroupArn']);
});

const SELECTOR = 'Trail AdvancedEventSelectors';
const management = { Field: 'eventCategory', Equals: ['Management'] };
const data = { Field: 'eventCategory', Equals: ['Data'] };
const objects = { Field: 'resources.type', Equals: ['AWS::S3::Object'] };
const below = (...StartsWith: unknown[]) => ({ Field: 'resources.ARN', StartsWith });
const receipts = { 'Fn::Sub': '${Receipts.Arn}/' };
const watch = { FieldSelectors: [data, objects, below(receipts)] };
const selecting = (advanced: unknown, plain: unknown) => judge(set('Trail', 'Properties.AdvancedEventSelectors', advanced), set('Trail', 'Properties.EventSelectors', plain));

const resources = (...Values: unknown[]) => [{ Type: 'AWS::S3::Object', Values }];

test.each<[string, unknown, unknown]>([
  ['one that takes all beside one for the receipts', [watch, { FieldSelectors: [management] }], undefined],
  ['one for every object', [{ FieldSelectors: [data, objects] }, { FieldSelectors: [management] }], undefined],
  ['a plain one that takes all', undefined, [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: resources(receipts) }]],
  ['plain ones, and every bucket', undefined, [{}, { DataResources: resources('arn:aws:s3') }]],
])('takes every management event and every touch of the receipts with %s', (_, advanced, plain) => {
  expect(selecting(advanced, plain)).toEqual([]);
});

test.each<[string, unknown, unknown]>([
  ['data events alone', [watch], undefined],
  ['writes alone', [watch, { FieldSelectors: [management, { Field: 'readOnly', Equals: ['false'] }] }], undefined],
  ['a plain one without them', undefined, [{ IncludeManagementEvents: false, DataResources: resources(receipts) }]],
  ['a plain one that leaves KMS out', undefined, [{ ExcludeManagementEventSources: ['kms.amazonaws.com'], DataResources: resources(receipts) }]],
])('fails with %s', (_, advanced, plain) => {
  expect(selecting(advanced, plain)).toEqual([`fail ${SELECTOR}`]);
});

test.each<[string, unknown, unknown]>([
  ['none', [{ FieldSelectors: [management] }], undefined],
  ['one for writes', [{ FieldSelectors: [management] }, { FieldSelectors: [...watch.FieldSelectors, { Field: 'readOnly', Equals: ['false'] }] }], undefined],
  ['one for another type', [{ FieldSelectors: [management] }, { FieldSelectors: [data, { Field: 'resources.type', Equals: ['AWS::Lambda::Function'] }, below(receipts)] }], undefined],
  ['one for part of them', [{ FieldSelectors: [management] }, { FieldSelectors: [data, objects, below({ 'Fn::Sub': '${Receipts.Arn}/2020/' })] }], undefined],
  ['one for all but them', [{ FieldSelectors: [management] }, { FieldSelectors: [data, objects, { Field: 'resources.ARN', NotStartsWith: [receipts] }] }], undefined],
  ['one for the trail\'s own bucket', [{ FieldSelectors: [management] }, { FieldSelectors: [data, objects, below({ 'Fn::Sub': '${TrailBucket.Arn}/' })] }], undefined],
  ['a plain one', undefined, [{}]],
  ['a plain one for reads', undefined, [{}, { ReadWriteType: 'ReadOnly', DataResources: resources(receipts) }]],
])('fails where the selectors for the receipts are %s', (_, advanced, plain) => {
  expect(selecting(advanced, plain)).toEqual([`fail ${SELECTOR} AWS::S3::Object`]);
});

test('fails without a selector, or with none in the list', () => {
  expect(selecting(undefined, undefined)).toEqual([`fail ${SELECTOR} AWS::S3::Object`]);
  expect(selecting([], undefined)).toEqual([`fail ${SELECTOR}`, `fail ${SELECTOR} AWS::S3::Object`]);
});

describe('the receipts', () => {
  const change = (path: string, value: unknown) => judge(set('Receipts', `Properties.${path}`, value));
  const LOCK = 'Trail Receipts: ObjectLockConfiguration';

  test('are locked as long as the trail', () => {
    expect(change('ObjectLockConfiguration', undefined)).toEqual([`fail ${LOCK}`, `fail ${LOCK}.Rule.DefaultRetention`]);
    expect(change('ObjectLockConfiguration.Rule.DefaultRetention.Days', 1)).toEqual([`fail ${LOCK}.Rule.DefaultRetention`]);
    expect(change('ObjectLockConfiguration.Rule.DefaultRetention.Mode', 'GOVERNANCE')).toEqual([`fail ${LOCK}`]);
  });

  test('lie in a bucket whose policy lets nobody else in', () => {
    const policy = (statement: Record<string, unknown>) => judge(add('Policy', 'AWS::S3::BucketPolicy', { Bucket: { Ref: 'Receipts' }, PolicyDocument: { Statement: [statement] } }, { stack: AUDIT }));
    expect(policy({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' })).toEqual(['fail Trail Receipts: PolicyDocument']);
    expect(policy({ Effect: 'Allow', Principal: { AWS: '999988887777' }, Action: 's3:PutObject', Resource: '*' })).toEqual(['fail Trail Receipts: PolicyDocument']);
    expect(policy({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' })).toEqual([]);
  });

  test.each([
    ['everybody', '*'],
    ['another account', { AWS: 'arn:aws:iam::999988887777:role/signer' }],
  ])('are signed with a key that %s cannot use', (_, Principal) => {
    expect(judge(set('SigningKey', 'Properties.KeyPolicy.Statement.1', { Effect: 'Allow', Principal, Action: 'kms:Sign', Resource: '*' }))).toEqual(['fail SigningKey KeyPolicy']);
  });

  test('are unresolved where the templates do not settle how they are locked or signed', () => {
    const parameter = section(AUDIT, 'Parameters', { Any: { Type: 'String' } });
    expect(judge(parameter, set('Receipts', 'Properties.ObjectLockConfiguration.Rule.DefaultRetention.Days', { Ref: 'Any' }))).toEqual([`unresolved ${LOCK}.Rule.DefaultRetention`]);
    expect(judge(set('SigningKey', 'Properties.KeyPolicy', { 'Fn::If': ['C', {}, {}] }))).toEqual(['unresolved SigningKey KeyPolicy']);
    expect(judge(parameter, set('SigningKey', 'Properties.KeyUsage', { Ref: 'Any' }))).toEqual(['unresolved SigningKey KeyUsage']);
  });
});

test('fails where a construct is changed after it was made right', () => {
  const flag = (name: string) => [expect.stringMatching(new RegExp(`^fail Trail\\w* ${name}$`))];
  for (const name of FLAGS) {
    expect(after(({ trail }) => resourceOf(trail.trail).addPropertyOverride(name, false))).toEqual(flag(name));
    expect(after(({ trail }) => resourceOf(trail.trail).addPropertyDeletionOverride(name))).toEqual(flag(name));
  }
  for (const bucket of ['bucket', 'receipts'] as const) {
    const unlocked = after(({ trail }) => resourceOf(trail[bucket]).addPropertyDeletionOverride('ObjectLockConfiguration'));
    expect(unlocked).toContainEqual(expect.stringMatching(new RegExp(`^fail Trail\\w* Trail${bucket}\\w*: ObjectLockConfiguration$`, 'i')));
  }
  expect(after(({ trail }) => resourceOf(trail.trail).addPropertyDeletionOverride('EventSelectors.1'))).toEqual([
    expect.stringMatching(/^fail Trail\w* AdvancedEventSelectors AWS::S3::Object$/),
  ]);
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::CloudTrail::Trail', properties: { IsLogging: true } });
    }),
  ).toEqual(
    ['IsMultiRegionTrail', 'EnableLogFileValidation', 'KMSKeyId', 'S3BucketName', 'AdvancedEventSelectors AWS::S3::Object', 'CloudWatchLogsLogGroupArn', 'CloudWatchLogsRoleArn'].map(
      (name) => `fail Raw ${name}`,
    ),
  );
});

test('is unresolved where the templates do not settle it', () => {
  const parameter = section(AUDIT, 'Parameters', { Any: { Type: 'String', Default: 'true' } });
  for (const name of [...FLAGS, 'IncludeGlobalServiceEvents', 'KMSKeyId', 'S3BucketName', 'S3KeyPrefix', 'TrailName', 'CloudWatchLogsLogGroupArn', 'CloudWatchLogsRoleArn']) {
    expect(judge(parameter, set('Trail', `Properties.${name}`, { Ref: 'Any' }))).toEqual([`unresolved Trail ${name}`]);
  }
  const selectors = [`unresolved ${SELECTOR}`, `unresolved ${SELECTOR} AWS::S3::Object`];
  expect(property('AdvancedEventSelectors', { 'Fn::If': ['C', [], []] })).toEqual(selectors);
  expect(property('EventSelectors', [{}])).toEqual(selectors);
  expect(judge(section(NETWORK, 'Outputs', {}))).toContain('unresolved Trail KMSKeyId');
});
