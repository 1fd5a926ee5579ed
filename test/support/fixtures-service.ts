/** The service's and the trail's templates of a deployment that keeps every promise with as few resources as that takes. */
import { getAtt, imported, logGroup, metadata, workspaceData } from './fixtures-templates.ts';

const parameter = (name: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/halton/hosted/${name}` });

export const service = {
  Metadata: metadata('service'),
  Resources: {
    Certificate: { Type: 'AWS::CertificateManager::Certificate', Properties: { DomainName: 'api.example.com' } },
    LoadBalancer: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Type: 'application', SecurityGroups: [imported('network', 'LoadBalancerGroup')] },
    },
    Targets: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: { Port: 8443, Protocol: 'HTTPS', HealthCheckProtocol: 'HTTPS', TargetType: 'ip' },
    },
    Https: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        LoadBalancerArn: { Ref: 'LoadBalancer' },
        Port: 443,
        Protocol: 'HTTPS',
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-PQ-2025-09',
        Certificates: [{ CertificateArn: { Ref: 'Certificate' } }],
        DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }],
        ListenerAttributes: [
          { Key: 'routing.http.response.strict_transport_security.header_value', Value: 'max-age=63072000; includeSubDomains; preload' },
        ],
      },
    },
    Http: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        LoadBalancerArn: { Ref: 'LoadBalancer' },
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
      },
    },
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }] } },
    Insights: logGroup(7, 'no', { LogGroupName: { 'Fn::Sub': '/aws/ecs/containerinsights/${Cluster}/performance' } }),
    TaskLog: logGroup(7, 'yes'),
    TaskRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
    TaskPolicy: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        Roles: [{ Ref: 'TaskRole' }],
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Action: ['ssm:GetParameter', 'ssm:GetParameters'], Resource: [parameter('database/url'), parameter('fernet/keys')] },
            {
              Effect: 'Allow',
              Action: 'kms:Decrypt',
              Resource: imported('data', 'SecretsKey'),
              Condition: { StringEquals: { 'kms:ViaService': 'ssm.eu-west-2.amazonaws.com' } },
            },
          ],
        },
      },
    },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Properties: {
        ContainerDefinitions: [
          {
            Name: 'api',
            Image: 'api',
            Environment: [{ Name: 'PARAMETER_PATH', Value: '/halton/hosted' }, { Name: 'PORT', Value: '8443' }],
            LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': { Ref: 'TaskLog' }, 'awslogs-region': 'eu-west-2', 'awslogs-stream-prefix': 'task' } },
            ReadonlyRootFilesystem: true,
            User: '65532',
          },
        ],
        NetworkMode: 'awsvpc',
        TaskRoleArn: getAtt('TaskRole', 'Arn'),
      },
    },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: {
        Cluster: { Ref: 'Cluster' },
        EnableExecuteCommand: false,
        LaunchType: 'FARGATE',
        LoadBalancers: [{ ContainerName: 'api', ContainerPort: 8443, TargetGroupArn: { Ref: 'Targets' } }],
        NetworkConfiguration: {
          AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', SecurityGroups: [imported('network', 'TasksGroup')], Subnets: [imported('network', 'IsolatedA')] },
        },
        TaskDefinition: { Ref: 'Task' },
      },
    },
  },
};

const lockedBucket = {
  Type: 'AWS::S3::Bucket',
  Properties: {
    LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 365, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }] },
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Days: 365, Mode: 'COMPLIANCE' } } },
    ObjectLockEnabled: true,
    Tags: workspaceData('no'),
    VersioningConfiguration: { Status: 'Enabled' },
  },
};
const cloudTrail = { Service: 'cloudtrail.amazonaws.com' };
const fromTrails = { 'aws:SourceArn': { 'Fn::Sub': 'arn:aws:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/halton-hosted-*' } };

export const audit = {
  Metadata: metadata('audit'),
  Resources: {
    TrailBucket: lockedBucket,
    TrailBucketPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'TrailBucket' },
        PolicyDocument: {
          Statement: [
            { Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*', Resource: { 'Fn::Sub': '${TrailBucket.Arn}/*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
            { Effect: 'Allow', Principal: cloudTrail, Action: 's3:GetBucketAcl', Resource: getAtt('TrailBucket', 'Arn'), Condition: { ArnLike: fromTrails } },
            {
              Effect: 'Allow',
              Principal: cloudTrail,
              Action: 's3:PutObject',
              Resource: { 'Fn::Sub': '${TrailBucket.Arn}/AWSLogs/${AWS::AccountId}/*' },
              Condition: { ArnLike: fromTrails, StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
            },
          ],
        },
      },
    },
    Receipts: lockedBucket,
    SigningKey: {
      Type: 'AWS::KMS::Key',
      Properties: {
        KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } }, Action: 'kms:Sign', Resource: '*' }] },
        KeySpec: 'ECC_NIST_P256',
        KeyUsage: 'SIGN_VERIFY',
      },
    },
    TrailLog: logGroup(90, 'no'),
    TrailRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {},
        Policies: [{ PolicyDocument: { Statement: { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: getAtt('TrailLog', 'Arn') } } }],
      },
    },
    Trail: {
      Type: 'AWS::CloudTrail::Trail',
      Properties: {
        AdvancedEventSelectors: [
          { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
          {
            FieldSelectors: [
              { Field: 'eventCategory', Equals: ['Data'] },
              { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
              { Field: 'resources.ARN', StartsWith: [{ 'Fn::Sub': '${Receipts.Arn}/' }] },
            ],
          },
        ],
        CloudWatchLogsLogGroupArn: getAtt('TrailLog', 'Arn'),
        CloudWatchLogsRoleArn: getAtt('TrailRole', 'Arn'),
        EnableLogFileValidation: true,
        IsLogging: true,
        IsMultiRegionTrail: true,
        KMSKeyId: imported('network', 'LogKey'),
        S3BucketName: { Ref: 'TrailBucket' },
      },
    },
  },
};
