import { CfnResource } from 'aws-cdk-lib';
import { storesExpire } from '../../../../posture/controls/audit/stores-expire.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, judging, section, set, unset, type Edit } from '../../../support/fixtures.ts';

const judge = judging(storesExpire);
const after = judgingAfter(storesExpire);
const tags = (value: string) => [{ Key: 'halton:workspace-data', Value: value }];
const logGroup = (properties: Record<string, unknown>) => add('Group', 'AWS::Logs::LogGroup', properties);

test.each(['hashed', 'no'])('passes on a store tagged %s with any end', (tag) => {
  expect(judge()).toEqual([]);
  expect(judge(logGroup({ Tags: tags(tag), RetentionInDays: 3653 }))).toEqual([]);
});

test.each([
  ['endless', { Tags: tags('no') }, ['fail Group retention in days']],
  ['endless and hashed', { Tags: tags('hashed') }, ['fail Group retention in days']],
  ['with workspace data and kept too long', { Tags: tags('yes'), RetentionInDays: 14 }, ['fail Group retention in days']],
  ['said to keep its events for no day, as some tools write endless', { Tags: tags('no'), RetentionInDays: 0 }, ['fail Group retention in days']],
  ['untagged', { RetentionInDays: 7 }, ['fail Group Tags halton:workspace-data']],
  ['untagged and kept long', { RetentionInDays: 30 }, ['fail Group Tags halton:workspace-data', 'fail Group retention in days']],
  ['tagged with a word of its own', { Tags: tags('maybe'), RetentionInDays: 7 }, ['fail Group Tags halton:workspace-data']],
  ['tagged in capitals', { Tags: tags('NO'), RetentionInDays: 30 }, ['fail Group Tags halton:workspace-data', 'fail Group retention in days']],
])('fails on a log group that is %s', (_, properties, expected) => {
  expect(judge(logGroup(properties))).toEqual(expected);
});

test.each(['/aws/rds/instance/halton-hosted/upgrade', 'aws-waf-logs-halton'])('does not take %s for a store without workspace data', (LogGroupName) => {
  expect(judge(logGroup({ LogGroupName, Tags: tags('no'), RetentionInDays: 7 }))).toEqual(['fail Group Tags halton:workspace-data']);
});

test('fails on a bucket whose objects or old versions stay', () => {
  expect(judge(unset('Bucket', 'Properties.LifecycleConfiguration'))).toEqual(['fail Bucket retention in days']);
  expect(judge(set('Bucket', 'Properties.LifecycleConfiguration.Rules', []))).toEqual(['fail Bucket retention in days']);
  expect(judge(set('Bucket', 'Properties.LifecycleConfiguration.Rules', [{ Status: 'Enabled', ExpirationInDays: 7 }]))).toEqual(['fail Bucket retention in days']);
  expect(judge(set('Bucket', 'Properties.LifecycleConfiguration.Rules.0.ExpirationInDays', 5))).toEqual(['fail Bucket retention in days']);
  expect(judge(set('Bucket', 'Properties.LifecycleConfiguration.Rules.0.Status', 'Disabled'))).toEqual(['fail Bucket retention in days']);
  expect(judge(copy('Bucket', 'Second', { Tags: [] }))).toEqual(['fail Second Tags halton:workspace-data']);
});

test('fails on backups that are kept too long or for a time that nobody gave', () => {
  expect(judge(set('Database', 'Properties.BackupRetentionPeriod', 8))).toEqual(['fail Database BackupRetentionPeriod']);
  expect(judge(unset('Database', 'Properties.BackupRetentionPeriod'))).toEqual(['fail Database BackupRetentionPeriod']);
});

test('fails on a log group that RDS or Lambda would make by itself, endless', () => {
  expect(judge(set('Database', 'Properties.EnableCloudwatchLogsExports', ['postgresql', 'upgrade']))).toEqual([
    'fail Database Properties.EnableCloudwatchLogsExports.1',
  ]);
  expect(judge(unset('Database', 'Properties.DBInstanceIdentifier'))).toEqual(['fail Database Properties.EnableCloudwatchLogsExports.0']);
  expect(judge(unset('Function', 'Properties.LoggingConfig'))).toEqual(['fail Function LoggingConfig.LogGroup']);
  expect(judge(set('Function', 'Properties.LoggingConfig.LogGroup', '/aws/lambda/elsewhere'))).toEqual(['fail Function LoggingConfig.LogGroup']);
  expect(judge(set('Function', 'Properties.LoggingConfig.LogGroup', '/aws/rds/instance/halton-hosted/postgresql'))).toEqual([]);
});

describe('a queue, a stream or a table', () => {
  const DAY = 86_400;
  const buffer = (type: string, tag: string | undefined, properties: Record<string, unknown>) =>
    judge(add('Buffer', `AWS::${type}`, { ...properties, ...(tag === undefined ? {} : { Tags: tags(tag) }) }));
  const tooLong = ['fail Buffer retention in days'];

  test('says what it can hold', () => {
    for (const type of ['SQS::Queue', 'Kinesis::Stream', 'KinesisFirehose::DeliveryStream']) {
      expect(buffer(type, undefined, {})).toEqual(['fail Buffer Tags halton:workspace-data']);
      expect(buffer(type, 'yes', {})).toEqual([]);
    }
  });

  test.each<[string, string, Record<string, unknown>, readonly string[]]>([
    ['SQS::Queue', 'yes', { MessageRetentionPeriod: 7 * DAY }, []],
    ['SQS::Queue', 'yes', { MessageRetentionPeriod: 14 * DAY }, tooLong],
    ['SQS::Queue', 'no', { MessageRetentionPeriod: 14 * DAY }, []],
    ['Kinesis::Stream', 'yes', { RetentionPeriodHours: 168 }, []],
    ['Kinesis::Stream', 'yes', { RetentionPeriodHours: 169 }, tooLong],
    ['DynamoDB::Table', 'yes', {}, tooLong],
    ['DynamoDB::Table', 'no', {}, tooLong],
    ['DynamoDB::Table', 'no', { TimeToLiveSpecification: { Enabled: true } }, ['unresolved Buffer retention in days']],
  ])('keeps workspace data for at most 7 days: %s %s %j', (type, tag, properties, expected) => {
    expect(buffer(type, tag, properties)).toEqual(expected);
  });

  test('delivers workspace data into buckets tagged for it, and to nobody else', () => {
    const stream = (destination: Record<string, unknown>, ...edits: readonly Edit[]) =>
      judge(add('Buffer', 'AWS::KinesisFirehose::DeliveryStream', { ...destination, Tags: tags('yes') }), ...edits);
    const bucket = (BucketARN: unknown) => ({ ExtendedS3DestinationConfiguration: { BucketARN } });
    const ours = { 'Fn::GetAtt': ['Bucket', 'Arn'] };
    const wrong = ['fail Buffer Properties.ExtendedS3DestinationConfiguration.BucketARN'];
    expect(stream(bucket(ours))).toEqual([]);
    expect(stream(bucket('arn:aws:s3:::their-bucket'))).toEqual(wrong);
    expect(stream(bucket(ours), set('Bucket', 'Properties.Tags', tags('no')))).toEqual(wrong);
    expect(stream({ HttpEndpointDestinationConfiguration: { EndpointConfiguration: { Url: 'https://siem.example.com' } } })).toEqual([
      'fail Buffer Properties.HttpEndpointDestinationConfiguration.EndpointConfiguration.Url',
    ]);
  });
});

test('fails where no store at all can hold workspace data, since that cannot be', () => {
  const noHolder = ['Bucket', 'DatabaseLog', 'TaskLog'].map((logicalId) => set(logicalId, 'Properties.Tags', tags('no')));
  const holders = `fail ${DATA} stores tagged halton:workspace-data=yes`;
  const task = 'fail Task Properties.ContainerDefinitions.0.LogConfiguration.Options.awslogs-group';
  expect(judge(...noHolder)).toEqual([holders, 'fail DatabaseLog Tags halton:workspace-data', task]);
  expect(judge(drop('Bucket', 'DatabaseLog', 'TaskLog', 'Task'), unset('Database', 'Properties.EnableCloudwatchLogsExports'))).toEqual([holders]);
});

test('fails where a construct is changed after it was made right', () => {
  expect(after(({ log }) => resourceOf(log).addPropertyDeletionOverride('RetentionInDays'))).toEqual(['fail Log retention in days']);
  expect(after(({ log }) => resourceOf(log).addPropertyOverride('RetentionInDays', 3653))).toEqual(['fail Log retention in days']);
  expect(after(({ bucket }) => resourceOf(bucket).addPropertyDeletionOverride('LifecycleConfiguration'))).toEqual(['fail Bucket retention in days']);
  expect(after(({ bucket }) => resourceOf(bucket).addPropertyDeletionOverride('Tags'))).toEqual(['fail Bucket Tags halton:workspace-data']);
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::Logs::LogGroup' });
    }),
  ).toEqual(['fail Raw Tags halton:workspace-data', 'fail Raw retention in days']);
});

test('is unresolved where the templates do not settle tag, retention or name', () => {
  const parameter = section(DATA, 'Parameters', { Any: { Type: 'Number', Default: 7 } });
  const open = (path: string, value: unknown) => judge(parameter, set('DatabaseLog', `Properties.${path}`, value));
  expect(open('RetentionInDays', { Ref: 'Any' })).toEqual(['unresolved DatabaseLog retention in days']);
  expect(open('Tags', { 'Fn::If': ['C', [], []] })).toEqual(['unresolved DatabaseLog Tags halton:workspace-data']);
  expect(judge(parameter, logGroup({ LogGroupName: { Ref: 'Any' }, Tags: tags('no'), RetentionInDays: 7 }))).toEqual([
    'fail Group Tags halton:workspace-data',
  ]);
  expect(judge(parameter, set('Database', 'Properties.BackupRetentionPeriod', { Ref: 'Any' }))).toEqual(['unresolved Database BackupRetentionPeriod']);
});
