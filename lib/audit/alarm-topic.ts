import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { customerKey } from '../customer-key.ts';
import type { Deployment } from '../deployment/schema.ts';

/** The encrypted topic to which every alarm and every finding goes. */
export function alarmTopic(scope: Construct, id: string, deployment: Deployment): Topic {
  const key = customerKey(scope, `${id}Key`, {
    description: `Alarms of ${deployment.name}`,
    // A message lives for minutes, so nothing is left under the key once the topic is gone.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  // In a key policy `*` is the key itself.
  for (const statement of publishers(scope, ['kms:Decrypt', 'kms:GenerateDataKey*'], '*')) key.addToResourcePolicy(statement);
  const topic = new Topic(scope, id, { masterKey: key, enforceSSL: true });
  for (const statement of publishers(scope, ['sns:Publish'], topic.topicArn)) topic.addToResourcePolicy(statement);
  return topic;
}

/**
 * What lets the alarms and the event rules of this account, and of no other, act on a resource.
 *
 * EventBridge publishes to a topic without naming the rule's account to SNS or KMS: AWS documents for both that a
 * condition on aws:SourceAccount or aws:SourceArn is not supported there, and every message would be dropped. So its
 * account counts only where it is named.
 */
function publishers(scope: Construct, actions: string[], resource: string): readonly PolicyStatement[] {
  const ofThisAccount = { 'aws:SourceAccount': Stack.of(scope).account };
  return [
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions,
      resources: [resource],
      conditions: { StringEquals: ofThisAccount },
    }),
    new PolicyStatement({
      sid: 'EventsOfThisAccount',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions,
      resources: [resource],
      conditions: { StringEqualsIfExists: ofThisAccount },
    }),
  ];
}
