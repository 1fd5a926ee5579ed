import { Tags } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup, type IPeer, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import { makesEndpoints, vpcRange } from './plan.ts';

/** Postgres' port. */
export const DATABASE_PORT = 5432;
/** The port on which the tasks serve the load balancer. */
export const SERVICE_PORT = 8443;

const HTTPS = Port.tcp(443);

export interface SecurityGroupsProps {
  readonly deployment: Deployment;
  readonly vpc: IVpc;
}

/**
 * Every security group of the deployment.
 *
 * They live together in the network's stack: rules between groups of different stacks would make the
 * stacks depend on one another in both directions.
 */
export class SecurityGroups extends Construct {
  readonly loadBalancer: SecurityGroup;
  readonly tasks: SecurityGroup;
  readonly database: SecurityGroup;
  /** Absent where the VPC has its endpoints, and their groups, already. */
  readonly endpoints?: SecurityGroup;

  constructor(scope: Construct, id: string, { deployment: { network, service }, vpc }: SecurityGroupsProps) {
    super(scope, id);
    const group = (name: string, description: string) =>
      new SecurityGroup(this, name, { vpc, description, allowAllOutbound: false });
    const isPublic = service.loadBalancer === 'internet-facing';
    const range = Peer.ipv4(vpcRange(network));

    this.loadBalancer = group('LoadBalancer', `Load balancer: from the ${isPublic ? 'internet' : 'network'} to the tasks`);
    this.tasks = group('Tasks', 'ECS tasks: to the database, the endpoints and HTTPS');
    this.database = group('Database', 'Postgres: from the ECS tasks alone');
    Tags.of(this.tasks).add('halton:role', 'ecs-tasks');

    for (const clients of service.clientCidrs?.map((cidr) => Peer.ipv4(cidr)) ?? [isPublic ? Peer.anyIpv4() : range]) {
      this.loadBalancer.addIngressRule(clients, HTTPS, 'HTTPS');
      this.loadBalancer.addIngressRule(clients, Port.tcp(80), 'HTTP, to be redirected');
    }
    this.loadBalancer.addEgressRule(this.tasks, Port.tcp(SERVICE_PORT), 'Requests to the tasks');

    this.tasks.addIngressRule(this.loadBalancer, Port.tcp(SERVICE_PORT), 'Requests from the load balancer');
    this.tasks.addEgressRule(this.database, Port.tcp(DATABASE_PORT), 'Postgres');
    this.database.addIngressRule(this.tasks, Port.tcp(DATABASE_PORT), 'Postgres from the ECS tasks');

    if (makesEndpoints(network)) {
      this.endpoints = group('Endpoints', 'Interface endpoints: from the ECS tasks alone');
      this.endpoints.addIngressRule(this.tasks, HTTPS, 'AWS APIs from the ECS tasks');
    }
    this.#letTasksOut(network, range);
  }

  #letTasksOut({ internet, existing }: Deployment['network'], range: IPeer): void {
    if (internet === 'nat') {
      // Any address: the identity provider's keys, webhooks and S3 have none that stays.
      this.tasks.addEgressRule(Peer.anyIpv4(), HTTPS, 'Interface endpoints, S3 and the identity provider');
      return;
    }
    if (this.endpoints !== undefined) {
      this.tasks.addEgressRule(this.endpoints, HTTPS, 'AWS APIs and S3 through the interface endpoints');
      return;
    }
    // The groups of endpoints that are there already have no name here; their addresses are the VPC's.
    this.tasks.addEgressRule(range, HTTPS, 'Interface endpoints of the VPC');
    if (existing?.s3PrefixList !== undefined) {
      this.tasks.addEgressRule(Peer.prefixList(existing.s3PrefixList), HTTPS, 'S3 through its gateway endpoint');
    }
  }
}
