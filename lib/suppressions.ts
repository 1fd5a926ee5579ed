import { type App, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Deployment } from './deployment/schema.ts';

/** A finding of a rule pack that stands, on one resource, because of a decision. */
export interface Suppression {
  /** `<pack>::<rule>`: only in this form does the finding stay in the report, with its reason. */
  readonly rule: string;
  /** Construct path, without the `halton-<deployment>-` in front of the area. */
  readonly resource: string;
  readonly reason: string;
  /** The record in docs/adr that decided it, by file name. */
  readonly decision: string;
}

const NIST = 'NIST.800.53.R5::NIST.800.53.R5';

const openLoadBalancer = 'The load balancer is the service\'s public entrance; only it is open, on 443 and, to be redirected, 80.';
const noReplication = 'No data is replicated: the copy would be in another bucket, and copies outlive what deletion promises.';
const s3ManagedOnly = 'S3 and the load balancer deliver their logs to no bucket under a KMS key.';
const noVpc = 'No function reaches the database or sits in the VPC; it calls public AWS APIs with its own role.';
const noReserve = 'Only CloudFormation calls it, one call at a time; a reservation would take from an account that may have ten.';
const noDeadLetters = 'CloudFormation waits for its answer, so a failure is seen where it happens.';

const replicaInherits = 'A replica is encrypted as its source is, under the same key; CloudFormation takes no setting of its own.';
const replicaStandsAlone = 'It serves analytics, which can wait until a replica is made anew; the primary has a standby.';
const replicaKeepsNone = 'The primary\'s backups are the backups; a second set would be another copy to expire.';

const parameterPathOnly = 'The deployment\'s own path: the parameters below it are made by this very function.';
const anyKeyToRead = 'Reads what was stored under aws/ssm, or under the key of a stack that was rolled back; through Parameter Store and for the deployment\'s path alone.';

/** Every finding that stands. One that matches nothing is refused, so the table cannot outlive its reasons. */
export function suppressions(deployment: Deployment): readonly Suppression[] {
  const zones = deployment.network.availabilityZones.map((_, index) => index + 1);
  const functions = ['network/Parameters/Handler/Function/Resource', 'network/Parameters/Provider/framework-onEvent/Resource'];
  const buckets = ['data/Archive/AccessLogs/Resource', 'data/Archive/Trail/Resource', 'data/Archive/Evidence/Resource', 'data/LoadBalancerLogs/Resource'];
  const replicas = deployment.database.readReplica ? ['data/Postgres/Replica/Resource'] : [];
  const databases = ['data/Postgres/Instance/Resource', ...replicas];
  const path = `parameter/halton/${deployment.name}/*`;
  const arn = (service: string, resource: string) =>
    `arn:${partition(deployment)}:${service}:${deployment.region}:${deployment.account ?? '<AWS::AccountId>'}:${resource}`;

  return [
    { rule: 'AwsSolutions::AwsSolutions-EC23', resource: 'network/SecurityGroups/LoadBalancer/Resource', reason: openLoadBalancer, decision: '0005-network-and-ports' },
    { rule: `AwsSolutions::AwsSolutions-IAM5[Resource::${arn('ssm', path)}]`, resource: 'data/Secrets/Policy/Resource', reason: parameterPathOnly, decision: '0004-secrets' },
    { rule: `AwsSolutions::AwsSolutions-IAM5[Resource::${arn('kms', 'key/*')}]`, resource: 'data/Secrets/Policy/Resource', reason: anyKeyToRead, decision: '0004-secrets' },
    ...functions.flatMap((resource) => [
      { rule: `${NIST}-LambdaInsideVPC`, resource, reason: noVpc, decision: '0005-network-and-ports' },
      { rule: `${NIST}-LambdaConcurrency`, resource, reason: noReserve, decision: '0004-secrets' },
      { rule: `${NIST}-LambdaDLQ`, resource, reason: noDeadLetters, decision: '0004-secrets' },
    ]),
    ...zones.map((zone) => ({
      rule: `${NIST}-VPCNoUnrestrictedRouteToIGW`,
      resource: `network/Network/Vpc/publicSubnet${zone}/DefaultRoute`,
      reason: 'A public subnet: it holds the load balancer and the NAT gateway, and nothing else.',
      decision: '0005-network-and-ports',
    })),
    ...zones.flatMap((zone) =>
      ['private', 'public', 'isolated'].map((kind) => ({
        rule: 'CloudFormation-Validate::W3010',
        resource: `network/Network/Vpc/${kind}Subnet${zone}/Subnet`,
        reason: 'Zones are named in the deployment file, so that synthesis asks no account.',
        decision: '0001-synthesis-needs-node-alone',
      })),
    ),
    ...databases.flatMap((resource) => [
      { rule: 'AwsSolutions::AwsSolutions-RDS11', resource, reason: 'The security page names 5432; the port is guarded, not hidden.', decision: '0005-network-and-ports' },
      { rule: `${NIST}-RDSEnhancedMonitoringEnabled`, resource, reason: 'Its log group is shared by the whole account and outlives the deployment; Performance Insights serves instead.', decision: '0006-database-and-buckets' },
      { rule: `${NIST}-RDSInBackupPlan`, resource, reason: 'Copies in a backup vault would outlive the seven days after which nothing deleted is left.', decision: '0006-database-and-buckets' },
    ]),
    ...replicas.flatMap((resource) => [
      ...['AwsSolutions::AwsSolutions-RDS2', `${NIST}-RDSStorageEncrypted`].map((rule) => ({ rule, resource, reason: replicaInherits, decision: '0006-database-and-buckets' })),
      ...['AwsSolutions::AwsSolutions-RDS3', `${NIST}-RDSMultiAZSupport`].map((rule) => ({ rule, resource, reason: replicaStandsAlone, decision: '0006-database-and-buckets' })),
      ...['AwsSolutions::AwsSolutions-RDS13', `${NIST}-RDSInstanceBackupEnabled`].map((rule) => ({ rule, resource, reason: replicaKeepsNone, decision: '0006-database-and-buckets' })),
    ]),
    ...buckets.map((resource) => ({ rule: `${NIST}-S3BucketReplicationEnabled`, resource, reason: noReplication, decision: '0006-database-and-buckets' })),
    ...['data/Archive/AccessLogs/Resource', 'data/LoadBalancerLogs/Resource'].map((resource) => ({
      rule: `${NIST}-S3DefaultEncryptionKMS`,
      resource,
      reason: s3ManagedOnly,
      decision: '0006-database-and-buckets',
    })),
  ];
}

/**
 * Acknowledges every finding of the table on its one resource.
 *
 * @throws where a resource of the table is not in the app
 */
export function acknowledgeFindings(app: App, deployment: Deployment): void {
  for (const { rule, resource, reason, decision } of suppressions(deployment)) {
    const path = `halton-${deployment.name}-${resource}`;
    const construct = path.split('/').reduce<IConstruct | undefined>((node, id) => node?.node.tryFindChild(id), app);
    if (construct === undefined) {
      throw new Error(`lib/suppressions.ts: got ${path} for ${rule}, expected a construct of this app; remove the entry or mend its path.`);
    }
    Validations.of(construct).acknowledge({ id: rule, reason: `${reason} (ADR ${decision})` });
  }
}

function partition({ region }: Deployment): string {
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
