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
    this.#admitTrails(deployment);
    this.evidence = locked('Evidence', stores.evidence);
  }

  /** Here and not beside the trail: a bucket has one policy, and the trail's stack comes later. */
  #admitTrails(deployment: Deployment): void {
    const cloudTrail = new ServicePrincipal('cloudtrail.amazonaws.com');
    const fromTrails = { 'aws:SourceArn': trailArns(this, deployment) };
    this.trail.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TrailsLookAtTheBucket',
        principals: [cloudTrail],
        actions: ['s3:GetBucketAcl'],
        resources: [this.trail.bucketArn],
        conditions: { ArnLike: fromTrails },
      }),
    );
    this.trail.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TrailsWrite',
        principals: [cloudTrail],
        actions: ['s3:PutObject'],
        resources: [this.trail.arnForObjects(`AWSLogs/${Stack.of(this).account}/*`)],
        conditions: { ArnLike: fromTrails, StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
    );
  }

  #key(deployment: Deployment): Key {
    const stack = Stack.of(this);
    const key = customerKey(this, 'Key', {
      description: `Trail and receipts of ${deployment.name}`,
      // A first deployment that fails leaves none behind.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'CloudTrailOfThisDeployment',
        principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
        actions: ['kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'], // in a key policy `*` is the key itself
        conditions: { ArnLike: { 'aws:SourceArn': trailArns(this, deployment) } },
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

/** ARN pattern of the deployment's trails: CloudFormation begins their names with the stack's. */
function trailArns(scope: Construct, deployment: Deployment): string {
  return Stack.of(scope).formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: `halton-${deployment.name}-*` });
}
