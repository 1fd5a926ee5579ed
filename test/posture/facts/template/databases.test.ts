import { factsOf } from '../../../support/assembly.ts';

function database(resource: Readonly<Record<string, unknown>>) {
  const [found] = factsOf({ data: { Resources: { Db: { Type: 'AWS::RDS::DBInstance', ...resource } } } }).databases;
  if (found === undefined) throw new Error('no database');
  return found;
}

test('numbers and booleans are read alike as JSON and as text', () => {
  const texts = { BackupRetentionPeriod: '7', PubliclyAccessible: 'false', StorageEncrypted: 'true' };
  const values = { BackupRetentionPeriod: 7, PubliclyAccessible: false, StorageEncrypted: true };
  expect(database({ Properties: texts })).toEqual(database({ Properties: values }));
  expect(database({ Properties: texts })).toMatchObject({
    backupRetention: { is: 'known', value: 7 },
    publiclyAccessible: { is: 'known', value: false },
    storageEncrypted: { is: 'known', value: true },
  });
});

test('what is not set is absent, and never a default', () => {
  const { publiclyAccessible, storageEncrypted, backupRetention, deletionPolicy, storageKey } = database({});
  const values = [publiclyAccessible, storageEncrypted, backupRetention, deletionPolicy, storageKey];
  expect(values.map(({ is }) => is)).toEqual(['absent', 'absent', 'absent', 'absent', 'absent']);
});

test.each(['seven', '7.5', '', '07 ', [7], { a: 7 }, null])('a retention of %j is unresolved', (BackupRetentionPeriod) => {
  expect(database({ Properties: { BackupRetentionPeriod } }).backupRetention).toMatchObject({ is: 'unresolved' });
});

test.each(['yes', 1, '', [], null])('a boolean of %j is unresolved', (PubliclyAccessible) => {
  expect(database({ Properties: { PubliclyAccessible } }).publiclyAccessible).toMatchObject({ is: 'unresolved' });
});

test('a dynamic reference stays visible as the master password and settles nothing else', () => {
  const reference = '{{resolve:ssm-secure:/halton/hosted/database/master-password}}';
  const { masterPassword, backupRetention } = database({ Properties: { MasterUserPassword: reference, BackupRetentionPeriod: '{{resolve:ssm:/days}}' } });
  expect(masterPassword).toEqual({ is: 'known', value: reference });
  expect(backupRetention).toMatchObject({ is: 'unresolved' });
});

test('policies are read beside the properties', () => {
  expect(database({ DeletionPolicy: 'Snapshot', UpdateReplacePolicy: 'Retain' })).toMatchObject({
    deletionPolicy: { is: 'known', value: 'Snapshot' },
    updateReplacePolicy: { is: 'known', value: 'Retain' },
  });
});

test('under a condition nothing that the database declares counts', () => {
  const { backupRetention, publiclyAccessible } = database({ Condition: 'Sometimes', Properties: { BackupRetentionPeriod: 7 } });
  expect([backupRetention, publiclyAccessible]).toMatchObject([{ is: 'unresolved' }, { is: 'unresolved' }]);
});

test.each(['text', 7, [], { 'Fn::If': ['a', {}, {}] }, null])('properties of %j leave everything unresolved', (Properties) => {
  expect(database({ Properties }).publiclyAccessible).toMatchObject({ is: 'unresolved' });
});

test('security groups of the classic kind leave it open who is let in', () => {
  expect(database({ Properties: { DBSecurityGroups: ['default'], VPCSecurityGroups: [] } }).securityGroups).toMatchObject({ is: 'unresolved' });
});

test('one group that is outside makes the list outside, one that is unresolved unresolved', () => {
  const groups = (...VPCSecurityGroups: unknown[]) => database({ Properties: { VPCSecurityGroups } }).securityGroups;
  expect(groups('sg-0123456789abcdef0')).toMatchObject({ is: 'outside' });
  expect(groups('sg-0123456789abcdef0', { Ref: 'Nowhere' })).toMatchObject({ is: 'unresolved' });
});

test('a raw resource is a database by its type alone', () => {
  expect(database({ Properties: {} })).toMatchObject({ id: 'data/Db', type: 'AWS::RDS::DBInstance', stack: 'data', logicalId: 'Db' });
});

test('a parameter group keeps every parameter by name, that of a prototype too', () => {
  const body: unknown = JSON.parse('{"Type": "AWS::RDS::DBParameterGroup", "Properties": {"Parameters": {"rds.force_ssl": 1, "__proto__": "x"}}}');
  const [group] = factsOf({ data: { Resources: { Group: body } } }).databaseParameterGroups;
  expect(Object.entries(group?.parameters ?? {})).toEqual([
    ['rds.force_ssl', { is: 'known', value: '1' }],
    ['__proto__', { is: 'known', value: 'x' }],
  ]);
});

test('a subnet group lists the subnets of another stack through its exports', () => {
  const facts = factsOf({
    network: {
      Resources: { A: { Type: 'AWS::EC2::Subnet' } },
      Outputs: { A: { Value: { Ref: 'A' }, Export: { Name: 'network:A' } } },
    },
    data: { Resources: { Group: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [{ 'Fn::ImportValue': 'network:A' }] } } } },
  });
  expect(facts.subnetGroups[0]?.subnets).toEqual({ is: 'known', value: ['network/A'] });
});
