import { ArnFormat, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import type { HandlerCode } from '../handler-code.ts';
import { HandlerFunction } from '../lambda-function.ts';
import { CustomResourceProvider } from '../provider.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { LOG_STREAM_PREFIX, type Task } from './task.ts';

export interface MigrationsProps {
  readonly deployment: Deployment;
  readonly code: HandlerCode;
  readonly logKey: IKey;
  readonly cluster: ICluster;
  readonly task: Task;
  /** The task's container. */
  readonly container: string;
  readonly taskLogGroup: ILogGroup;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
}

/** Runs a release's migrations as a task, and stands once they have succeeded. */
export class Migrations extends Construct {
  constructor(scope: Construct, id: string, props: MigrationsProps) {
    super(scope, id);
    const { code, deployment, logKey } = props;
    const start = new HandlerFunction(this, 'Start', {
      description: `Starts the migrations of ${deployment.name}`,
      code: code.startMigrations,
      logKey,
      // Starting a task takes seconds; the rest is for capacity that comes back within a minute or two.
      timeout: Duration.minutes(5),
    });
    const wait = new HandlerFunction(this, 'Await', {
      description: `Waits for the migrations of ${deployment.name}`,
      code: code.awaitMigrations,
      logKey,
      timeout: Duration.seconds(90), // above the minute that it gives itself
    });
    this.#allow(start, wait, props);

    const provider = new CustomResourceProvider(this, 'Provider', {
      logKey,
      onEvent: start.function,
      // Above the function's own limits of 25 minutes for the migration and 29 for its questions, so that it is the function
      // that ends it and says why. The framework counts questions, 180 of them, however long each takes.
      waiting: { isComplete: wait.function, interval: Duration.seconds(10), timeout: Duration.minutes(30) },
    });
    const { subnets, vpc, task, taskLogGroup, securityGroup, cluster } = props;
    const migrations = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::Migrations',
      serviceToken: provider.serviceToken,
      properties: {
        Deployment: deployment.name,
        Cluster: cluster.clusterArn,
        TaskDefinition: task.definition.taskDefinitionArn,
        Subnets: vpc.selectSubnets(subnets).subnetIds,
        SecurityGroups: [securityGroup.securityGroupId],
        Container: props.container,
        LogGroup: taskLogGroup.logGroupName,
        LogStreamPrefix: LOG_STREAM_PREFIX,
        Release: packageJson.version,
      },
    });
    // By its properties it would wait for the definition and the cluster alone, and not for what a task of these needs to start.
    migrations.node.addDependency(start, wait, task, cluster);
  }

  #allow(start: HandlerFunction, wait: HandlerFunction, { cluster, task, taskLogGroup, container }: MigrationsProps): void {
    const stack = Stack.of(this);
    const onThisCluster = { ArnEquals: { 'ecs:cluster': cluster.clusterArn } };
    // Any task of the cluster: a task's id is made when it starts.
    const tasks = stack.formatArn({ service: 'ecs', resource: 'task', resourceName: `${cluster.clusterName}/*` });
    const { definition } = task;
    // Without the `:*` that CloudFormation puts behind a group's ARN.
    const logs = stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: taskLogGroup.logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    new ManagedPolicy(start, 'Policy', {
      roles: [start.role],
      statements: [
        new PolicyStatement({ actions: ['ecs:RunTask'], resources: [definition.taskDefinitionArn], conditions: onThisCluster }),
        new PolicyStatement({
          actions: ['iam:PassRole'],
          resources: [definition.taskRole.roleArn, definition.obtainExecutionRole().roleArn],
          conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        }),
        // Any resource: ECS ties this call to no task, but to the cluster by the condition.
        new PolicyStatement({ actions: ['ecs:ListTasks'], resources: ['*'], conditions: onThisCluster }),
        new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [stack.stackId] }),
      ],
    });
    new ManagedPolicy(wait, 'Policy', {
      roles: [wait.role],
      statements: [
        new PolicyStatement({ actions: ['ecs:DescribeTasks', 'ecs:StopTask'], resources: [tasks], conditions: onThisCluster }),
        new PolicyStatement({ actions: ['logs:GetLogEvents'], resources: [`${logs}:log-stream:${LOG_STREAM_PREFIX}/${container}/*`] }),
      ],
    });
  }
}
