import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import { keyAdministration } from '../key-policy.ts';

/**
 * The P-256 key that signs receipts. KMS rotates no asymmetric key: its successor is another key, and the
 * handover is signed by both.
 */
export function signingKey(scope: Construct, id: string, deployment: Deployment): Key {
  const key = new Key(scope, id, {
    description: `Receipts of ${deployment.name}`,
    keySpec: KeySpec.ECC_NIST_P256,
    keyUsage: KeyUsage.SIGN_VERIFY,
    multiRegion: false,
    // Receipts outlive the stack, and so does what they are verified with.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    policy: keyAdministration(),
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'SignReceipts',
      principals: [new AccountRootPrincipal()],
      actions: ['kms:Sign'],
      resources: ['*'], // in a key policy `*` is the key itself
      conditions: {
        ArnLike: {
          'aws:PrincipalArn': Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: `halton-${deployment.name}-evidence-*` }),
        },
      },
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AnyoneInTheAccountMayVerify',
      principals: [new AccountRootPrincipal()],
      actions: ['kms:GetPublicKey', 'kms:Verify'],
      resources: ['*'], // in a key policy `*` is the key itself
    }),
  );
  return key;
}
