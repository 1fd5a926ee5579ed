/** The network's and the data's templates of a deployment that keeps every promise with as few resources as that takes. */

const deployment = { name: 'hosted', kind: 'hosted', region: 'eu-west-2' };
export const metadata = (area: string) => ({ Halton: { deployment, area } });
export const getAtt = (logicalId: string, attribute: string) => ({ 'Fn::GetAtt': [logicalId, attribute] });
export const imported = (area: string, name: string) => ({ 'Fn::ImportValue': `halton-hosted-${area}:${name}` });
const exported = (area: string, name: string, value: unknown) => ({ [name]: { Value: value, Export: { Name: `halton-hosted-${area}:${name}` } } });
export const workspaceData = (value: string) => [{ Key: 'halton:workspace-data', Value: value }];

/** A log group under the key of the logs. */
export const logGroup = (RetentionInDays: number, holds: string, properties: Readonly<Record<string, unknown>> = {}) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { ...properties, KmsKeyId: imported('network', 'LogKey'), RetentionInDays, Tags: workspaceData(holds) },
});

const key = { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: {}, EnableKeyRotation: true } };
const subnet = (AvailabilityZone: string, CidrBlock: string) => ({
  Type: 'AWS::EC2::Subnet',
  Properties: { VpcId: { Ref: 'Vpc' }, AvailabilityZone, CidrBlock, MapPublicIpOnLaunch: false },
});
const association = (subnetId: string) => ({
  Type: 'AWS::EC2::SubnetRouteTableAssociation',
  Properties: { SubnetId: { Ref: subnetId }, RouteTableId: { Ref: 'IsolatedTable' } },
});

export const network = {
  Metadata: metadata('network'),
  Resources: {
    LogKey: key,
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/20' } },
    IsolatedA: subnet('eu-west-2a', '10.0.0.0/24'),
    IsolatedB: subnet('eu-west-2b', '10.0.1.0/24'),
    IsolatedTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
    AssociationA: association('IsolatedA'),
    AssociationB: association('IsolatedB'),
    TasksGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { VpcId: { Ref: 'Vpc' }, Tags: [{ Key: 'halton:role', Value: 'ecs-tasks' }] },
    },
    TasksRule: {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: {
        GroupId: getAtt('TasksGroup', 'GroupId'),
        IpProtocol: 'tcp',
        FromPort: 8443,
        ToPort: 8443,
        SourceSecurityGroupId: getAtt('LoadBalancerGroup', 'GroupId'),
      },
    },
    LoadBalancerGroup: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { VpcId: { Ref: 'Vpc' }, SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }] },
    },
    DatabaseGroup: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'Vpc' }, Tags: [{ Key: 'halton:role', Value: 'database' }] } },
    DatabaseRule: {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: {
        GroupId: getAtt('DatabaseGroup', 'GroupId'),
        IpProtocol: 'tcp',
        FromPort: 5432,
        ToPort: 5432,
        SourceSecurityGroupId: getAtt('TasksGroup', 'GroupId'),
      },
    },
  },
  Outputs: {
    ...exported('network', 'DatabaseGroup', getAtt('DatabaseGroup', 'GroupId')),
    ...exported('network', 'LoadBalancerGroup', getAtt('LoadBalancerGroup', 'GroupId')),
    ...exported('network', 'TasksGroup', getAtt('TasksGroup', 'GroupId')),
    ...exported('network', 'IsolatedA', { Ref: 'IsolatedA' }),
    ...exported('network', 'IsolatedB', { Ref: 'IsolatedB' }),
    ...exported('network', 'LogKey', getAtt('LogKey', 'Arn')),
  },
};

const custom = { ServiceToken: getAtt('Function', 'Arn'), Deployment: 'hosted', Path: '/halton/hosted', KeyArn: getAtt('SecretsKey', 'Arn') };

export const data = {
  Metadata: metadata('data'),
  Resources: {
    DatabaseKey: key,
    SecretsKey: key,
    SubnetGroup: {
      Type: 'AWS::RDS::DBSubnetGroup',
      Properties: { DBSubnetGroupDescription: 'isolated', SubnetIds: [imported('network', 'IsolatedA'), imported('network', 'IsolatedB')] },
    },
    ParameterGroup: {
      Type: 'AWS::RDS::DBParameterGroup',
      Properties: {
        Family: 'postgres17',
        Description: 'TLS',
        Parameters: { 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.2' },
      },
    },
    Database: {
      Type: 'AWS::RDS::DBInstance',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        DBInstanceIdentifier: 'halton-hosted',
        Engine: 'postgres',
        BackupRetentionPeriod: 7,
        DBParameterGroupName: { Ref: 'ParameterGroup' },
        DBSubnetGroupName: { Ref: 'SubnetGroup' },
        EnableCloudwatchLogsExports: ['postgresql'],
        EnablePerformanceInsights: true,
        KmsKeyId: getAtt('DatabaseKey', 'Arn'),
        MasterUsername: 'halton_admin',
        MasterUserPassword: '{{resolve:ssm-secure:/halton/hosted/database/master-password}}',
        PerformanceInsightsKMSKeyId: getAtt('DatabaseKey', 'Arn'),
        PubliclyAccessible: false,
        StorageEncrypted: true,
        VPCSecurityGroups: [imported('network', 'DatabaseGroup')],
      },
    },
    Secrets: {
      Type: 'Custom::SecureParameters',
      Properties: {
        ...custom,
        Parameters: [
          { Name: 'fernet/keys', Source: 'generated', Format: 'fernet-keys' },
          { Name: 'webhooks/signing-secret', Source: 'generated', Format: 'webhook-secret' },
          { Name: 'database/master-password', Source: 'generated', Format: 'password' },
          { Name: 'database/api-a-password', Source: 'generated', Format: 'password' },
          { Name: 'clerk/secret-key', Source: 'operator' },
          { Name: 'clerk/webhook-signing-secret', Source: 'operator' },
        ],
      },
    },
    Url: {
      Type: 'Custom::DatabaseUrl',
      Properties: { ...custom, Name: 'database/url', Host: getAtt('Database', 'Endpoint.Address'), SslMode: 'verify-full' },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Environment: { Variables: { SECRETS_PATH: '/halton/hosted', SECRETS_KEY_ARN: getAtt('SecretsKey', 'Arn'), LOG_LEVEL: 'info' } },
        LoggingConfig: { LogGroup: { Ref: 'FunctionLog' } },
      },
    },
    FunctionLog: logGroup(90, 'no'),
    DatabaseLog: logGroup(7, 'yes', { LogGroupName: '/aws/rds/instance/halton-hosted/postgresql' }),
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 4, NoncurrentVersionExpiration: { NoncurrentDays: 3 } }] },
        Tags: workspaceData('yes'),
        VersioningConfiguration: { Status: 'Enabled' },
      },
    },
  },  Outputs: exported('data', 'SecretsKey', getAtt('SecretsKey', 'Arn')),
};
