import { Duration, RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import { InstanceType, type ISecurityGroup, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  CaCertificate,
  CfnDBInstance,
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  DatabaseInstanceReadReplica,
  type DatabaseInstanceSourceProps,
  PerformanceInsightRetention,
  PostgresEngineVersion,
  StorageType,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import { l1 } from '../l1.ts';
import { storeLogGroup, type StoreLogGroupProps } from '../log-group.ts';
import { databaseIdentifier, parameterPath, replicaIdentifier } from '../names.ts';
import { DATABASE_PORT } from '../network/security-groups.ts';
import { stores } from '../stores.ts';
import { parameterGroup } from './parameter-group.ts';

/** Name of the database inside the instance. */
export const DATABASE_NAME = 'halton';

/** The logs that RDS exports for Postgres, each to a group of its own. */
const LOG_EXPORTS = ['postgresql', 'upgrade'];

export interface PostgresProps {
  readonly deployment: Deployment;
  readonly vpc: IVpc;
  /** Isolated ones: without any route out. */
  readonly subnets: SubnetSelection;
  readonly securityGroup: ISecurityGroup;
  readonly key: IKey;
  readonly logKey: IKey;
}

/** Postgres on RDS, reachable from the ECS tasks alone, with its logs and, on request, a read replica. */
export class Postgres extends Construct {
  readonly instance: DatabaseInstance;

  constructor(scope: Construct, id: string, { deployment, vpc, subnets, securityGroup, key, logKey }: PostgresProps) {
    super(scope, id);
    const { database, danger } = deployment;
    // The major version alone: RDS picks the minor and raises it in the window, and a template that named one
    // would stop deploying on the day AWS retires it.
    const engine = DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_17 });
    const removalPolicy = danger.deleteDatabaseOnDestroy ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    const parameters = parameterGroup(this, 'ParameterGroup', engine, removalPolicy);
    const subnetGroup = new SubnetGroup(this, 'SubnetGroup', {
      description: 'Isolated subnets: no way out',
      vpc,
      vpcSubnets: subnets,
      removalPolicy,
    });

    const common = {
      vpc,
      subnetGroup,
      securityGroups: [securityGroup],
      instanceType: new InstanceType(database.instanceClass.replace(/^db\./, '')),
      port: DATABASE_PORT,
      publiclyAccessible: false,
      storageType: StorageType.GP3,
      maxAllocatedStorage: database.maxAllocatedStorageGib,
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      autoMinorVersionUpgrade: true,
      allowMajorVersionUpgrade: false,
      preferredMaintenanceWindow: database.maintenanceWindow,
      // An instance deleted by mistake can be brought back for as long as its backups were promised to be kept.
      deleteAutomatedBackups: false,
      copyTagsToSnapshot: true,
      enablePerformanceInsights: true,
      performanceInsightRetention: PerformanceInsightRetention.DEFAULT, // 7 days, and free of charge
      performanceInsightEncryptionKey: key,
      // Enhanced monitoring stays off: it writes to the log group RDSOSMetrics, which the whole account shares.
    } satisfies Partial<DatabaseInstanceSourceProps>;

    const identifier = databaseIdentifier(deployment);
    this.instance = new DatabaseInstance(this, 'Instance', {
      ...common,
      engine,
      instanceIdentifier: identifier,
      removalPolicy,
      deletionProtection: !danger.disableDeletionProtection,
      parameterGroup: parameters,
      databaseName: DATABASE_NAME,
      credentials: Credentials.fromPassword(
        'halton_master',
        SecretValue.ssmSecure(`${parameterPath(deployment)}/database/master-password`),
      ),
      multiAz: true,
      storageEncrypted: true,
      storageEncryptionKey: key,
      allocatedStorage: database.allocatedStorageGib,
      backupRetention: Duration.days(database.backupRetentionDays),
      preferredBackupWindow: database.backupWindow,
      cloudwatchLogsExports: LOG_EXPORTS,
    });
    this.#createLogGroups(identifier, this.instance, {
      encryptionKey: logKey,
      // Kept with the instance, which would make it anew; a deployment that failed at first leaves none in the way.
      removalPolicy: danger.deleteDatabaseOnDestroy ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });

    if (database.readReplica) {
      const replica = new DatabaseInstanceReadReplica(this, 'Replica', {
        ...common,
        sourceDatabaseInstance: this.instance,
        instanceIdentifier: replicaIdentifier(deployment),
        // Made anew from its source at any time; one that was kept would go on running where nothing looks at it.
        removalPolicy: RemovalPolicy.DESTROY,
        deletionProtection: false,
        parameterGroup: parameters,
        // Encrypted as its source is: CloudFormation takes no setting of its own beside the source.
        cloudwatchLogsExports: LOG_EXPORTS,
      });
      // The primary's backups are the backups; the construct refuses the property for Postgres, whatever its value.
      l1(replica, CfnDBInstance).backupRetentionPeriod = 0;
      this.#createLogGroups(replicaIdentifier(deployment), replica, { encryptionKey: logKey, removalPolicy: RemovalPolicy.DESTROY });
    }
  }

  /** RDS would create a missing group by itself: unencrypted, and kept for ever. */
  #createLogGroups(identifier: string, instance: Construct, props: Pick<StoreLogGroupProps, 'encryptionKey' | 'removalPolicy'>): void {
    for (const log of LOG_EXPORTS) {
      const group = storeLogGroup(this, `${instance.node.id}-${log}-log`, {
        ...props,
        store: stores.databaseLog,
        logGroupName: `/aws/rds/instance/${identifier}/${log}`,
      });
      instance.node.addDependency(group);
    }
  }
}
