/** `after-deploy.ts NAME` reads an account back after a deployment and an update: every secret is there, under the right key, and kept its value. */
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetParameterHistoryCommand, SSMClient } from '@aws-sdk/client-ssm';
import { secretPath, secrets } from '../lib/secrets/table.ts';

const name = process.argv[2] ?? 'hosted';
const ssm = new SSMClient();
const kms = new KMSClient();
const problems: string[] = [];

for (const secret of secrets) {
  const path = secretPath({ name }, secret);
  const { Parameters: versions = [] } = await ssm.send(new GetParameterHistoryCommand({ Name: path, WithDecryption: true }));
  const last = versions.at(-1);
  const key = last?.KeyId === undefined ? undefined : (await kms.send(new DescribeKeyCommand({ KeyId: last.KeyId }))).KeyMetadata;
  const check = (holds: boolean, expected: string, got: unknown) => {
    if (!holds) problems.push(`${path}: expected ${expected}, got ${String(got)}`);
  };
  check(last?.Type === 'SecureString', 'a SecureString', last?.Type);
  check(key?.KeyManager === 'CUSTOMER' && key.Description === `Secrets of ${name}`, "the deployment's key", key?.Description ?? last?.KeyId);
  check(new Set(versions.map(({ Value }) => Value)).size === 1, 'one value in all versions', 'several');
  check(versions.length === (secret.source === 'operator' ? 2 : 1), secret.source === 'operator' ? 'two versions, stored and re-encrypted' : 'one version', versions.length);
}

for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length === 0) process.stdout.write(`${secrets.length} SecureStrings under the deployment's key, each with the value it was given first\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
