import { Duration, Stack, TimeZone } from 'aws-cdk-lib';
import type { ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { FargatePlatformVersion, type ICluster } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { EcsRunFargateTask } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { Archive } from '../audit/archive.ts';
import type { Task } from './task.ts';

export interface JobsProps {
  readonly cluster: ICluster;
  readonly task: Task;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  readonly archive: Archive;
}

/** Starts the task that purges, once a day: what is due on day 30 goes within 24 hours of it, and backups follow in 7 days. */
export class Jobs extends Construct {
  constructor(scope: Construct, id: string, { cluster, task, subnets, securityGroup, archive }: JobsProps) {
    super(scope, id);
    const { definition } = task;
    new ManagedPolicy(this, 'Tombstones', {
      roles: [definition.taskRole],
      statements: [
        new PolicyStatement({ actions: ['s3:PutObject'], resources: [archive.evidence.arnForObjects('tombstones/*')] }),
        new PolicyStatement({
          actions: ['kms:GenerateDataKey'],
          resources: [archive.key.keyArn],
          conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com` } },
        }),
      ],
    });
    const stack = Stack.of(this);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
    });
    const policy = new ManagedPolicy(this, 'Start', {
      roles: [role],
      statements: [
        new PolicyStatement({ actions: ['ecs:RunTask'], resources: [definition.taskDefinitionArn], conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } } }),
        new PolicyStatement({
          actions: ['iam:PassRole'],
          resources: [definition.taskRole.roleArn, definition.obtainExecutionRole().roleArn],
          conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        }),
      ],
    });
    const schedule = new Schedule(this, 'Daily', {
      description: 'Purges workspaces that are due, and requests beyond their window',
      // When the offices of the region sleep, and clear of the database's own window for backups.
      schedule: ScheduleExpression.cron({ hour: '3', minute: '30', timeZone: TimeZone.ETC_UTC }),
      target: new EcsRunFargateTask(cluster, {
        // By hand: the CDK's own grants would pass any role and tag any task.
        role: Role.fromRoleArn(this, 'Starts', role.roleArn, { mutable: false }),
        taskDefinition: definition,
        vpcSubnets: subnets,
        securityGroups: [securityGroup],
        assignPublicIp: false,
        platformVersion: FargatePlatformVersion.LATEST,
        // Capacity comes back within minutes, and the next day's run does the same work.
        retryAttempts: 5,
        maxEventAge: Duration.hours(1),
      }),
    });
    schedule.node.addDependency(policy, task);
  }
}
