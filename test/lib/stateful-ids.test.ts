import type { Template } from 'aws-cdk-lib/assertions';
import { hosted, templatesOf } from '../support/deployments.ts';

/**
 * CloudFormation replaces a resource whose logical id changes. For these that means data lost, left behind
 * under a key that nothing uses, or a network pulled from under the database.
 */
const STATEFUL = new Set([
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBParameterGroup',
  'AWS::RDS::DBSubnetGroup',
  'AWS::S3::Bucket',
  'Custom::DatabaseUrl',
  'Custom::SecureParameters',
]);

function statefulIds(template: Template): string[] {
  const { Resources } = template.toJSON() as { Resources: Record<string, { Type: string }> };
  return Object.entries(Resources)
    .filter(([, { Type }]) => STATEFUL.has(Type))
    .map(([id]) => id)
    .toSorted();
}

test('what holds state keeps its logical id from release to release', () => {
  const { network, data, audit, evidence } = templatesOf({ ...hosted, database: { ...hosted.database, readReplica: true } });
  expect(statefulIds(network)).toEqual([
    'CustomVpcRestrictDefaultSGCustomResourceProviderLogGroup8F67996D',
    'LogKeyE83D0C1B',
    'NetworkFlowLogGroup4F8CEEEF',
    'NetworkVpc7FB7348F',
    'NetworkVpcisolatedSubnet1Subnet188D06DD',
    'NetworkVpcisolatedSubnet2Subnet811E27B8',
    'NetworkVpcisolatedSubnet3Subnet8C51A120',
    'NetworkVpcprivateSubnet1Subnet9EC58498',
    'NetworkVpcprivateSubnet2Subnet6E5E8804',
    'NetworkVpcprivateSubnet3SubnetC252FE86',
    'NetworkVpcpublicSubnet1Subnet00617657',
    'NetworkVpcpublicSubnet2SubnetDCAA7C9A',
    'NetworkVpcpublicSubnet3SubnetB6CE113A',
    'ParametersHandlerLogGroup38A73C47',
    'ParametersProviderLogGroupD5343AA7',
  ]);
  expect(statefulIds(data)).toEqual([
    'ArchiveAccessLogs31F4F9D7',
    'ArchiveEvidence65D93275',
    'ArchiveKey3EF5EDE5',
    'ArchiveTrail027866AA',
    'DatabaseKey7576F140',
    'LoadBalancerLogsC31A6119',
    'PostgresInstanceEC667DB9',
    'PostgresInstancepostgresqllogDB2CEAD5',
    'PostgresInstanceupgradelog778CB562',
    'PostgresParameterGroupC3694DF2',
    'PostgresReplica23E67C52',
    'PostgresReplicapostgresqllogABEC2F93',
    'PostgresReplicaupgradelogEC9646C1',
    'PostgresSubnetGroup9F8A4D6E',
    'SecretsDatabaseUrlDCBD4A15',
    'SecretsKey317DCF94',
    'SecretsParameters918BF284',
  ]);
  expect(statefulIds(audit)).toEqual(['AlarmTopicKey57B0D3A7', 'TrailLogGroup4CBE3AF5']);
  expect(statefulIds(evidence)).toEqual(['SigningKeyEEFC2790']);
});
