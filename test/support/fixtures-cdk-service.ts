import { Stack, Tags, Duration } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ReadWriteType, Trail } from 'aws-cdk-lib/aws-cloudtrail';
import { type SecurityGroup, SubnetType, type Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, ContainerInsights, FargateService, FargateTaskDefinition, LogDrivers } from 'aws-cdk-lib/aws-ecs';
import { type ApplicationListener, ApplicationLoadBalancer, ApplicationProtocol, ApplicationTargetGroup, Protocol, SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface PartProps {
  readonly vpc: Vpc;
  readonly tasks: SecurityGroup;
  readonly key: Key;
  readonly log: LogGroup;
}

/** The service of the CDK's own high-level constructs, for tests to override. */
export class ServicePart extends Construct {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly https: ApplicationListener;
  readonly http: ApplicationListener;
  readonly targets: ApplicationTargetGroup;
  readonly definition: FargateTaskDefinition;
  readonly cluster: Cluster;
  readonly service: FargateService;

  constructor(scope: Construct, id: string, { vpc, tasks, key, log }: PartProps) {
    super(scope, id);
    this.loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', { vpc, internetFacing: true });
    this.targets = new ApplicationTargetGroup(this, 'Targets', {
      vpc,
      port: 8443,
      protocol: ApplicationProtocol.HTTPS,
      healthCheck: { protocol: Protocol.HTTPS },
    });
    this.https = this.loadBalancer.addListener('Https', {
      port: 443,
      certificates: [new Certificate(this, 'Certificate', { domainName: 'api.example.com' })],
      sslPolicy: SslPolicy.TLS13_13,
      defaultTargetGroups: [this.targets],
    });
    this.https.setAttribute('routing.http.response.strict_transport_security.header_value', 'max-age=31536000; includeSubDomains; preload');
    this.http = this.loadBalancer.addRedirect();

    this.definition = new FargateTaskDefinition(this, 'Task');
    this.definition.addContainer('api', {
      image: ContainerImage.fromRegistry('api'),
      environment: { PARAMETER_PATH: '/halton/hosted' },
      logging: LogDrivers.awsLogs({ logGroup: log, streamPrefix: 'api' }),
      portMappings: [{ containerPort: 8443 }],
      readonlyRootFilesystem: true,
      user: '65532',
    });
    const parameters = Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: 'halton/hosted/*' });
    this.definition.addToTaskRolePolicy(new PolicyStatement({ actions: ['ssm:GetParameters'], resources: [parameters] }));
    this.definition.addToTaskRolePolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `ssm.${Stack.of(this).region}.amazonaws.com` } },
      }),
    );
    this.cluster = new Cluster(this, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.DISABLED });
    this.service = new FargateService(this, 'Tasks', {
      cluster: this.cluster,
      taskDefinition: this.definition,
      securityGroups: [tasks],
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      assignPublicIp: false,
    });
    this.service.attachToApplicationTargetGroup(this.targets);
  }
}

/** The trail of the CDK's own high-level construct, with its locked bucket and that of the receipts. */
export class TrailPart extends Construct {
  readonly trail: Trail;
  readonly bucket: Bucket;
  readonly receipts: Bucket;

  constructor(scope: Construct, id: string, { key, log }: Pick<PartProps, 'key' | 'log'>) {
    super(scope, id);
    this.bucket = this.#lockedBucket('Bucket');
    this.receipts = this.#lockedBucket('Receipts');
    this.trail = new Trail(this, 'Trail', {
      bucket: this.bucket,
      encryptionKey: key,
      cloudWatchLogGroup: log,
      sendToCloudWatchLogs: true,
      managementEvents: ReadWriteType.ALL,
    });
    this.trail.addS3EventSelector([{ bucket: this.receipts }]);
  }

  #lockedBucket(id: string): Bucket {
    const bucket = new Bucket(this, id, {
      versioned: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(Duration.days(365)),
      lifecycleRules: [{ expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(1) }],
    });
    Tags.of(bucket).add('halton:workspace-data', 'no');
    return bucket;
  }
}
