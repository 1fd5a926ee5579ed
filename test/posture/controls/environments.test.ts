import { noPlaintextSecret } from '../../../posture/controls/secrets/no-plaintext-secret.ts';
import { tasksReadSecretsAtBoot } from '../../../posture/controls/secrets/tasks-read-secrets-at-boot.ts';
import { judgingAfter } from '../../support/fixtures-cdk.ts';
import { add, DATA, judging, section, set } from '../../support/fixtures.ts';

const judge = judging(noPlaintextSecret);
const after = judgingAfter(noPlaintextSecret);
const variable = (name: string, value: unknown) => judge(set('Function', `Properties.Environment.Variables.${name}`, value));
const ofTask = (Name: string, Value: unknown) => set('Task', 'Properties.ContainerDefinitions.0.Environment.1', { Name, Value });
const task = (container: Record<string, unknown>) => judge(add('Task', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [container] }));

describe('a variable whose name says secret', () => {
  test.each(['CLERK_SECRET', 'PGPASSWORD', 'syncToken', 'API_KEY', 'PRIVATE_KEY', 'DATABASE_URL', 'AWS_CREDENTIALS', 'FERNET', 'SENTRY_DSN', 'DB_PASS', 'PGPASS', 'PASS', 'PWD', 'DB_PW', 'dbPass', 'HMAC_KEY', 'MASTER_KEYS', 'KEY'])('fails with a literal in %s', (name) => {
    expect(variable(name, 'a literal')).toEqual([`fail Function Environment ${name}`]);
  });

  test.each(['/halton/hosted/clerk/secret-key', 'clerk/secret-key', { 'Fn::Sub': 'arn:aws:ssm:eu-west-2:${AWS::AccountId}:parameter/halton/hosted' }, { Ref: 'SecretsKey' }])(
    'passes with where the secret is kept: %j',
    (value) => {
      expect(variable('CLERK_SECRET', value)).toEqual([]);
    },
  );

  test.each(['PARAMETER_PATH', 'JWKS_PUBLIC_KEY', 'KMS_KEY_ID', 'SIGNING_PUBLIC_KEY', 'S3_KEY', 'BYPASS', 'COMPASS', 'KEYBOARD', 'MONKEY', 'PASSENGERS'])('is none called %s', (name) => {
    expect(variable(name, 'a literal')).toEqual([]);
  });

  test('fails with a password that looks like a path', () => {
    expect(variable('CLERK_SECRET', '/hunter2')).toEqual(['fail Function Environment CLERK_SECRET']);
  });

  test('fails with a dynamic reference or the answer of a custom resource', () => {
    expect(variable('CLERK_SECRET', '{{resolve:ssm:/halton/hosted/clerk/secret-key}}')).toEqual(['fail Function Environment CLERK_SECRET']);
    expect(variable('DATABASE_URL', { 'Fn::GetAtt': ['Url', 'Value'] })).toEqual(['fail Function Environment DATABASE_URL']);
    expect(variable('DATABASE_URL', { Ref: 'Url' })).toEqual(['fail Function Environment DATABASE_URL']);
    const unnamed = add('Unnamed', 'AWS::CloudFormation::CustomResource', {});
    expect(judge(unnamed, set('Function', 'Properties.Environment.Variables.CLERK_SECRET', { Ref: 'Unnamed' }))).toEqual(['fail Function Environment CLERK_SECRET']);
  });

  test('fails in the container of a task, also where ECS itself would fetch the secret', () => {
    expect(task({ Environment: [{ Name: 'API_KEY', Value: 'a literal' }] })).toEqual(['fail Task Environment API_KEY']);
    expect(task({ Secrets: [{ Name: 'API_KEY', ValueFrom: { Ref: 'Url' } }] })).toContain('fail Task Properties.ContainerDefinitions.0.Secrets.0.ValueFrom');
  });
});

test('is unresolved where a variable could hold anything', () => {
  const parameter = section(DATA, 'Parameters', { Any: { Type: 'String', NoEcho: true } });
  expect(judge(parameter, set('Function', 'Properties.Environment.Variables.SETTINGS', { Ref: 'Any' }))).toEqual(['unresolved Function Environment SETTINGS']);
  expect(judge(set('Function', 'Properties.Environment.Variables', { 'Fn::If': ['C', {}, {}] }))).toEqual(['unresolved Function Environment']);
});

describe('a variable with an innocent name', () => {
  const wrong = ['fail Function Environment MODE'];

  test('fails with the answer of a custom resource, by way of another stack too', () => {
    expect(variable('MODE', { 'Fn::GetAtt': ['Url', 'Value'] })).toEqual(wrong);
    expect(variable('MODE', { Ref: 'Secrets' })).toEqual(wrong);
    expect(variable('MODE', { 'Fn::Sub': 'mode=${Url.Value}' })).toEqual(wrong);
    const Used = { Value: { 'Fn::GetAtt': ['SecretsKey', 'Arn'] }, Export: { Name: `${DATA}:SecretsKey` } };
    const leak = section(DATA, 'Outputs', { Used, Leak: { Value: { 'Fn::GetAtt': ['Url', 'Value'] }, Export: { Name: 'leak' } } });
    const imported = ofTask('MODE', { 'Fn::ImportValue': 'leak' });
    expect(judge(leak, imported)).toEqual([`fail ${DATA} Outputs.Leak.Value`, 'fail Task Environment MODE']);
    expect(judging(tasksReadSecretsAtBoot)(leak, imported)).toEqual(['fail Task Environment MODE']);
  });

  test('is unresolved with what the account has in the place of a reference', () => {
    const open = ['unresolved Function Environment MODE'];
    expect(variable('MODE', '{{resolve:ssm:/plain/password:1}}')).toEqual(open);
    expect(variable('MODE', 'mode={{resolve:ssm:/plain/password}}')).toEqual(open);
  });

  test.each([
    '0123456789abcdef0123456789abcdef',
    'FCD1E4B6FCD1E4B6FCD1E4B6FCD1E4B6FCD1E4B6',
    'a1B2c3D4e5F6g7H8i9J0',
    'kD3x_9aZ-kD3x_9aZ-kD3x',
    'c2VjcmV0IGJ5dGVzIQabcd==',
  ])('fails with what looks made by a generator: %s', (value) => {
    expect(variable('MODE', value)).toEqual(wrong);
    expect(judge(ofTask('MODE', value))).toEqual(['fail Task Environment MODE']);
  });

  test.each([
    'info',
    'https://app.haltonmeter.com',
    'eu-west-2',
    'api.halton-hosted.internal:8443',
    '01234567-89ab-cdef-0123-456789abcdef',
    '0123456789abcdef',
    'halton_analytics_for_workspaces',
    'AllCapitalsAndSmallLetters',
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArgli2US4\n-----END PUBLIC KEY-----\n',
    { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] },
    { 'Fn::GetAtt': ['Function', 'Arn'] },
  ])('passes with what is plainly a setting: %j', (value) => {
    expect(variable('MODE', value)).toEqual([]);
  });

  test('fails where a construct is changed after it was made right', () => {
    expect(after((deployment) => deployment.function.addEnvironment('MODE', deployment.url.getAttString('Value')))).toEqual(['fail Function Environment MODE']);
  });
});
