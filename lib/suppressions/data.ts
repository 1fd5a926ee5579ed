import type { Deployment } from '../deployment/schema.ts';
import { arn, aws, nist, type Suppression, suppress } from './suppression.ts';

const STATE = '0006-database-and-buckets';
const SECRETS = '0004-secrets';

export function dataSuppressions(deployment: Deployment): readonly Suppression[] {
  const replicas = deployment.database.readReplica ? ['data/Postgres/Replica/Resource'] : [];
  const databases = ['data/Postgres/Instance/Resource', ...replicas];
  const unprotected = deployment.danger.disableDeletionProtection ? ['data/Postgres/Instance/Resource'] : [];
  const locked = ['data/Archive/Trail/Resource', 'data/Archive/Evidence/Resource'];
  const logs = ['data/Archive/AccessLogs/Resource', 'data/LoadBalancerLogs/Resource'];

  return [
    ...suppress([aws('RDS11')], databases, '0005-network-and-ports', 'The security page names 5432; the port is guarded, not hidden.'),
    ...suppress(
      [nist('RDSEnhancedMonitoringEnabled')],
      databases,
      STATE,
      'Its log group is shared by the whole account and outlives the deployment; Performance Insights serves instead.',
    ),
    ...suppress(
      [nist('RDSInBackupPlan')],
      databases,
      STATE,
      'Copies in a backup vault would outlive the seven days after which nothing deleted is left.',
    ),
    ...suppress(
      [aws('RDS2'), nist('RDSStorageEncrypted')],
      replicas,
      STATE,
      'A replica is encrypted as its source is, under the same key; CloudFormation takes no setting of its own.',
    ),
    ...suppress(
      [aws('RDS3'), nist('RDSMultiAZSupport')],
      replicas,
      STATE,
      'It serves analytics, which can wait until a replica is made anew; the primary has a standby.',
    ),
    ...suppress(
      [aws('RDS13'), nist('RDSInstanceBackupEnabled')],
      replicas,
      STATE,
      "The primary's backups are the backups; a second set would be another copy to expire.",
    ),
    ...suppress(
      [aws('RDS10'), nist('RDSInstanceDeletionProtectionEnabled')],
      replicas,
      STATE,
      'A replica holds nothing of its own, and one that could not be deleted would be left behind when it is switched off.',
    ),
    ...suppress(
      [aws('RDS10'), nist('RDSInstanceDeletionProtectionEnabled')],
      unprotected,
      STATE,
      'The deployment file lifts it, under danger, so that the deployment can be taken down.',
    ),
    ...suppress(
      [nist('S3BucketReplicationEnabled')],
      [...locked, ...logs],
      STATE,
      'No data is replicated: the copy would be in another bucket, and copies outlive what deletion promises.',
    ),
    ...suppress([nist('S3DefaultEncryptionKMS')], logs, STATE, 'S3 and the load balancer deliver their logs to no bucket under a KMS key.'),
    ...suppress(
      [aws(`IAM5[Resource::${arn(deployment, 'ssm', `parameter/halton/${deployment.name}/*`)}]`)],
      ['data/Secrets/Policy/Resource'],
      SECRETS,
      "The deployment's own path: the parameters below it are made by this very function.",
    ),
    ...suppress(
      [aws(`IAM5[Resource::${arn(deployment, 'kms', 'key/*')}]`)],
      ['data/Secrets/Policy/Resource'],
      SECRETS,
      "Reads what was stored under aws/ssm, or under the key of a stack that was rolled back; through Parameter Store and for the deployment's path alone.",
    ),
  ];
}
