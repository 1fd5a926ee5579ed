import { DatabaseInstanceReadReplica, type CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { replicaStaysPrivate } from '../../../../posture/controls/database/replica-stays-private.ts';
import { judgingAfter, resourceOf, type Deployment } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, judging, section } from '../../../support/fixtures.ts';

/** What a replica does not repeat of its source. */
const inherited = { BackupRetentionPeriod: undefined, KmsKeyId: undefined, MasterUserPassword: undefined, StorageEncrypted: undefined };
const replica = (properties: Record<string, unknown>) =>
  copy('Database', 'Replica', { ...inherited, SourceDBInstanceIdentifier: { Ref: 'Database' }, ...properties });
const judge = judging(replicaStaysPrivate);
const after = judgingAfter(replicaStaysPrivate);

test('has nothing to judge where no replica is declared', () => {
  expect(judge()).toEqual([]);
  expect(replicaStaysPrivate.minimum).toBe(0);
});

test('passes on a replica beside its source', () => {
  expect(judge(replica({}))).toEqual([]);
  expect(judge(replica({ BackupRetentionPeriod: '0', StorageEncrypted: true, KmsKeyId: { Ref: 'DatabaseKey' } }))).toEqual([]);
});

test.each([
  ['SourceDBInstanceIdentifier', 'a-database-elsewhere'],
  ['SourceRegion', 'eu-west-1'],
  ['PubliclyAccessible', true],
  ['PubliclyAccessible', undefined],
  ['StorageEncrypted', false],
  ['KmsKeyId', 'alias/aws/rds'],
  ['PerformanceInsightsKMSKeyId', undefined],
  ['VPCSecurityGroups', undefined],
  ['VPCSecurityGroups', ['sg-0123456789abcdef0']],
  ['BackupRetentionPeriod', 7],
])('fails where %s is %j', (property, value) => {
  expect(judge(replica({ [property]: value }))).toContain(`fail Replica ${property}`);
});

test('fails behind a group that lets in more than the tasks', () => {
  const open = add('Open', 'AWS::EC2::SecurityGroup', { SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '10.0.0.0/8' }] });
  expect(judge(open, replica({ VPCSecurityGroups: [{ Ref: 'Open' }] }))).toEqual([
    'fail Replica Open: IpProtocol',
    'fail Replica Open: FromPort',
    'fail Replica Open: ToPort',
    'fail Replica Open: SourceSecurityGroupId',
    'fail Replica Open: CidrIp, CidrIpv6, SourcePrefixListId',
  ]);
});

test('fails on a second replica, also one without a source in the assembly', () => {
  const second = copy('Database', 'Second', { ...inherited, SourceDBClusterIdentifier: 'a-cluster-elsewhere' });
  expect(judge(replica({}), second)).toEqual(['fail Second SourceDBInstanceIdentifier']);
});

const withReplica = (change: (replica: CfnDBInstance) => void) => ({ vpc, group, key, database }: Deployment) => {
  const made = new DatabaseInstanceReadReplica(database, 'Replica', {
    sourceDatabaseInstance: database,
    instanceType: InstanceType.of(InstanceClass.M7G, InstanceSize.LARGE),
    vpc,
    vpcSubnets: { subnets: vpc.isolatedSubnets },
    securityGroups: [group],
    storageEncryptionKey: key,
    publiclyAccessible: false,
  });
  change(resourceOf(made) as CfnDBInstance);
};

test('fails where a construct is changed after it was made right', () => {
  expect(after(withReplica(() => undefined))).toEqual([]);
  expect(after(withReplica((made) => made.addPropertyDeletionOverride('PubliclyAccessible')))).toEqual([
    'fail DatabaseReplica PubliclyAccessible',
  ]);
  expect(after(withReplica((made) => made.addPropertyOverride('BackupRetentionPeriod', 7)))).toEqual([
    'fail DatabaseReplica BackupRetentionPeriod',
  ]);
});

test.each(['SourceDBInstanceIdentifier', 'PubliclyAccessible', 'VPCSecurityGroups', 'BackupRetentionPeriod'])(
  'is unresolved where the templates do not settle %s',
  (property) => {
    const parameter = section(DATA, 'Parameters', { Any: { Type: 'String' } });
    expect(judge(parameter, replica({ [property]: { Ref: 'Any' } }))).toContain(`unresolved Replica ${property}`);
  },
);
