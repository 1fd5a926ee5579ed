import { RemovalPolicy } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { customerKey } from '../customer-key.ts';
import type { Deployment } from '../deployment/schema.ts';
import { cloudFormationRoles, deploymentRoles, useThroughService } from '../key-policy.ts';

/** The key of the database's storage, its automated backups and its Performance Insights: usable through RDS alone. */
export function databaseKey(scope: Construct, id: string, deployment: Deployment): Key {
  const key = customerKey(scope, id, {
    description: `Database of ${deployment.name}`,
    // As long as the instance.
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const roles = [cloudFormationRoles(scope), deploymentRoles(scope, deployment)];
  key.addToResourcePolicy(
    useThroughService(scope, {
      sid: 'UseThroughRds',
      service: 'rds',
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      roles,
    }),
  );
  key.addToResourcePolicy(
    useThroughService(scope, {
      sid: 'GrantsOfRds',
      service: 'rds',
      actions: ['kms:CreateGrant'],
      roles,
      grantsForServicesOnly: true,
    }),
  );
  return key;
}
