import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { customerKey } from '../customer-key.ts';
import type { Deployment } from '../deployment/schema.ts';
import { databaseIdentifier, replicaIdentifier, webAclLogGroupName } from '../names.ts';

/** The key under which CloudWatch Logs keeps every log group of the deployment. */
export function logKey(scope: Construct, id: string, deployment: Deployment): Key {
  const stack = Stack.of(scope);
  const logGroup = (name: string) =>
    stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const key = customerKey(scope, id, {
    description: `CloudWatch Logs of ${deployment.name}`,
    // A first deployment that fails leaves none behind.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'CloudWatchLogsOfThisDeployment',
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'], // in a key policy `*` is the key itself
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': [
            logGroup(`halton-${deployment.name}-*`),
            logGroup(webAclLogGroupName(deployment)),
            // CloudFormation begins the cluster's name with its stack's, and Container Insights names the group after the cluster.
            logGroup(`/aws/ecs/containerinsights/halton-${deployment.name}-*/performance`),
            logGroup(`/aws/rds/instance/${databaseIdentifier(deployment)}/*`),
            logGroup(`/aws/rds/instance/${replicaIdentifier(deployment)}/*`),
          ],
        },
      },
    }),
  );
  return key;
}
