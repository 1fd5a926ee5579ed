import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { AreaStack } from '../area-stack.ts';
import { Archive } from '../audit/archive.ts';
import type { Deployment } from '../deployment/schema.ts';
import type { SecurityGroups } from '../network/security-groups.ts';
import type { ParametersFunction } from '../secrets/parameters-function.ts';
import { SecureParameters } from '../secrets/secure-parameters.ts';
import { secretsKey } from '../secrets/secrets-key.ts';
import { storeBucket } from '../store-bucket.ts';
import { stores } from '../stores.ts';
import { databaseKey } from './database-key.ts';
import { Postgres } from './postgres.ts';

export interface DataStackProps {
  readonly deployment: Deployment;
  readonly vpc: IVpc;
  readonly securityGroups: SecurityGroups;
  readonly logKey: IKey;
  readonly parametersFunction: ParametersFunction;
}

/** Whatever must survive: keys, secrets, the database and every bucket. */
export class DataStack extends AreaStack {
  readonly archive: Archive;
  readonly loadBalancerLogs: Bucket;

  constructor(scope: Construct, { deployment, vpc, securityGroups, logKey, parametersFunction }: DataStackProps) {
    super(scope, 'data', deployment, 'keys, secrets, database and buckets');

    const secrets = new SecureParameters(this, 'Secrets', {
      deployment,
      key: secretsKey(this, 'SecretsKey', deployment),
      function: parametersFunction,
    });

    const postgres = new Postgres(this, 'Postgres', {
      deployment,
      vpc,
      securityGroup: securityGroups.database,
      key: databaseKey(this, 'DatabaseKey', deployment),
      logKey,
    });
    // The reference to the master password is text to CloudFormation, which would not wait for it by itself.
    postgres.instance.node.addDependency(secrets.parameters);
    secrets.addDatabaseUrl(postgres.instance);

    this.archive = new Archive(this, 'Archive', { deployment });
    this.loadBalancerLogs = storeBucket(this, 'LoadBalancerLogs', {
      store: stores.loadBalancerLog,
      accessLogs: { bucket: this.archive.accessLogs, prefix: 'load-balancer-logs/' },
    });
  }
}
