import { hosted, resources, templatesOf } from '../../support/deployments.ts';

const { service } = templatesOf(hosted);
const named = (type: string, part: string) => Object.entries(resources(service, type)).find(([id]) => id.includes(part));

describe('the job that purges', () => {
  test('runs once a day, as one task in the network of the tasks, without a public address', () => {
    const [, schedule] = named('AWS::Scheduler::Schedule', 'Jobs') ?? [];
    expect(schedule?.Properties).toMatchObject({
      ScheduleExpression: 'cron(30 3 * * ? *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      State: 'ENABLED',
      Target: {
        EcsParameters: { LaunchType: 'FARGATE', NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } } },
        RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 3600 },
      },
    });
  });

  test('is there once the schema of its release is', () => {
    const [, schedule] = named('AWS::Scheduler::Schedule', 'Jobs') ?? [];
    expect(schedule?.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^Migrations/)]));
  });

  test('writes tombstones to the evidence bucket, and nothing else to nowhere else', () => {
    const [, policy] = named('AWS::IAM::ManagedPolicy', 'JobsTombstones') ?? [];
    expect(policy?.Properties['PolicyDocument']).toMatchObject({
      Statement: [
        { Action: 's3:PutObject', Resource: { 'Fn::Join': ['', [expect.anything(), '/tombstones/*']] } },
        { Action: 'kms:GenerateDataKey', Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-2.amazonaws.com' } } },
      ],
    });
  });

  test('is started by the scheduler alone, which may start this task in this cluster and pass its roles', () => {
    const [, role] = named('AWS::IAM::Role', 'JobsRole') ?? [];
    expect(JSON.stringify(role?.Properties['AssumeRolePolicyDocument'])).toContain('"Service":"scheduler.amazonaws.com"');
    const [, policy] = named('AWS::IAM::ManagedPolicy', 'JobsStart') ?? [];
    expect(policy?.Properties['PolicyDocument']).toMatchObject({
      Statement: [
        { Action: 'ecs:RunTask', Condition: { ArnEquals: { 'ecs:cluster': expect.anything() as unknown } } },
        { Action: 'iam:PassRole', Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } },
      ],
    });
  });
});
