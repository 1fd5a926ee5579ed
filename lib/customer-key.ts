import type { RemovalPolicy } from 'aws-cdk-lib';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { keyAdministration } from './key-policy.ts';

export interface CustomerKeyProps {
  readonly description: string;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * A customer-managed key of this region alone, rotated every year, which the account administers and
 * nobody yet may use: each use is a statement that the caller adds.
 */
export function customerKey(scope: Construct, id: string, props: CustomerKeyProps): Key {
  return new Key(scope, id, {
    ...props,
    // KMS' own defaults, written out for whoever reads the template.
    keySpec: KeySpec.SYMMETRIC_DEFAULT,
    keyUsage: KeyUsage.ENCRYPT_DECRYPT,
    multiRegion: false,
    enableKeyRotation: true,
    policy: keyAdministration(),
  });
}
