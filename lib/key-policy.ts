import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment/schema.ts';

/**
 * Administration of a key by the account, and nothing of its use.
 *
 * The usual `kms:*` for the account would let any administrator read what the key protects; whoever
 * may use a key here is named by a statement of its own.
 */
export function keyAdministration(): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'AdministrationByTheAccount',
        principals: [new AccountRootPrincipal()],
        actions: [
          'kms:DescribeKey',
          'kms:GetKeyPolicy',
          'kms:GetKeyRotationStatus',
          'kms:ListGrants',
          'kms:ListKeyPolicies',
          'kms:ListKeyRotations',
          'kms:ListResourceTags',
          'kms:PutKeyPolicy',
          'kms:EnableKey',
          'kms:DisableKey',
          'kms:EnableKeyRotation',
          'kms:RotateKeyOnDemand',
          'kms:UpdateKeyDescription',
          'kms:TagResource',
          'kms:UntagResource',
          'kms:RevokeGrant',
          'kms:ScheduleKeyDeletion',
          'kms:CancelKeyDeletion',
        ],
        resources: ['*'], // in a key policy `*` is the key itself
      }),
    ],
  });
}

/** Who may use a key through which service, and for what. */
export interface ServiceUse {
  readonly sid: string;
  /** The service that calls KMS for the caller, as `kms:ViaService` names it: `rds`, `ssm`, `s3`. */
  readonly service: string;
  readonly actions: readonly string[];
  /** ARN patterns of roles. @default - whoever the account's IAM allows */
  readonly roles?: readonly string[];
  /** Patterns that the encryption context has to match, by context key. */
  readonly encryptionContext?: Readonly<Record<string, string>>;
  /** Only grants that an AWS service makes for its own resource. @default false */
  readonly grantsForServicesOnly?: boolean;
}

/** Lets the account's IAM allow the use of a key, but only through one service and within these bounds. */
export function useThroughService(scope: Construct, use: ServiceUse): PolicyStatement {
  const stack = Stack.of(scope);
  const context = Object.entries(use.encryptionContext ?? {}).map(([key, pattern]) => [`kms:EncryptionContext:${key}`, pattern]);
  return new PolicyStatement({
    sid: use.sid,
    principals: [new AccountRootPrincipal()],
    actions: [...use.actions],
    resources: ['*'], // in a key policy `*` is the key itself
    conditions: {
      StringEquals: { 'kms:ViaService': `${use.service}.${stack.region}.amazonaws.com` },
      ...(use.roles === undefined ? {} : { ArnLike: { 'aws:PrincipalArn': [...use.roles] } }),
      ...(context.length === 0 ? {} : { StringLike: Object.fromEntries(context) }),
      ...(use.grantsForServicesOnly ? { Bool: { 'kms:GrantIsForAWSResource': 'true' } } : {}),
    },
  });
}

/** ARN pattern of the roles that the deployment's stacks make: CloudFormation begins their names with the stack's. */
export function deploymentRoles(scope: Construct, deployment: Deployment): string {
  return roleArn(scope, `halton-${deployment.name}-*`);
}

/** ARN pattern of the role with which CloudFormation deploys, for any bootstrap qualifier. */
export function cloudFormationRoles(scope: Construct): string {
  return roleArn(scope, 'cdk-*-cfn-exec-role-*');
}

function roleArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName: name });
}
