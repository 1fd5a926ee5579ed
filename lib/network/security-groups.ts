import { Tags } from 'aws-cdk-lib';
import { Peer, Port, SecurityGroup, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/** Postgres' port. */
export const DATABASE_PORT = 5432;
/** The port on which the tasks serve the load balancer. */
export const SERVICE_PORT = 8080;

const HTTPS = Port.tcp(443);

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
  readonly endpoints: SecurityGroup;

  constructor(scope: Construct, id: string, { vpc }: { readonly vpc: IVpc }) {
    super(scope, id);
    const group = (name: string, description: string) =>
      new SecurityGroup(this, name, { vpc, description, allowAllOutbound: false });

    this.loadBalancer = group('LoadBalancer', 'Load balancer: from the internet to the tasks');
    this.tasks = group('Tasks', 'ECS tasks: to the database, the endpoints and HTTPS');
    this.database = group('Database', 'Postgres: from the ECS tasks alone');
    this.endpoints = group('Endpoints', 'Interface endpoints: from the ECS tasks alone');
    Tags.of(this.tasks).add('halton:role', 'ecs-tasks');

    this.loadBalancer.addIngressRule(Peer.anyIpv4(), HTTPS, 'HTTPS');
    this.loadBalancer.addIngressRule(Peer.anyIpv4(), Port.tcp(80), 'HTTP, to be redirected');
    this.loadBalancer.addEgressRule(this.tasks, Port.tcp(SERVICE_PORT), 'Requests to the tasks');

    this.tasks.addIngressRule(this.loadBalancer, Port.tcp(SERVICE_PORT), 'Requests from the load balancer');
    this.tasks.addEgressRule(this.database, Port.tcp(DATABASE_PORT), 'Postgres');
    // Any address: the identity provider's keys, webhooks and S3 have none that stays.
    this.tasks.addEgressRule(Peer.anyIpv4(), HTTPS, 'Interface endpoints, S3 and the identity provider');

    this.database.addIngressRule(this.tasks, Port.tcp(DATABASE_PORT), 'Postgres from the ECS tasks');
    this.endpoints.addIngressRule(this.tasks, HTTPS, 'AWS APIs from the ECS tasks');
  }
}
