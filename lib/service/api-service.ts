import { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { AvailabilityZoneRebalancing, FargatePlatformVersion, FargateService, type ICluster } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import type { Task } from './task.ts';

export interface ApiServiceProps {
  readonly deployment: Deployment;
  readonly cluster: ICluster;
  readonly task: Task;
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  readonly targets: ApplicationTargetGroup;
}

/** The API's tasks: at least two over the zones, replaced one release by the next only while enough of them answer. */
export class ApiService extends Construct {
  readonly service: FargateService;

  constructor(scope: Construct, id: string, props: ApiServiceProps) {
    super(scope, id);
    const { minTasks, maxTasks } = props.deployment.service;
    this.service = new FargateService(this, 'Service', {
      cluster: props.cluster,
      taskDefinition: props.task.definition,
      platformVersion: FargatePlatformVersion.LATEST,
      vpcSubnets: props.subnets,
      securityGroups: [props.securityGroup],
      assignPublicIp: false,
      enableExecuteCommand: false,
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      // Back to the release before, which the newer schema still serves.
      circuitBreaker: { rollback: true },
      // From the task's start: it listens within seconds, and more is for secrets that IAM does not let it read at once. One
      // that is not ready by then, for want of the database or its schema, is replaced and counts for the circuit breaker.
      healthCheckGracePeriod: Duration.seconds(60),
    });
    this.service.attachToApplicationTargetGroup(props.targets);

    // No desired count in the template: every deployment would set what scaling has found back to it, under load too. Left
    // out, it stays as it is, and ECS begins with one task, once in a deployment's life. Registering the least capacity
    // raises that by itself, and the domain's name leads here only afterwards: by the stack, or by hand once it is deployed.
    const scaling = this.service.autoScaleTaskCount({ minCapacity: minTasks, maxCapacity: maxTasks });
    scaling.scaleOnCpuUtilization('Cpu', {
      targetUtilizationPercent: 60, // one event loop a task: above that requests begin to wait for it
      scaleInCooldown: Duration.minutes(5),
      scaleOutCooldown: Duration.minutes(1),
    });
  }
}
