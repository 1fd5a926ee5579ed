import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, ObjectLockRetention, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type Store, tagStore } from './stores.ts';

/**
 * S3 rounds an object's expiry up to the next midnight, twice: once for the current version, once for the
 * one that then lies behind it. Leaving these two days out keeps the store's retention an upper bound.
 */
const ROUNDING_DAYS = 2;

export interface StoreBucketProps {
  readonly store: Store;
  /** @default - S3's own keys, for the logs that S3 and the load balancer can deliver under no other */
  readonly encryptionKey?: IKey;
  /** Where S3 writes who touched the bucket. @default - not logged */
  readonly accessLogs?: { readonly bucket: Bucket; readonly prefix: string };
  /** Whether objects can be neither changed nor deleted until they expire. @default false */
  readonly locked?: boolean;
  readonly objectOwnership?: ObjectOwnership;
}

/** A private, versioned, TLS-only bucket that forgets its objects when their store's retention is over. */
export function storeBucket(scope: Construct, id: string, props: StoreBucketProps): Bucket {
  const { store, encryptionKey, accessLogs, locked = false } = props;
  const days = Duration.days(store.retention - ROUNDING_DAYS);
  const bucket = new Bucket(scope, id, {
    ...(encryptionKey === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: props.objectOwnership ?? ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    lifecycleRules: [
      { id: 'Expire', expiration: days, noncurrentVersionExpiration: Duration.days(1) },
      { id: 'CleanUp', expiredObjectDeleteMarker: true, abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    serverAccessLogsBucket: accessLogs?.bucket,
    serverAccessLogsPrefix: accessLogs?.prefix,
    ...(locked ? lockedFor(days) : {}),
    // A first deployment that fails leaves none behind.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  tagStore(bucket, store);
  return bucket;
}

/** Compliance mode: nobody can shorten it, the account's root user included. */
function lockedFor(days: Duration): Pick<BucketProps, 'objectLockEnabled' | 'objectLockDefaultRetention'> {
  return { objectLockEnabled: true, objectLockDefaultRetention: ObjectLockRetention.compliance(days) };
}
