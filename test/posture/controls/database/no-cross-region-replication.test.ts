import { CfnResource } from 'aws-cdk-lib';
import { noCrossRegionReplication } from '../../../../posture/controls/database/no-cross-region-replication.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, healthy, judging, section, set } from '../../../support/fixtures.ts';

const judge = judging(noCrossRegionReplication);
const after = judgingAfter(noCrossRegionReplication);
const replica = (properties: Record<string, unknown>) => copy('Database', 'Replica', { SourceDBInstanceIdentifier: { Ref: 'Database' }, ...properties });

test('passes on types that are known and copy nothing, a replica beside its source included', () => {
  expect(judge(replica({}))).toEqual([]);
  expect(judge(replica({ SourceRegion: 'eu-west-2' }))).toEqual([]);
  expect(judge(set('DatabaseKey', 'Properties.MultiRegion', 'false'))).toEqual([]);
});

test.each([
  'AWS::RDS::GlobalCluster',
  'AWS::Backup::BackupPlan',
  'AWS::ECR::ReplicationConfiguration',
  'AWS::DynamoDB::GlobalTable',
  'AWS::SecretsManager::Secret',
  'AWS::KMS::ReplicaKey',
  'AWS::S3::MultiRegionAccessPoint',
  'AWS::EC2::VPNGatewayRoutePropagation',
  'AWS::AService::OfTomorrow',
  'AWS::CloudFormation::CustomResource',
  'Custom::AWS',
  'constructor',
])('fails on a resource of type %s, which is not known to stay', (type) => {
  expect(judge(add('Other', type, {}))).toContain('fail Other Type');
});

test('fails on a replica of a database that is elsewhere', () => {
  expect(judge(replica({ SourceRegion: 'eu-west-1' }))).toEqual(['fail Replica SourceRegion']);
  expect(judge(replica({ SourceDBInstanceIdentifier: 'arn:aws:rds:eu-west-1:123456789012:db:halton' }))).toEqual([
    'fail Replica SourceDBInstanceIdentifier',
    'fail Replica SourceRegion',
  ]);
});

test('fails on replicated backups, buckets and keys', () => {
  expect(judge(set('Database', 'Properties.AutomaticBackupReplicationRegion', 'eu-west-1'))).toEqual(['fail Database AutomaticBackupReplicationRegion']);
  expect(judge(set('Bucket', 'Properties.ReplicationConfiguration', { Role: 'r', Rules: [{ Status: 'Disabled' }] }))).toEqual([
    'fail Bucket ReplicationConfiguration',
  ]);
  expect(judge(set('SecretsKey', 'Properties.MultiRegion', 'TRUE'))).toEqual(['fail SecretsKey MultiRegion']);
});

test('does not pass where there is no resource', () => {
  const all = Object.values(healthy()).flatMap(({ Resources }) => Object.keys(Resources));
  expect(judge(drop(...all))).toEqual(['empty: 0 of 1']);
});

test('fails where a construct is changed after it was made right', () => {
  expect(after(({ key }) => resourceOf(key).addPropertyOverride('MultiRegion', true))).toEqual(['fail Key MultiRegion']);
  expect(after(({ bucket }) => resourceOf(bucket).addPropertyOverride('ReplicationConfiguration', { Rules: [{}] }))).toEqual([
    'fail Bucket ReplicationConfiguration',
  ]);
  expect(
    after((_, stack) => {
      new CfnResource(stack, 'Raw', { type: 'AWS::KMS::Key', properties: { MultiRegion: true } });
      new CfnResource(stack, 'Unknown', { type: 'AWS::EFS::FileSystem' });
    }),
  ).toEqual(['fail Raw MultiRegion', 'fail Unknown Type']);
});

test('is unresolved where the templates do not settle it', () => {
  const parameter = section(DATA, 'Parameters', { Any: { Type: 'String', Default: 'false' } });
  expect(judge(parameter, set('DatabaseKey', 'Properties.MultiRegion', { Ref: 'Any' }))).toEqual(['unresolved DatabaseKey MultiRegion']);
  expect(judge(parameter, set('Bucket', 'Properties.ReplicationConfiguration', { 'Fn::If': ['Any', {}, {}] }))).toEqual([
    'unresolved Bucket ReplicationConfiguration',
  ]);
  expect(judge(parameter, replica({ SourceDBInstanceIdentifier: { Ref: 'Any' } }))).toContain('unresolved Replica SourceDBInstanceIdentifier');
});
