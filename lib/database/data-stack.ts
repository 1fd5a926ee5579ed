import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { AreaStack } from '../area-stack.ts';
import { Archive } from '../audit/archive.ts';
import type { Deployment } from '../deployment/schema.ts';
import type { NetworkStack } from '../network/network-stack.ts';
import { SecureParameters } from '../secrets/secure-parameters.ts';
import { secretsKey } from '../secrets/secrets-key.ts';
import { storeBucket } from '../store-bucket.ts';
import { stores } from '../stores.ts';
import { databaseKey } from './database-key.ts';
import { Postgres } from './postgres.ts';

export interface DataStackProps {
  readonly deployment: Deployment;
  readonly network: NetworkStack;
}

/** Whatever must survive: keys, secrets, the database and every bucket. */
export class DataStack extends AreaStack {
  readonly archive: Archive;
  readonly loadBalancerLogs: Bucket;
  readonly postgres: Postgres;
  readonly secretsKey: IKey;

  constructor(scope: Construct, { deployment, network }: DataStackProps) {
    super(scope, 'data', deployment, 'keys, secrets, database and buckets');

    this.secretsKey = secretsKey(this, 'SecretsKey', deployment);
    const secrets = new SecureParameters(this, 'Secrets', { deployment, key: this.secretsKey, function: network.parametersFunction });

    this.postgres = new Postgres(this, 'Postgres', {
      deployment,
      vpc: network.vpc,
      subnets: network.databaseSubnets,
      securityGroup: network.securityGroups.database,
      key: databaseKey(this, 'DatabaseKey', deployment),
      logKey: network.logKey,
    });
    // The reference to the master password is text to CloudFormation, which would not wait for it by itself.
    this.postgres.instance.node.addDependency(secrets.parameters);
    secrets.addDatabaseUrl(this.postgres.instance);

    this.archive = new Archive(this, 'Archive', { deployment });
    this.loadBalancerLogs = storeBucket(this, 'LoadBalancerLogs', {
      store: stores.loadBalancerLog,
      accessLogs: { bucket: this.archive.accessLogs, prefix: 'load-balancer-logs/' },
    });
  }
}
