import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { customerKey } from '../customer-key.ts';
import type { Deployment } from '../deployment/schema.ts';
import { cloudFormationRoles, deploymentRoles, useThroughService } from '../key-policy.ts';
import { parameterPath } from '../names.ts';

/** The key of the SecureStrings: usable through Parameter Store alone, for this deployment's path alone. */
export function secretsKey(scope: Construct, id: string, deployment: Deployment): Key {
  const key = customerKey(scope, id, {
    description: `Secrets of ${deployment.name}`,
    // Also when a first deployment fails: what was made under it stays, and the next deployment adopts it.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const context = {
    PARAMETER_ARN: Stack.of(scope).formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: `${parameterPath(deployment).slice(1)}/*`,
    }),
  };
  key.addToResourcePolicy(
    useThroughService(scope, {
      sid: 'WriteThroughParameterStore',
      service: 'ssm',
      // Whoever may put a parameter may encrypt it, an operator at a terminal included; none can read it back by this.
      actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
      encryptionContext: context,
    }),
  );
  key.addToResourcePolicy(
    useThroughService(scope, {
      sid: 'ReadThroughParameterStore',
      service: 'ssm',
      actions: ['kms:Decrypt'],
      // CloudFormation resolves the database's master password.
      roles: [deploymentRoles(scope, deployment), cloudFormationRoles(scope)],
      encryptionContext: context,
    }),
  );
  return key;
}
