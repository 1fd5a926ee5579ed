import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import type { Call } from './calls.ts';
import { isAwsError, SecretsError } from './errors.ts';

/**
 * Refuses a key that may not or cannot protect this deployment's secrets.
 *
 * @throws SecretsError `KEY_UNUSABLE`, with what was got and what was expected
 */
export async function demandUsableKey(arn: string, kms: KMSClient, call: Call): Promise<void> {
  const problems = keyProblems(arn, await describe(arn, kms, call));
  if (problems.length === 0) return;
  throw new SecretsError('KEY_UNUSABLE', `${arn} cannot hold the secrets: ${problems.join('; ')}. Nothing was written. Mend the key, or name another, and deploy again.`);
}

async function describe(arn: string, kms: KMSClient, call: Call): Promise<KeyMetadata | undefined> {
  try {
    const { KeyMetadata } = await call('DescribeKey', arn, (options) => kms.send(new DescribeKeyCommand({ KeyId: arn }), options));
    return KeyMetadata;
  } catch (error) {
    if (isAwsError(error, 'NotFoundException')) return undefined;
    throw error;
  }
}

function keyProblems(arn: string, key: KeyMetadata | undefined): readonly string[] {
  if (key === undefined) return ['it does not exist in this region'];
  const expectations: readonly (readonly [string, unknown, unknown])[] = [
    ['Arn', key.Arn, arn],
    ['KeyManager', key.KeyManager, 'CUSTOMER'],
    ['KeyState', key.KeyState, 'Enabled'],
    ['KeySpec', key.KeySpec, 'SYMMETRIC_DEFAULT'],
    ['KeyUsage', key.KeyUsage, 'ENCRYPT_DECRYPT'],
    ['MultiRegion', key.MultiRegion, false],
  ];
  return expectations.filter(([, got, expected]) => got !== expected).map(([property, got, expected]) => `${property} is ${String(got)}, expected ${String(expected)}`);
}

/**
 * Whether the id with which a version was written certainly means this key.
 *
 * Parameter Store keeps the id as the writer gave it. An ARN and a bare key id name one key for ever; an
 * alias can be moved, so it never tells which key it named when the version was written.
 */
export function isCertainlyKey(keyId: string | undefined, arn: string): boolean {
  return keyId === arn || keyId === arn.slice(arn.indexOf('/') + 1);
}
