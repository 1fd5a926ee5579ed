import { RemovalPolicy } from 'aws-cdk-lib';
import { FlowLogDestination, FlowLogTrafficType, IpAddresses, SubnetType, Vpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { type IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import { MOST_ZONES } from '../deployment/zones.ts';
import { storeLogGroup } from '../log-group.ts';
import { stores } from '../stores.ts';
import { closeDefaultSecurityGroup } from './default-security-group.ts';
import { vpcRange, type Network } from './plan.ts';

export interface HaltonVpcProps {
  readonly deployment: Deployment;
  readonly logKey: IKey;
}

/**
 * A VPC of the deployment's own: private subnets for tasks, isolated ones for the database and, where there is a
 * way out, public ones for the load balancer.
 */
export class HaltonVpc extends Construct implements Network {
  readonly vpc: Vpc;
  readonly loadBalancerSubnets: SubnetSelection;
  readonly taskSubnets: SubnetSelection = { subnetGroupName: 'private' };
  readonly databaseSubnets: SubnetSelection = { subnetGroupName: 'isolated' };

  constructor(scope: Construct, id: string, { deployment, logKey }: HaltonVpcProps) {
    super(scope, id);
    const { availabilityZones, internet } = deployment.network;
    const closed = internet === 'none';
    const isPublic = deployment.service.loadBalancer === 'internet-facing';
    this.loadBalancerSubnets = isPublic ? { subnetGroupName: 'public' } : this.taskSubnets;
    const cidr = vpcRange(deployment.network);
    const prefix = Number(cidr.split('/')[1]);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(cidr),
      maxAzs: availabilityZones.length,
      // Room for as many as a deployment may name, so that adding one moves no subnet.
      reservedAzs: MOST_ZONES - availabilityZones.length,
      // A sixteenth of the range for a zone's tasks, a sixty-fourth each for its load balancer and database:
      // four zones take 24 of 64 parts, and a /20 still has the 27-bit subnet that a load balancer asks for.
      subnetConfiguration: [
        { name: 'private', subnetType: closed ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS, cidrMask: prefix + 4 },
        // Without a public subnet the CDK makes neither an internet gateway nor NAT gateways; its range stays
        // reserved, so that opening or closing the network moves no other subnet.
        { name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: prefix + 6, ...(closed ? { reserved: true } : { mapPublicIpOnLaunch: false }) },
        { name: 'isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: prefix + 6 },
      ],
      // One gateway a zone (the default), so that losing a zone takes no other zone's way out with it.
      restrictDefaultSecurityGroup: true,
    });
    closeDefaultSecurityGroup(this.vpc, logKey);

    const logGroup = storeLogGroup(this, 'FlowLogGroup', {
      store: stores.flowLog,
      encryptionKey: logKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.vpc.addFlowLog('FlowLog', {
      trafficType: FlowLogTrafficType.ALL,
      destination: FlowLogDestination.toCloudWatchLogs(logGroup, this.#flowLogRole(logGroup)),
    });
  }

  #flowLogRole(logGroup: LogGroup): IRole {
    const role = new Role(this, 'FlowLogRole', { assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com') });
    new ManagedPolicy(role, 'Logs', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
          resources: [logGroup.logGroupArn],
        }),
      ],
    });
    return role.withoutPolicyUpdates();
  }
}
