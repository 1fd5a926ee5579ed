import { UnreadableAssembly } from '../../../posture/assembly/unreadable.ts';
import { templatesOf } from '../../support/assembly.ts';

/** The code with which a template is refused. */
function refusal(body: unknown): string {
  try {
    templatesOf({ stack: body });
  } catch (error) {
    if (error instanceof UnreadableAssembly) return error.code;
    throw error;
  }
  return 'accepted';
}

const bucket = { Type: 'AWS::S3::Bucket' };
const nested = (depth: number): unknown => (depth === 0 ? 'deep' : [nested(depth - 1)]);

test('a template with resources is accepted', () => {
  expect(refusal({ Resources: { Bucket: bucket } })).toBe('accepted');
});

test.each<[string, unknown]>([
  ['is no object', []],
  ['has no resources', {}],
  ['has resources that are no object', { Resources: [bucket] }],
  ['has a resource that is no object', { Resources: { Bucket: 'AWS::S3::Bucket' } }],
  ['has a resource without a type', { Resources: { Bucket: { Properties: {} } } }],
  ['has a loop for a resource', { Resources: { 'Fn::ForEach::Buckets': ['Name', ['a', 'b'], { 'Bucket${Name}': bucket }] } }],
  ['nests deeper than CloudFormation templates do', { Resources: { Bucket: bucket }, Metadata: nested(500) }],
])('a template that %s is malformed', (_, body) => {
  expect(refusal(body)).toBe('TEMPLATE_MALFORMED');
});

test.each<[string, unknown]>([
  ['as a whole', { Transform: 'AWS::LanguageExtensions', Resources: { Bucket: bucket } }],
  ['in a property', { Resources: { Bucket: { ...bucket, Properties: { 'Fn::Transform': { Name: 'AWS::Include' } } } } }],
  ['in an output', { Resources: { Bucket: bucket }, Outputs: { A: { Value: { 'Fn::Transform': { Name: 'Mine' } } } } }],
])('a template that a macro rewrites %s is refused', (_, body) => {
  expect(refusal(body)).toBe('TEMPLATE_TRANSFORMED');
});

test.each(['AWS::CloudFormation::Stack', 'AWS::CloudFormation::StackSet', 'AWS::ServiceCatalog::CloudFormationProvisionedProduct', 'Org::Team::Db::MODULE'])(
  'a template that deploys another through %s is refused',
  (type) => {
    expect(refusal({ Resources: { Inner: { Type: type } } })).toBe('TEMPLATE_NESTED');
  },
);

test('a resource can bear any name, that of a prototype too', () => {
  const body: unknown = JSON.parse('{"Resources": {"__proto__": {"Type": "AWS::S3::Bucket"}, "constructor": {"Type": "AWS::S3::Bucket"}}}');
  const [template] = templatesOf({ stack: body });
  expect([...(template?.resources.keys() ?? [])]).toEqual(['__proto__', 'constructor']);
});
