import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LAMBDA_ARCHITECTURE, LAMBDA_RUNTIME } from '../lambda-function.ts';
import { l1 } from '../l1.ts';
import { storeLogGroup } from '../log-group.ts';
import { stores } from '../stores.ts';

/**
 * Brings the function with which the CDK empties the VPC's default security group up to the standard of
 * the deployment's own: the same runtime, a log group that is encrypted and expires, and no managed policy.
 */
export function closeDefaultSecurityGroup(vpc: Vpc, logKey: IKey): void {
  const provider = Stack.of(vpc).node.findChild('Custom::VpcRestrictDefaultSGCustomResourceProvider');
  const logGroup = storeLogGroup(provider, 'LogGroup', {
    store: stores.functionLog,
    encryptionKey: logKey,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const handler = l1(provider.node.findChild('Handler'), CfnResource);
  handler.addPropertyOverride('Runtime', LAMBDA_RUNTIME.name);
  handler.addPropertyOverride('Architectures', [LAMBDA_ARCHITECTURE.name]);
  handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName });

  const role = l1(provider.node.findChild('Role'), CfnResource);
  role.addPropertyDeletionOverride('ManagedPolicyArns');
  // Index 1: the CDK's own statement, bound to the default group's ARN, stands at 0.
  role.addPropertyOverride('Policies.1', {
    PolicyName: 'Logs',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logGroup.logGroupArn },
      ],
    },
  });
}
