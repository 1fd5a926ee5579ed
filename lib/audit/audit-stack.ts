import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { AreaStack } from '../area-stack.ts';
import type { Deployment } from '../deployment/schema.ts';
import { alarmTopic } from './alarm-topic.ts';
import type { Archive } from './archive.ts';
import { Trail } from './trail.ts';

export interface AuditStackProps {
  readonly deployment: Deployment;
  readonly archive: Archive;
  readonly logKey: IKey;
}

/** The trail of every call to the AWS API, and the topic by which people hear of what matters. */
export class AuditStack extends AreaStack {
  readonly trail: Trail;
  readonly topic: Topic;

  constructor(scope: Construct, { deployment, archive, logKey }: AuditStackProps) {
    super(scope, 'audit', deployment, 'trail and alarms');
    this.trail = new Trail(this, 'Trail', { archive, logKey });
    this.topic = alarmTopic(this, 'AlarmTopic', deployment);
  }
}
