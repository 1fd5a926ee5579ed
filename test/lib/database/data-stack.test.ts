import { Match } from 'aws-cdk-lib/assertions';
import { hosted, resources, templatesOf } from '../../support/deployments.ts';

const { data } = templatesOf();

describe('the database', () => {
  test('is private, encrypted, in two zones, and kept for seven days and not more', () => {
    data.hasResource('AWS::RDS::DBInstance', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        Engine: 'postgres',
        EngineVersion: '17',
        DBInstanceIdentifier: 'halton-hosted',
        MultiAZ: true,
        StorageType: 'gp3',
        StorageEncrypted: true,
        PubliclyAccessible: false,
        DeletionProtection: true,
        BackupRetentionPeriod: 7,
        AllowMajorVersionUpgrade: false,
        AutoMinorVersionUpgrade: true,
        PreferredMaintenanceWindow: hosted.database.maintenanceWindow,
        EnablePerformanceInsights: true,
        PerformanceInsightsKMSKeyId: Match.anyValue(),
        MonitoringInterval: Match.absent(),
        ManageMasterUserPassword: Match.absent(),
      },
    });
  });

  test('refuses plain connections and old TLS, and has pgaudit log who changes what, without parameters and rows', () => {
    data.hasResourceProperties('AWS::RDS::DBParameterGroup', {
      Family: 'postgres17',
      Parameters: {
        'rds.force_ssl': '1',
        ssl_min_protocol_version: 'TLSv1.2',
        shared_preload_libraries: 'pg_stat_statements,pgaudit',
        'pgaudit.role': 'rds_pgaudit',
        'pgaudit.log': 'write,ddl,role',
        'pgaudit.log_parameter': '0',
        log_parameter_max_length: '0',
        log_parameter_max_length_on_error: '0',
        log_error_verbosity: 'terse',
      },
    });
  });

  test('finds the groups of its logs there, encrypted and with an end, before it writes to them', () => {
    const [instance] = Object.values(resources(data, 'AWS::RDS::DBInstance'));
    const groups = resources(data, 'AWS::Logs::LogGroup');
    expect(Object.values(groups).map(({ Properties }) => Properties)).toEqual(
      ['postgresql', 'upgrade'].map((log) =>
        expect.objectContaining({
          LogGroupName: `/aws/rds/instance/halton-hosted/${log}`,
          RetentionInDays: 7,
          KmsKeyId: expect.anything(),
        }),
      ),
    );
    expect(instance?.['DependsOn']).toEqual(expect.arrayContaining(Object.keys(groups)));
    expect(instance?.Properties['EnableCloudwatchLogsExports']).toEqual(['postgresql', 'upgrade']);
  });

  test('takes its master password from the SecureString, once that exists', () => {
    const [instance] = Object.values(resources(data, 'AWS::RDS::DBInstance'));
    const [parameters] = Object.keys(data.findResources('Custom::SecureParameters'));
    expect(instance?.Properties['MasterUserPassword']).toBe('{{resolve:ssm-secure:/halton/hosted/database/master-password}}');
    expect(instance?.['DependsOn']).toContain(parameters);
  });

  test('has no replica unless the deployment asks for one, which then keeps no backups of its own', () => {
    data.resourceCountIs('AWS::RDS::DBInstance', 1);
    const { data: replicated } = templatesOf({ ...hosted, database: { ...hosted.database, readReplica: true } });
    replicated.resourceCountIs('AWS::RDS::DBInstance', 2);
    replicated.hasResource('AWS::RDS::DBInstance', {
      // Switched off again it goes, with its groups; the primary stays whatever happens.
      DeletionPolicy: 'Delete',
      Properties: {
        SourceDBInstanceIdentifier: Match.anyValue(),
        BackupRetentionPeriod: 0,
        PubliclyAccessible: false,
        DeletionProtection: false,
        SourceRegion: Match.absent(),
      },
    });
    replicated.resourceCountIs('AWS::Logs::LogGroup', 4);
  });

  test('can be destroyed only where the deployment says so under danger', () => {
    const { data: dangerous } = templatesOf({
      ...hosted,
      danger: { ...hosted.danger, disableDeletionProtection: true, deleteDatabaseOnDestroy: true },
    });
    dangerous.hasResource('AWS::RDS::DBInstance', { DeletionPolicy: 'Delete', Properties: { DeletionProtection: false } });
    dangerous.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
  });
});

describe('the keys', () => {
  const keys = Object.values(resources(data, 'AWS::KMS::Key'));

  test('rotate, stay in the region and outlive the stack', () => {
    expect(keys).toHaveLength(3);
    for (const key of keys) {
      expect(key).toMatchObject({ DeletionPolicy: expect.stringMatching(/^Retain/), UpdateReplacePolicy: 'Retain', Properties: { EnableKeyRotation: true, MultiRegion: false } });
    }
  });

  test('let nobody use them but through one service, and administrators not at all', () => {
    for (const { Properties } of keys) {
      const { Statement } = Properties['KeyPolicy'] as { Statement: { Action: string | string[]; Condition: object; Sid: string }[] };
      for (const { Action, Condition, Sid } of Statement) {
        const uses = [Action].flat().some((action) => /Encrypt|Decrypt|GenerateDataKey|CreateGrant/.test(action));
        const bound = /kms:ViaService|aws:SourceArn/.test(JSON.stringify(Condition ?? {}));
        expect([Sid, !uses || bound]).toEqual([Sid, true]);
        expect([Action].flat()).not.toContain('kms:*');
      }
    }
  });
});

describe('the buckets', () => {
  const buckets = resources(data, 'AWS::S3::Bucket');

  test('are private, versioned, encrypted, outlive the stack and forget what they hold', () => {
    expect(Object.keys(buckets)).toHaveLength(4);
    for (const bucket of Object.values(buckets)) {
      expect(bucket).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        Properties: {
          BucketEncryption: expect.anything(),
          PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
          VersioningConfiguration: { Status: 'Enabled' },
          LifecycleConfiguration: expect.anything(),
        },
      });
    }
  });

  test('refuse plain HTTP', () => {
    data.resourceCountIs('AWS::S3::BucketPolicy', 4);
    data.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('lock the trail and the receipts for a year, past the reach of any administrator', () => {
    data.resourcePropertiesCountIs(
      'AWS::S3::Bucket',
      { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } } },
      2,
    );
  });

  test('keep the load balancer\'s logs for seven days at most, under the only encryption it delivers to', () => {
    const [, logs] = Object.entries(buckets).find(([id]) => id.startsWith('LoadBalancerLogs')) ?? [];
    expect(logs?.Properties).toMatchObject({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      LifecycleConfiguration: {
        Rules: [{ ExpirationInDays: 5, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }, expect.anything()],
      },
    });
  });
});
