import { noPlaintextSecret } from '../../../posture/controls/secrets/no-plaintext-secret.ts';
import { judgingAfter, resourceOf } from '../../support/fixtures-cdk.ts';
import { add, DATA, judging, section, set } from '../../support/fixtures.ts';

const judge = judging(noPlaintextSecret);
const after = judgingAfter(noPlaintextSecret);
const topic = (value: unknown) => judge(add('Topic', 'AWS::SNS::Topic', { DisplayName: value }));
const task = (container: Record<string, unknown>) => judge(add('Task', 'AWS::ECS::TaskDefinition', { ContainerDefinitions: [container] }));

describe('a name that says secret, whatever its case and its place', () => {
  const custom = (name: string, value: unknown) => judge(set('Url', `Properties.${name}`, value));

  test.each(['password', 'Password', 'DbPwd', 'db_password', 'api-key', 'Token', 'ClerkSecretKey', 'signingKey', 'PW', 'passphrase', 'adminPass'])('fails as a property: %s', (name) => {
    expect(custom(name, 'hunter2x')).toEqual([`fail Url Properties.${name}`]);
  });

  test('fails as a label, a substitution, in metadata, in a list, in a mapping and behind a condition', () => {
    expect(task({ DockerLabels: { db_password: 'hunter2x' } })).toEqual(['fail Task Properties.ContainerDefinitions.0.DockerLabels.db_password']);
    expect(judge(add('Flow', 'AWS::StepFunctions::StateMachine', { DefinitionSubstitutions: { password: 'hunter2x' } }))).toEqual(['fail Flow Properties.DefinitionSubstitutions.password']);
    expect(judge(set('Bucket', 'Metadata', { password: 'hunter2x' }))).toEqual(['fail Bucket Metadata.password']);
    expect(custom('Passwords', ['hunter2x'])).toEqual(['fail Url Properties.Passwords.0']);
    expect(judge(section(DATA, 'Mappings', { By: { region: { password: 'hunter2x' } } }))).toEqual([`fail ${DATA} Mappings.By.region.password`]);
    expect(custom('password', { 'Fn::If': ['C', 'hunter2x', { Ref: 'AWS::NoValue' }] })).toContain('fail Url Properties.password.Fn::If.1');
  });

  test.each<[string, unknown]>([
    ['PasswordName', 'database/api-a-password'],
    ['SecretPath', '/halton/hosted/clerk/secret-key'],
    ['EncryptionKey', { 'Fn::GetAtt': ['SecretsKey', 'Arn'] }],
    ['ManagePassword', false],
    ['Compass', 'north'],
  ])('passes with what says where the secret is kept, or with no secret: %s', (name, value) => {
    expect(custom(name, value)).toEqual([]);
  });
});

test('fails on the answer of a custom resource wherever it is used, and in an output under any name', () => {
  expect(topic({ 'Fn::GetAtt': ['Url', 'Value'] })).toEqual(['fail Topic Properties.DisplayName']);
  expect(task({ Command: [{ 'Fn::Sub': 'mode=${Secrets.Value}' }] })).toEqual(['fail Task Properties.ContainerDefinitions.0.Command.0']);
  const Used = { Value: { 'Fn::GetAtt': ['SecretsKey', 'Arn'] }, Export: { Name: `${DATA}:SecretsKey` } };
  expect(judge(section(DATA, 'Outputs', { Used, Info: { Value: { 'Fn::GetAtt': ['Secrets', 'MasterPassword'] } } }))).toEqual([`fail ${DATA} Outputs.Info.Value`]);
  expect(judge(section(DATA, 'Outputs', { Used, Info: { Value: { 'Fn::If': ['C', { Ref: 'Url' }, ''] } } }))).toEqual([`fail ${DATA} Outputs.Info.Value.Fn::If.1`]);
});

test('fails where a construct is changed after it was made right', () => {
  expect(after(({ url }) => resourceOf(url).addPropertyOverride('password', 'hunter2x'))).toEqual(['fail Url Properties.password']);
});
