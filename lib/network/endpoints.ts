import { Stack } from 'aws-cdk-lib';
import {
  type GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  type InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint,
  type ISecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import type { Network } from './plan.ts';

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
  readonly deployment: Deployment;
  readonly network: Network;
  readonly securityGroup: ISecurityGroup;
}

/** Ways to the AWS APIs that stay inside the network, each bound to this account's identities. */
export class Endpoints extends Construct {
  readonly #props: EndpointsProps;

  constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    this.#props = props;
    const { account } = Stack.of(this);
    for (const [name, { service, actions }] of Object.entries(interfaceEndpoints)) {
      this.#interfaceEndpoint(name, service).addToPolicy(
        new PolicyStatement({
          principals: [new AnyPrincipal()],
          actions,
          resources: ['*'], // which resources is the identity's policy to say; this one says whose identities pass
          conditions: { StringEquals: { 'aws:PrincipalAccount': account } },
        }),
      );
    }
    const s3 = this.#s3();
    for (const statement of s3Statements(Stack.of(this))) s3.addToPolicy(statement);
  }

  /**
   * A gateway costs nothing, but it is a route: it needs route tables that are ours to write into, and a security
   * group that lets tasks out to the addresses of S3, which have no name that synthesis could know. Where either is
   * missing an interface takes its place.
   */
  #s3(): GatewayVpcEndpoint | InterfaceVpcEndpoint {
    const { deployment: { network: { internet, existing } }, network: { vpc, taskSubnets } } = this.#props;
    if (existing === undefined && internet === 'nat') {
      return vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3, subnets: [taskSubnets] });
    }
    // Of S3 alone, private DNS answers by default only those who ask from outside the VPC.
    return this.#interfaceEndpoint('S3', InterfaceVpcEndpointAwsService.S3, VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint.ALL_RESOLVERS);
  }

  #interfaceEndpoint(
    name: string,
    service: InterfaceVpcEndpointAwsService,
    privateDnsOnlyForInboundResolverEndpoint?: VpcEndpointPrivateDnsOnlyForInboundResolverEndpoint,
  ): InterfaceVpcEndpoint {
    const { network: { vpc, taskSubnets }, securityGroup } = this.#props;
    return vpc.addInterfaceEndpoint(name, {
      service,
      subnets: taskSubnets,
      securityGroups: [securityGroup],
      privateDnsEnabled: true, // the default for every service but S3
      open: false,
      privateDnsOnlyForInboundResolverEndpoint,
    });
  }
}

/** This account's own buckets, and the image layers of the registry. */
function s3Statements({ account, region, partition }: Stack): readonly PolicyStatement[] {
  return [
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: ['*'], // any bucket, but of this account alone
      conditions: { StringEquals: { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account } },
    }),
    new PolicyStatement({
      // Image layers come by presigned links from a bucket of the registry's own, which has no principal of this account.
      principals: [new AnyPrincipal()],
      actions: ['s3:GetObject'],
      resources: [`arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`],
    }),
  ];
}
