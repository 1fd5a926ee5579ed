import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { storeLogGroup } from '../log-group.ts';
import { stores } from '../stores.ts';
import type { Archive } from './archive.ts';

export interface TrailProps {
  readonly archive: Archive;
  readonly logKey: IKey;
}

/** Who called which AWS API: to the locked bucket, to be kept, and to CloudWatch Logs, to be watched. */
export class Trail extends Construct {
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, { archive, logKey }: TrailProps) {
    super(scope, id);
    this.logGroup = storeLogGroup(this, 'LogGroup', {
      store: stores.trailLog,
      encryptionKey: logKey,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('cloudtrail.amazonaws.com') });
    new ManagedPolicy(role, 'Logs', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [this.logGroup.logGroupArn],
        }),
      ],
    });

    // The L1: the L2 would write the bucket's policy, which stands beside the bucket and admits trails of this deployment only.
    const trail = new CfnTrail(this, 'Trail', {
      isLogging: true,
      // Kept here, fed from everywhere: IAM and sign-in events are recorded in another region, which a
      // trail of this region alone would never see.
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: archive.trail.bucketName,
      kmsKeyId: archive.key.keyArn,
      cloudWatchLogsLogGroupArn: this.logGroup.logGroupArn,
      cloudWatchLogsRoleArn: role.roleArn,
      advancedEventSelectors: [
        { name: 'Management events', fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }] },
        {
          name: 'Whoever touches the receipts',
          fieldSelectors: [
            { field: 'eventCategory', equalTo: ['Data'] },
            { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
            { field: 'resources.ARN', startsWith: [archive.evidence.arnForObjects('')] },
          ],
        },
      ],
    });
    trail.node.addDependency(role);
  }
}
