import { Stack } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  SubnetType,
  type ISecurityGroup,
  type Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What tasks call through each interface endpoint; its policy refuses every other action. */
const interfaceEndpoints = {
  Ssm: { service: InterfaceVpcEndpointAwsService.SSM, actions: ['ssm:GetParameter', 'ssm:GetParameters'] },
  Kms: { service: InterfaceVpcEndpointAwsService.KMS, actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
  EcrApi: {
    service: InterfaceVpcEndpointAwsService.ECR,
    actions: ['ecr:GetAuthorizationToken', 'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
  },
  EcrDocker: {
    service: InterfaceVpcEndpointAwsService.ECR_DOCKER,
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
  },
  Logs: { service: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS, actions: ['logs:CreateLogStream', 'logs:PutLogEvents'] },
  Sts: { service: InterfaceVpcEndpointAwsService.STS, actions: ['sts:AssumeRole', 'sts:GetCallerIdentity'] },
  Firehose: { service: InterfaceVpcEndpointAwsService.KINESIS_FIREHOSE, actions: ['firehose:PutRecord', 'firehose:PutRecordBatch'] },
  Monitoring: { service: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING, actions: ['cloudwatch:PutMetricData'] },
};

export interface EndpointsProps {
  readonly vpc: Vpc;
  readonly securityGroup: ISecurityGroup;
}

/** Ways to the AWS APIs that stay inside the network, each bound to this account's identities. */
export class Endpoints extends Construct {
  constructor(scope: Construct, id: string, { vpc, securityGroup }: EndpointsProps) {
    super(scope, id);
    const account = Stack.of(this).account;
    const region = Stack.of(this).region;
    const privateSubnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };

    for (const [name, { service, actions }] of Object.entries(interfaceEndpoints)) {
      const endpoint = vpc.addInterfaceEndpoint(name, {
        service,
        subnets: privateSubnets,
        securityGroups: [securityGroup],
        open: false,
      });
      endpoint.addToPolicy(
        new PolicyStatement({
          principals: [new AnyPrincipal()],
          actions,
          resources: ['*'], // which resources is the identity's policy to say; this one says whose identities pass
          conditions: { StringEquals: { 'aws:PrincipalAccount': account } },
        }),
      );
    }

    const s3 = vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3, subnets: [privateSubnets] });
    s3.addToPolicy(
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: ['*'], // any bucket, but of this account alone
        conditions: { StringEquals: { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account } },
      }),
    );
    s3.addToPolicy(
      new PolicyStatement({
        // Image layers come by presigned links from a bucket of the registry's own, which has no principal of this account.
        principals: [new AnyPrincipal()],
        actions: ['s3:GetObject'],
        resources: [`arn:${Stack.of(this).partition}:s3:::prod-${region}-starport-layer-bucket/*`],
      }),
    );
  }
}
