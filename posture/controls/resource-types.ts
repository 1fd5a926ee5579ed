/**
 * The resource types known to keep what they hold in the region of their stack, whatever their properties; the few
 * with a property that sends data elsewhere are judged on that property beside the type.
 *
 * A type enters this table only after a look at its properties: one that is missing here is a finding.
 */
const IN_REGION: ReadonlySet<string> = new Set([
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::CDK::Metadata',
  'AWS::CertificateManager::Certificate',
  'AWS::CloudTrail::Trail', // a trail gathers events from other regions, and writes to the one bucket that it names
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::EC2::EIP',
  'AWS::EC2::FlowLog',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::NatGateway',
  'AWS::EC2::NetworkAcl',
  'AWS::EC2::NetworkAclEntry',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetNetworkAclAssociation',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ECS::Cluster',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  'AWS::ECS::Service',
  'AWS::ECS::TaskDefinition',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerCertificate',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key', // MultiRegion is judged
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::Logs::LogGroup',
  'AWS::Logs::LogStream',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::ResourcePolicy',
  'AWS::Logs::SubscriptionFilter',
  'AWS::RDS::DBInstance', // SourceDBInstanceIdentifier, SourceRegion and AutomaticBackupReplicationRegion are judged
  'AWS::RDS::DBParameterGroup',
  'AWS::RDS::DBSubnetGroup',
  'AWS::RDS::EventSubscription',
  'AWS::RDS::OptionGroup',
  'AWS::Route53::RecordSet',
  'AWS::S3::Bucket', // ReplicationConfiguration is judged
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::ServiceDiscovery::PrivateDnsNamespace',
  'AWS::ServiceDiscovery::Service',
  'AWS::StepFunctions::StateMachine',
  'AWS::WAFv2::IPSet',
  'AWS::WAFv2::LoggingConfiguration',
  'AWS::WAFv2::RegexPatternSet',
  'AWS::WAFv2::WebACL',
  'AWS::WAFv2::WebACLAssociation',
  // Custom resources by name: what a handler does is in its code, so each is looked at, and `Custom::AWS`, which
  // calls any AWS API that its template says, can never be listed.
  'Custom::DatabaseUrl',
  'Custom::OperatorSecrets',
  'Custom::S3AutoDeleteObjects',
  'Custom::S3BucketNotifications',
  'Custom::Migrations',
  'Custom::SecureParameters',
  'Custom::VpcRestrictDefaultSG',
]);

/** Whether a type is known to keep what it holds in its own region. */
export const staysInRegion = (type: string): boolean => IN_REGION.has(type);

/** The types of RDS that hold no data beside the instance's own. */
const PLAIN_RDS = /^AWS::RDS::(?:DBInstance|DBParameterGroup|DBSubnetGroup|EventSubscription|OptionGroup)$/;

/** Services that keep or copy databases and disks; every type of theirs counts but those above. */
const DATABASE_SERVICE =
  /^AWS::(?:Backup|BackupGateway|Cassandra|DAX|DLM|DMS|DSQL|DocDB|DocDBElastic|DynamoDB|ElastiCache|MemoryDB|Neptune|NeptuneGraph|ODB|QLDB|RDS|Redshift|RedshiftServerless|Timestream)::/;

/** Types whose own name says that they are a database, a copy of one or a way to make one. */
const DATABASE_WORD = /Snapshot|Backup|ExportTask|DBCluster|DBInstance|Database|GlobalCluster|RecoveryPoint/;

/** Whether a type is a second store of a database's data, a way to copy it there, or a database that no control judges. */
export function mayCopyDatabase(type: string): boolean {
  if (PLAIN_RDS.test(type)) return false;
  return DATABASE_SERVICE.test(type) || (DATABASE_WORD.test(type) && !staysInRegion(type));
}
