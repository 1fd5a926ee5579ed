import { SecretValue } from 'aws-cdk-lib';
import { noPlaintextSecret } from '../../../../posture/controls/secrets/no-plaintext-secret.ts';
import { factsOf } from '../../../support/assembly.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, healthy, judging, section, set, unset } from '../../../support/fixtures.ts';

const judge = judging(noPlaintextSecret);
const after = judgingAfter(noPlaintextSecret);
const password = (value: unknown) => judge(set('Database', 'Properties.MasterUserPassword', value));
const topic = (value: unknown) => judge(add('Topic', 'AWS::SNS::Topic', { DisplayName: value }));
const task = (container: Record<string, unknown>) => judge(add('Task', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [container] }));
const REFERENCE = '{{resolve:ssm-secure:/halton/hosted/database/master-password}}';
const HEX = 'fcd1e4b6'.repeat(8);
const FERNET_KEY = `${'kD3x_9aZ-'.repeat(4)}QmR7t2w=`;

test('passes where every secret stays in Parameter Store', () => {
  expect(judge()).toEqual([]);
  expect(password(`${REFERENCE.slice(0, -2)}:3}}`)).toEqual([]);
});

describe('the master password', () => {
  test.each(['hunter2hunter2', '', '{{resolve:ssm:/halton/password}}', '{{resolve:ssm-secure:}}'])('fails as %j', (value) => {
    expect(password(value)).toEqual(['fail Database MasterUserPassword']);
  });

  test('fails with anything around the reference, from Secrets Manager, managed by RDS, or absent', () => {
    expect(password(`x${REFERENCE}`)).toEqual(['fail Database MasterUserPassword']);
    expect(password('{{resolve:secretsmanager:halton:SecretString}}')).toEqual(['fail Database Properties.MasterUserPassword', 'fail Database MasterUserPassword']);
    expect(judge(set('Database', 'Properties.ManageMasterUserPassword', 'true'))).toEqual(['fail Database ManageMasterUserPassword']);
    expect(judge(unset('Database', 'Properties.MasterUserPassword'))).toEqual(['fail Database MasterUserPassword']);
  });

  test('is unresolved from a parameter, however hidden, and fails on a second database', () => {
    const parameter = section(DATA, 'Parameters', { Password: { Type: 'String', NoEcho: true } });
    expect(judge(parameter, set('Database', 'Properties.MasterUserPassword', { Ref: 'Password' }))).toContain('unresolved Database MasterUserPassword');
    expect(judge(copy('Database', 'Second', { MasterUserPassword: 'hunter2hunter2' }))).toEqual(['fail Second MasterUserPassword']);
  });
});

test('fails on the reference anywhere but in the master password of an instance', () => {
  expect(judge(set('Database', 'Properties.TdeCredentialArn', REFERENCE))).toEqual(['fail Database Properties.TdeCredentialArn']);
  expect(judge(add('Cluster', 'AWS::RDS::DBCluster', { MasterUserPassword: REFERENCE }))).toContain('fail Cluster Properties.MasterUserPassword');
});

test.each([
  HEX,
  `key=${HEX};`,
  'psql --password=hunter2',
  'psql --db-password hunter2',
  '--password',
  'host=db password="hunter2"',
  '{"password":"hunter2"}',
  'host=db user=halton password=hunter2',
  'CLERK_API_KEY=abc',
  { 'Fn::Join': ['', ['--password=', { 'Fn::GetAtt': ['Url', 'Value'] }]] },
  `sk_live_${'a1B2'.repeat(10)}`,
  `sk_test_${'a1B2'.repeat(10)}`,
  `rk_live_${'a1B2'.repeat(6)}`,
  `whsec_${'a1B2'.repeat(8)}`,
  `hm_sync_${'a1B2'.repeat(8)}`,
  `hm_key_${'a1B2'.repeat(8)}`,
  'postgres://halton:hunter2@db:5432/halton',
  'postgresql://halton:12345@db/halton',
  '-----BEGIN RSA PRIVATE KEY-----\nMIIE',
  '-----BEGIN PRIVATE KEY-----',
  `AKIA${'ABCD2345'.repeat(2)}`,
  `keys: ASIA${'ABCD2345'.repeat(2)}.`,
  FERNET_KEY,
  `eyJ${'hbGci'.repeat(4)}.eyJ${'zdWIi'.repeat(4)}.c2ln`,
  `ghp_${'a1B2'.repeat(9)}`,
  `xoxb-${'1234'.repeat(4)}`,
  '{{resolve:secretsmanager:x}}',
  REFERENCE,
  { 'Fn::Join': ['', ['postgres://halton:', { Ref: 'Url' }, '@db/halton']] },
  { 'Fn::Join': ['_', ['sk', 'live', 'a1B2a1B2a1B2']] },
])('fails on a secret anywhere in a template: %#', (value) => {
  expect(topic(value)).toEqual(['fail Topic Properties.DisplayName']);
});

test.each([
  `sha256:${HEX}`,
  `${HEX}0`,
  '--password-file /run/secrets/db',
  '--no-password',
  'psql --password=$PGPASSWORD',
  'curl -d password="${PASSWORD}"',
  'export PGPASSWORD=$(aws ssm get-parameter)',
  '{"Token.$":"$$.Task.Token"}',
  'compass: "north"',
  'token, secret and password are read at boot',
  `v2:deflate64:${FERNET_KEY.slice(0, 40)}/${FERNET_KEY}=`,
  `sha256-${FERNET_KEY}`,
  'hm_sync_*',
  'sk_live_ and sk_test_ keys',
  'postgres://db:5432/halton',
  'https://clerk.example.com:443/v1',
  '-----BEGIN PUBLIC KEY-----',
  '{{resolve:ssm:/aws/service/ami}}',
  { 'Fn::Sub': 'http://localhost:${Any}/health' },
])('lets pass what only looks like one: %#', (value) => {
  expect(topic(value)).toEqual([]);
});

test('fails outside any resource, and under a property that is called a secret', () => {
  expect(judge(section(DATA, 'Parameters', { Key: { Type: 'String', Default: FERNET_KEY } }))).toEqual([`fail ${DATA} Parameters.Key.Default`]);
  const endpoint = { HttpEndpointDestinationConfiguration: { EndpointConfiguration: { AccessKey: 'a literal' } } };
  expect(judge(add('Siem', 'AWS::KinesisFirehose::DeliveryStream', endpoint))).toEqual([
    'fail Siem Properties.HttpEndpointDestinationConfiguration.EndpointConfiguration.AccessKey',
  ]);
});

test('fails on a parameter that is called a secret, whatever its default, and on no other', () => {
  const parameter = (name: string, rest: Record<string, unknown>) => judge(section(DATA, 'Parameters', { [name]: { Type: 'String', ...rest } }));
  expect(parameter('DatabasePassword', { NoEcho: true })).toEqual([`fail ${DATA} Parameters.DatabasePassword`]);
  expect(parameter('ClerkSecretKey', { Default: 'x' })).toEqual([`fail ${DATA} Parameters.ClerkSecretKey`]);
  expect(parameter('BootstrapVersion', { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' })).toEqual([]);
});

test('fails on an output that is called a secret, unless it says which resource guards one', () => {
  const output = (name: string, Value: unknown) => judge(section(DATA, 'Outputs', { [name]: { Value }, Used: { Value: { 'Fn::GetAtt': ['SecretsKey', 'Arn'] }, Export: { Name: `${DATA}:SecretsKey` } } }));
  expect(output('DatabasePassword', 'hunter2')).toEqual([`fail ${DATA} Outputs.DatabasePassword.Value`]);
  expect(output('DatabaseUrl', { 'Fn::GetAtt': ['Url', 'Value'] })).toEqual([`fail ${DATA} Outputs.DatabaseUrl.Value`]);
  expect(output('SigningSecret', { 'Fn::If': ['C', 'a', 'b'] })).toEqual([`fail ${DATA} Outputs.SigningSecret.Value`]);
  expect(output('Harmless', FERNET_KEY)).toEqual([`fail ${DATA} Outputs.Harmless.Value`]);
  expect(output('SecretsKeyArn', { 'Fn::GetAtt': ['SecretsKey', 'Arn'] })).toEqual([]);
});

test('fails on a tag that is called a secret, in a list or a map', () => {
  const tagged = (Tags: unknown) => judge(add('Topic', 'AWS::SNS::Topic', { Tags }));
  expect([...tagged([{ Key: 'db-password', Value: 'x' }]), ...tagged([{ Key: 'halton:workspace-data', Value: 'no' }])]).toEqual(['fail Topic Properties.Tags.0.Key']);
  expect(tagged({ Password: 'x' })).toContain('fail Topic Properties.Tags.Password');
});

test('fails on a password in a command, in inline code and in a number', () => {
  expect(task({ Command: ['migrate', '--password=hunter2'] })).toEqual(['fail Task Properties.ContainerDefinitions.0.Command.1']);
  const code = (ZipFile: string) => judge(set('Function', 'Properties.Code', { ZipFile }));
  expect(code('const password="hunter2";')).toEqual(['fail Function Properties.Code.ZipFile']);
  expect(code('const password=await read(path); const token=e.token;')).toEqual([]);
  expect(judge(add('Host', 'AWS::EC2::Instance', { UserData: { 'Fn::Base64': '#!/bin/sh\nexport DB_PASSWORD=hunter2' } }))).toEqual(['fail Host Properties.UserData.Fn::Base64']);
  expect(judge(add('Cluster', 'AWS::RDS::DBCluster', { MasterUserPassword: 1234567890 }))).toEqual(['fail Cluster Properties.MasterUserPassword']);
});

test('takes the digest of an asset for none', () => {
  expect(judge(set('Function', 'Properties.Code', { S3Bucket: 'assets', S3Key: `${HEX}.zip` }), set('Function', 'Metadata', { 'aws:asset:path': `asset.${HEX}` }))).toEqual([]);
  expect(task({ Image: `123456789012.dkr.ecr.eu-west-2.amazonaws.com/assets:${HEX}` })).toEqual([]);
  expect(judge(set('Function', 'Properties.Environment.Variables.SALT', HEX))).toContain('fail Function Properties.Environment.Variables.SALT');
});

test('never repeats what it found', () => {
  const facts = factsOf(
    healthy(
      set('Database', 'Properties.MasterUserPassword', 'hunter2hunter2'),
      set('Function', 'Properties.Environment.Variables.API_KEY', 'hunter2hunter2'),
      add('Topic', 'AWS::SNS::Topic', { DisplayName: 'postgres://halton:hunter2hunter2@db/halton', Password: 'hunter2hunter2' }),
    ),
  );
  expect(JSON.stringify(noPlaintextSecret.judge(facts))).not.toContain('hunter2');
});

test('fails where a construct is changed after it was made right', () => {
  const literal = after(({ database }) => resourceOf(database).addPropertyOverride('MasterUserPassword', 'hunter2hunter2'));
  expect(literal).toEqual(['fail Database MasterUserPassword']);
  const secret = SecretValue.unsafePlainText('a literal').unsafeUnwrap();
  expect(after((deployment) => deployment.function.addEnvironment('CLERK_SECRET_KEY', secret))).toEqual(['fail Function Environment CLERK_SECRET_KEY']);
});
