import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { tasksReadSecretsAtBoot } from '../../../../posture/controls/secrets/tasks-read-secrets-at-boot.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, copy, DATA, drop, judging, section, SERVICE, set, unset } from '../../../support/fixtures.ts';

const judge = judging(tasksReadSecretsAtBoot);
const after = judgingAfter(tasksReadSecretsAtBoot);
const inService = { stack: SERVICE };
const STATEMENT = 'PolicyDocument.Statement';
const statement = (index: number, name: string, value: unknown) => judge(set('TaskPolicy', `Properties.${STATEMENT}.${index}.${name}`, value));
const below = (path: string, account = '${AWS::AccountId}', region = '${AWS::Region}') => ({ 'Fn::Sub': `arn:aws:ssm:${region}:${account}:parameter${path}` });
const extra = (Statement: unknown) => add('Extra', 'AWS::IAM::Policy', { Roles: [{ Ref: 'TaskRole' }], PolicyDocument: { Statement } }, inService);
const allow = (rest: Record<string, unknown>) => ({ Effect: 'Allow', Resource: '*', ...rest });

test('passes on parameters below the deployment\'s path, each or all of them', () => {
  expect(statement(0, 'Resource', below('/halton/hosted/*'))).toEqual([]);
  expect(statement(0, 'Action', 'SSM:getparameters')).toEqual([]);
});

test('passes on other statements, and on one that denies', () => {
  expect(judge(extra([allow({ Action: 'firehose:PutRecord' }), { Effect: 'Deny', Action: '*', Resource: '*' }]))).toEqual([]);
});

test.each<[string, string?, string?]>([
  ['/halton/*'],
  ['/halton/hosted*'],
  ['/halton/hosted'],
  ['/halton/other/database/url'],
  ['/*'],
  ['/halton/hosted/*', '123456789012'],
  ['/halton/hosted/*', '*'],
  ['/halton/hosted/*', '${AWS::AccountId}', 'eu-west-1'],
  ['/halton/hosted/*', '${AWS::AccountId}', '*'],
])('fails on a role that reads parameters elsewhere: %s %s %s', (...place) => {
  expect(statement(0, 'Resource', below(...place))).toEqual([`fail Task TaskPolicy: ${STATEMENT}.0.Resource`]);
});

test.each(['*', undefined, []])('fails where what is read is %j', (value) => {
  expect(statement(0, 'Resource', value)).toEqual([`fail Task TaskPolicy: ${STATEMENT}.0.Resource`]);
});

test.each(['ssm:*', 'ssm:Get*', 's?m:GetParameter', 'ssm:GetParameterHistory', 'ssm:GetParameter*'])('fails on %s, which is more than reading', (action) => {
  expect(statement(0, 'Action', action)).toEqual([`fail Task TaskPolicy: ${STATEMENT}.0.Action`]);
});

test('fails on a statement that allows all, or all but something', () => {
  expect(judge(extra(allow({ Action: '*' })))).toEqual([
    `fail Task Extra: ${STATEMENT}.Action`,
    `fail Task Extra: ${STATEMENT}.Resource`,
    `fail Task Extra: ${STATEMENT}.Action`,
    `fail Task Extra: ${STATEMENT}.Resource`,
    `fail Task Extra: ${STATEMENT}.Condition kms:ViaService`,
  ]);
  expect(judge(extra([allow({ NotAction: 'iam:*' })]))).toEqual([`fail Task Extra: ${STATEMENT}.0.Action`]);
});

test('fails on a role that decrypts with another key, any key, or past Parameter Store', () => {
  expect(statement(1, 'Resource', '*')).toEqual([`fail Task TaskPolicy: ${STATEMENT}.1.Resource`]);
  expect(statement(1, 'Resource', { 'Fn::ImportValue': 'halton-hosted-network:LogKey' })).toEqual([`fail Task TaskPolicy: ${STATEMENT}.1.Resource`]);
  expect(statement(1, 'Action', 'kms:*')).toEqual([`fail Task TaskPolicy: ${STATEMENT}.1.Action`]);
  const through = [`fail Task TaskPolicy: ${STATEMENT}.1.Condition kms:ViaService`];
  expect(statement(1, 'Condition', undefined)).toEqual(through);
  expect(statement(1, 'Condition', { StringEquals: { 'kms:ViaService': 's3.eu-west-2.amazonaws.com' } })).toEqual(through);
  expect(statement(1, 'Condition', { StringEquals: { 'kms:ViaService': ['ssm.eu-west-2.amazonaws.com', 's3.eu-west-2.amazonaws.com'] } })).toEqual(through);
  expect(statement(1, 'Condition', { StringEqualsIfExists: { 'kms:ViaService': 'ssm.eu-west-2.amazonaws.com' } })).toEqual(through);
});

test('fails on a role that cannot read or cannot decrypt', () => {
  expect(judge(drop('TaskPolicy'))).toEqual(['fail Task TaskRole: ssm:GetParameter', 'fail Task TaskRole: kms:Decrypt']);
  expect(statement(0, 'Effect', 'Deny')).toEqual(['fail Task TaskRole: ssm:GetParameter']);
  expect(statement(1, 'Action', 'kms:Encrypt')).toEqual(['fail Task TaskRole: kms:Decrypt']);
});

test('fails where a task has no role of the assembly', () => {
  expect(judge(unset('Task', 'Properties.TaskRoleArn'))).toEqual(['fail Task TaskRoleArn']);
  expect(judge(set('Task', 'Properties.TaskRoleArn', 'arn:aws:iam::123456789012:role/elsewhere'))).toEqual(['fail Task TaskRoleArn']);
});

test('looks into every policy of the role, wherever it is attached', () => {
  const wide = { Statement: [allow({ Action: 'ssm:GetParameters' })] };
  expect(judge(set('TaskRole', 'Properties.Policies', [{ PolicyName: 'p', PolicyDocument: wide }]))).toEqual([
    `fail Task TaskRole: Policies.0.${STATEMENT}.0.Resource`,
  ]);
  const managed = add('Wide', 'AWS::IAM::ManagedPolicy', { PolicyDocument: wide }, inService);
  expect(judge(managed)).toEqual([]);
  expect(judge(managed, set('TaskRole', 'Properties.ManagedPolicyArns', [{ Ref: 'Wide' }]))).toEqual([`fail Task Wide: ${STATEMENT}.0.Resource`]);
  expect(judge(set('TaskRole', 'Properties.ManagedPolicyArns', ['arn:aws:iam::aws:policy/AdministratorAccess']))).toEqual([
    'fail Task TaskRole: ManagedPolicyArns.0',
  ]);
  expect(judge(add('Later', 'AWS::IAM::RolePolicy', { RoleName: { Ref: 'TaskRole' }, PolicyDocument: wide }, inService))).toEqual([
    `fail Task Later: ${STATEMENT}.0.Resource`,
  ]);
});

const environment = (value: unknown) => judge(set('Task', 'Properties.ContainerDefinitions.0.Environment', value));

test('fails where a container is not told the path, or another one', () => {
  const wrong = ['fail Task ContainerDefinitions.0.Environment PARAMETER_PATH'];
  expect(environment(undefined)).toEqual(wrong);
  for (const Value of ['/halton/other', '/halton', '/halton/hosted/', '']) expect(environment([{ Name: 'PARAMETER_PATH', Value }])).toEqual(wrong);
  expect(judge(copy('Task', 'Second', { ContainerDefinitions: [{ Name: 'sidecar' }] }))).toEqual(['fail Second ContainerDefinitions.0.Environment PARAMETER_PATH']);
});

test('fails where a container is handed a secret', () => {
  const handed = (name: string, value: unknown) => judge(set('Task', `Properties.ContainerDefinitions.0.${name}`, value));
  const secret = { Name: 'URL', ValueFrom: '/halton/hosted/database/url' };
  for (const [name, value] of [['Secrets', [secret]], ['EnvironmentFiles', [{ Type: 's3', Value: 'arn:aws:s3:::b/f' }]], ['LogConfiguration', { SecretOptions: [secret] }]] as const) {
    expect(handed(name, value)).toContain('fail Task ContainerDefinitions.0.Secrets');
  }
  expect(handed('Environment.1', { Name: 'CLERK_SECRET_KEY', Value: 'a literal' })).toEqual(['fail Task Environment CLERK_SECRET_KEY']);
});

test('fails where there is no task or no container', () => {
  expect(judge(drop('Task'))).toEqual([`fail ${DATA} AWS::ECS::TaskDefinition`]);
  expect(judge(set('Task', 'Properties.ContainerDefinitions', []))).toEqual(['fail Task ContainerDefinitions']);
});

test('fails where a construct is changed after it was made right', () => {
  const wide = after(({ service }) => {
    new ManagedPolicy(service, 'Wide', { roles: [service.definition.taskRole], statements: [new PolicyStatement({ actions: ['ssm:*'], resources: ['*'] })] });
  });
  expect(wide).toEqual([expect.stringMatching(/^fail ServiceTask \w+: .+\.0\.Action$/), expect.stringMatching(/^fail ServiceTask \w+: .+\.0\.Resource$/)]);
  const untold = after(({ service }) => resourceOf(service.definition).addPropertyDeletionOverride('ContainerDefinitions.0.Environment'));
  expect(untold).toEqual(['fail ServiceTask ContainerDefinitions.0.Environment PARAMETER_PATH']);
  const handed = after(({ service }) => resourceOf(service.definition).addPropertyOverride('ContainerDefinitions.0.Secrets', [{ Name: 'URL', ValueFrom: 'x' }]));
  expect(handed).toEqual(['fail ServiceTask ContainerDefinitions.0.Secrets']);
});

test('is unresolved where the templates do not settle path, role or policy', () => {
  const parameter = section(SERVICE, 'Parameters', { Any: { Type: 'String', Default: '/halton/hosted' } });
  const open = (logicalId: string, path: string, value: unknown = { Ref: 'Any' }) => judge(parameter, set(logicalId, `Properties.${path}`, value));
  expect(open('Task', 'ContainerDefinitions.0.Environment.0.Value')).toContain('unresolved Task ContainerDefinitions.0.Environment PARAMETER_PATH');
  expect(open('Task', 'TaskRoleArn')).toEqual(['unresolved Task TaskRoleArn']);
  expect(open('TaskPolicy', `${STATEMENT}.0.Resource`)).toEqual([`unresolved Task TaskPolicy: ${STATEMENT}.0.Resource`]);
  expect(open('TaskPolicy', `${STATEMENT}.0.Action`)).toContain(`unresolved Task TaskPolicy: ${STATEMENT}.0.Action`);
  expect(open('TaskPolicy', `${STATEMENT}.1.Condition`, { 'Fn::If': ['C', {}, {}] })).toEqual([`unresolved Task TaskPolicy: ${STATEMENT}.1.Condition kms:ViaService`]);
  // A policy that may be of any role counts for this one.
  expect(judge(parameter, add('Any', 'AWS::IAM::Policy', { Roles: [{ Ref: 'Any' }], PolicyDocument: {} }, inService))).toContain('unresolved Task Any: Roles');
});
