import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Archive } from '../audit/archive.ts';

/** What judging a live account reads; nothing here shows data, a secret's value or an object's content. */
const READS = [
  'cloudformation:DescribeStackResources',
  'cloudformation:DescribeStacks',
  'cloudformation:GetTemplate',
  'cloudtrail:DescribeTrails',
  'cloudtrail:GetEventSelectors',
  'cloudtrail:GetTrailStatus',
  'ec2:DescribeFlowLogs',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroupRules',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcEndpoints',
  'ec2:DescribeVpcs',
  'ecs:DescribeClusters',
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'ecs:ListServices',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancerAttributes',
  'elasticloadbalancing:DescribeLoadBalancers',
  'kms:DescribeKey',
  'kms:GetKeyRotationStatus',
  'kms:ListKeys',
  'lambda:GetFunctionConfiguration',
  'lambda:ListFunctions',
  'logs:DescribeLogGroups',
  'logs:ListTagsForResource',
  'rds:DescribeDBInstanceAutomatedBackups',
  'rds:DescribeDBInstances',
  'rds:DescribeDBParameters',
  'rds:DescribeDBSnapshots',
  'rds:DescribeDBSubnetGroups',
  'rds:DescribeExportTasks',
  's3:GetBucketObjectLockConfiguration',
  's3:GetBucketPublicAccessBlock',
  's3:GetBucketTagging',
  's3:GetBucketVersioning',
  's3:GetEncryptionConfiguration',
  's3:GetLifecycleConfiguration',
  's3:GetReplicationConfiguration',
  's3:ListAllMyBuckets',
  'ssm:DescribeParameters',
];

export interface VerifierRoleProps {
  readonly archive: Archive;
  readonly signingKey: IKey;
}

/** The role that looks at the account, signs what it saw and puts it where nobody can change it; it can write nowhere else. */
export function verifierRole(scope: Construct, id: string, { archive, signingKey }: VerifierRoleProps): Role {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  new ManagedPolicy(role, 'Look', {
    roles: [role],
    // Any resource: an account is verified by finding what should not be there, and most of these calls take no resource.
    statements: [new PolicyStatement({ actions: READS, resources: ['*'] })],
  });
  new ManagedPolicy(role, 'Sign', {
    roles: [role],
    statements: [
      new PolicyStatement({ actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [signingKey.keyArn] }),
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [archive.evidence.arnForObjects('receipts/*')] }),
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [archive.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${Stack.of(scope).region}.amazonaws.com` } },
      }),
    ],
  });
  return role;
}
