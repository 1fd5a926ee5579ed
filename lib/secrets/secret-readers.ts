import { Stack } from 'aws-cdk-lib';
import { type IRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import { type SecretReader, secretPath, secrets } from './table.ts';

/** Lets a role read, at boot, the secrets that the table gives to a reader, and no other. */
export function allowReading(scope: Construct, id: string, role: IRole, reader: SecretReader, deployment: Deployment, key: IKey): void {
  const stack = Stack.of(scope);
  const arns = secrets
    .filter(({ readers }) => readers.includes(reader))
    .map((secret) => stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: secretPath(deployment, secret).slice(1) }));
  new ManagedPolicy(scope, id, {
    roles: [role],
    statements: [
      new PolicyStatement({ actions: ['ssm:GetParameter', 'ssm:GetParameters'], resources: arns }),
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `ssm.${stack.region}.amazonaws.com`, 'kms:EncryptionContext:PARAMETER_ARN': arns },
        },
      }),
    ],
  });
}
