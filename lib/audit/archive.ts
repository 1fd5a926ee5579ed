import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { customerKey } from '../customer-key.ts';
import type { Deployment } from '../deployment/schema.ts';
import { deploymentRoles, useThroughService } from '../key-policy.ts';
import { storeBucket } from '../store-bucket.ts';
import { stores } from '../stores.ts';

/** What must survive tampering: the bucket of the trail, the bucket of the receipts, their key, and who touched them. */
export class Archive extends Construct {
  readonly key: Key;
  readonly accessLogs: Bucket;
  readonly trail: Bucket;
  readonly evidence: Bucket;

  constructor(scope: Construct, id: string, { deployment }: { readonly deployment: Deployment }) {
    super(scope, id);
    this.key = this.#key(deployment);
    this.accessLogs = storeBucket(this, 'AccessLogs', { store: stores.accessLog });
    const locked = (name: string, store: typeof stores.trail | typeof stores.evidence) =>
      storeBucket(this, name, {
        store,
        encryptionKey: this.key,
        accessLogs: { bucket: this.accessLogs, prefix: `${name.toLowerCase()}/` },
        locked: true,
      });
    this.trail = locked('Trail', stores.trail);
    this.evidence = locked('Evidence', stores.evidence);
  }

  #key(deployment: Deployment): Key {
    const stack = Stack.of(this);
    const key = customerKey(this, 'Key', {
      description: `Trail and receipts of ${deployment.name}`,
      // A first deployment that fails leaves none behind.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const trails = stack.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: `halton-${deployment.name}-*` });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'CloudTrailOfThisDeployment',
        principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
        actions: ['kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'], // in a key policy `*` is the key itself
        conditions: { ArnLike: { 'aws:SourceArn': trails } },
      }),
    );
    key.addToResourcePolicy(
      useThroughService(this, {
        sid: 'UseThroughS3',
        service: 's3',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        roles: [deploymentRoles(this, deployment)],
        // With a bucket key the context is the bucket; CloudFormation begins its name with the stack's.
        encryptionContext: { 'aws:s3:arn': `arn:${stack.partition}:s3:::halton-${deployment.name}-*` },
      }),
    );
    return key;
  }
}
