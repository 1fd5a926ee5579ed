import { factsOf } from '../../../support/assembly.ts';

const environmentsOf = (resource: unknown) =>
  factsOf({ service: { Resources: { Db: { Type: 'AWS::RDS::DBInstance' }, Code: resource } } }).environments.map(({ name, value }) => [name, value]);
const functionWith = (Environment: unknown) => ({ Type: 'AWS::Lambda::Function', Properties: { Environment } });
const taskWith = (...ContainerDefinitions: unknown[]) => ({ Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions } });
const unresolved = { is: 'unresolved', why: expect.any(String) as string };

test('a function\'s variables are read with joined texts spelled out', () => {
  const url = { 'Fn::Join': ['', ['postgres://u:p@', { 'Fn::GetAtt': ['Db', 'Endpoint.Address'] }]] };
  expect(environmentsOf(functionWith({ Variables: { URL: url, DEBUG: true } }))).toEqual([
    ['URL', { is: 'known', value: 'postgres://u:p@${service/Db.Endpoint.Address}' }],
    ['DEBUG', { is: 'known', value: 'true' }],
  ]);
});

test('a dynamic reference in a variable stays visible', () => {
  const secret = '{{resolve:secretsmanager:a}}';
  expect(environmentsOf(functionWith({ Variables: { SECRET: secret } }))).toEqual([['SECRET', { is: 'known', value: secret }]]);
});

test('every container of a task brings its variables', () => {
  const task = taskWith({ Environment: [{ Name: 'A', Value: '1' }] }, { Environment: [{ Name: 'B', Value: { Ref: 'Parameter' } }] }, {});
  expect(environmentsOf(task)).toEqual([
    ['A', { is: 'known', value: '1' }],
    ['B', unresolved],
  ]);
});

test('a function without variables has none', () => {
  expect(environmentsOf(functionWith(undefined))).toEqual([]);
});

test.each<[string, unknown]>([
  ['variables under a condition', functionWith({ Variables: { 'Fn::If': ['a', {}, {}] } })],
  ['variables that are a list', functionWith({ Variables: ['A'] })],
  ['an environment that is a text', functionWith('A=1')],
  ['a function under a condition', { Condition: 'Sometimes', ...functionWith({ Variables: { A: 'b' } }) }],
  ['containers under a condition', { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: { 'Fn::If': ['a', [], []] } } }],
  ['a container that is no object', taskWith('api')],
  ['a container\'s variables that are an object', taskWith({ Environment: { A: 'b' } })],
  ['variables in a file that no template shows', taskWith({ EnvironmentFiles: [{ Type: 's3', Value: 'arn:aws:s3:::b/env' }] })],
])('%s are a variable of which nothing is known', (_, resource) => {
  expect(environmentsOf(resource)).toContainEqual(['(unresolved)', unresolved]);
});
