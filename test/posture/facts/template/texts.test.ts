import { factsOf } from '../../../support/assembly.ts';

const textsOf = (body: unknown) => factsOf({ data: body }).texts.map(({ id, path, text }) => [id, path, text]);
const Db = { Type: 'AWS::RDS::DBInstance' };

test('every text of a resource is listed with its place', () => {
  const texts = textsOf({ Resources: { Db: { ...Db, Properties: { Tags: [{ Key: 'a', Value: 'b' }] }, Metadata: { note: 'c' } } } });
  expect(texts).toEqual([
    ['data/Db', 'Type', 'AWS::RDS::DBInstance'],
    ['data/Db', 'Properties.Tags.0.Key', 'a'],
    ['data/Db', 'Properties.Tags.0.Value', 'b'],
    ['data/Db', 'Metadata.note', 'c'],
  ]);
});

test.each<[string, unknown, string]>([
  ['outputs', { Outputs: { Url: { Value: 'secret' } } }, 'Outputs.Url.Value'],
  ['metadata', { Metadata: { a: ['secret'] } }, 'Metadata.a.0'],
  ['defaults of parameters', { Parameters: { P: { Default: 'secret' } } }, 'Parameters.P.Default'],
  ['mappings', { Mappings: { M: { a: { b: 'secret' } } } }, 'Mappings.M.a.b'],
  ['conditions', { Conditions: { C: { 'Fn::Equals': ['secret', 'b'] } } }, 'Conditions.C.Fn::Equals.0'],
  ['the description', { Description: 'secret' }, 'Description'],
])('texts of the template\'s %s belong to the stack', (_, body, path) => {
  expect(textsOf({ Resources: { Db }, ...(body as object) })).toContainEqual(['data', path, 'secret']);
});

test('a joined text is spelled out, so that what it comes to can be seen', () => {
  const joined = { 'Fn::Join': ['', ['postgres://u', ':p@', { 'Fn::GetAtt': ['Db', 'Endpoint.Address'] }]] };
  expect(textsOf({ Resources: { Db }, Outputs: { Url: { Value: joined } } })).toContainEqual(['data', 'Outputs.Url.Value', 'postgres://u:p@${data/Db.Endpoint.Address}']);
});

test('a substituted text is spelled out, and what is open in it keeps its name', () => {
  const url = { 'Fn::Sub': 'postgres://u:${Password}@${Db.Endpoint.Address}' };
  const texts = textsOf({ Resources: { Db }, Parameters: { Password: { Type: 'String' } }, Outputs: { Url: { Value: url } } });
  expect(texts).toContainEqual(['data', 'Outputs.Url.Value', 'postgres://u:${Password}@${data/Db.Endpoint.Address}']);
});

test('both branches of a condition are listed', () => {
  const chosen = { 'Fn::Join': ['', ['a', { 'Fn::If': ['C', 'first', 'second'] }]] };
  const texts = textsOf({ Resources: { Db: { ...Db, Properties: { DBName: chosen } } } }).map(([, , text]) => text);
  expect(texts).toEqual(expect.arrayContaining(['first', 'second']));
});

test('what is encoded at deployment is listed before it is', () => {
  const texts = textsOf({ Resources: { Db: { ...Db, Properties: { UserData: { 'Fn::Base64': { 'Fn::Join': ['=', ['TOKEN', 'secret']] } } } } } });
  expect(texts).toContainEqual(['data/Db', 'Properties.UserData.Fn::Base64', 'TOKEN=secret']);
});
