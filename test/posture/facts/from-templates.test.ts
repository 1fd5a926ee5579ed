import { factsOf } from '../../support/assembly.ts';

const bucket = { Bucket: { Type: 'AWS::S3::Bucket' } };
const deployment = { name: 'hosted', kind: 'hosted', region: 'eu-west-2' };

test('every resource of every stack is listed, of types that nobody knows too', () => {
  const { resources } = factsOf({ network: { Resources: bucket }, data: { Resources: { Odd: { Type: 'Vendor::Thing::Odd' } } } });
  expect(resources).toEqual([
    { id: 'network/Bucket', type: 'AWS::S3::Bucket', stack: 'network', logicalId: 'Bucket' },
    { id: 'data/Odd', type: 'Vendor::Thing::Odd', stack: 'data', logicalId: 'Odd' },
  ]);
});

test('a stack says where it lands and whose it is', () => {
  const { stacks } = factsOf({ network: { Resources: bucket, Metadata: { Halton: { deployment, area: 'network' } } } });
  expect(stacks).toEqual([
    {
      id: 'network',
      type: 'AWS::CloudFormation::Stack',
      stack: 'network',
      logicalId: '',
      region: { is: 'known', value: 'eu-west-2' },
      account: { is: 'absent' },
      deployment: { is: 'known', value: deployment },
      permissionsBoundary: { is: 'absent' },
      imageAccount: { is: 'absent' },
    },
  ]);
  expect(factsOf({ network: { Resources: bucket } }, { account: '123456789012' }).stacks).toMatchObject([{ account: { is: 'known', value: '123456789012' } }]);
});

test('a stack names the boundary of its deployment\'s roles, in words or not at all', () => {
  const boundary = (permissionsBoundary: unknown) => factsOf({ network: { Resources: bucket, Metadata: { Halton: { deployment, permissionsBoundary } } } }).stacks[0]?.permissionsBoundary;
  expect(boundary('arn:aws:iam::123456789012:policy/boundary')).toEqual({ is: 'known', value: 'arn:aws:iam::123456789012:policy/boundary' });
  expect(boundary({ Ref: 'Boundary' })).toMatchObject({ is: 'unresolved' });
});

test('a stack whose region is open until deployment has none that is known', () => {
  expect(factsOf({ network: { Resources: bucket } }, { regions: { network: null } }).stacks[0]?.region).toMatchObject({ is: 'unresolved' });
});

test.each<[string, unknown, string]>([
  ['without metadata', undefined, 'absent'],
  ['without a word of Halton', { Other: {} }, 'absent'],
  ['with a deployment of an unknown kind', { Halton: { deployment: { ...deployment, kind: 'shared' } } }, 'unresolved'],
  ['with a deployment that is a text', { Halton: { deployment: 'hosted' } }, 'unresolved'],
  ['with metadata that is a list', [], 'unresolved'],
])('the deployment of a stack %s is not known', (_, Metadata, is) => {
  expect(factsOf({ network: { Resources: bucket, Metadata } }).stacks[0]?.deployment.is).toBe(is);
});

test('the same templates give the same facts', () => {
  const bodies = { network: { Resources: bucket }, data: { Resources: bucket } };
  expect(factsOf(bodies)).toEqual(factsOf(bodies));
});
