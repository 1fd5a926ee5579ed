import { join } from 'node:path';
import { readAssembly } from '../../../posture/assembly/read.ts';
import { UnreadableAssembly } from '../../../posture/assembly/unreadable.ts';
import { assemblyDirectory, directoryOf, stackArtifact, temporaryDirectory } from '../../support/assembly-directory.ts';

const body = { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } };

function refusal(directory: string): UnreadableAssembly {
  try {
    readAssembly(directory);
  } catch (error) {
    if (error instanceof UnreadableAssembly) return error;
    throw error;
  }
  throw new Error('the assembly was read');
}

test('every stack is read with its name, place, template and digest', () => {
  const [network, data] = readAssembly(assemblyDirectory({ 'halton-hosted-network': body, 'halton-hosted-data': body }));
  expect(network?.template).toMatchObject({ stack: 'halton-hosted-network', file: 'halton-hosted-network.template.json', region: 'eu-west-2', account: undefined });
  expect(data?.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('a stack without a name bears its artifact\'s', () => {
  const artifact = stackArtifact('stack', { properties: { templateFile: 'stack.template.json' } });
  const [stack] = readAssembly(directoryOf({ 'manifest.json': { artifacts: { artifact } }, 'stack.template.json': body }));
  expect(stack?.template.stack).toBe('artifact');
});

test('account and region are unknown where the manifest leaves them open', () => {
  const artifact = stackArtifact('stack', { environment: 'aws://123456789012/unknown-region' });
  const [stack] = readAssembly(directoryOf({ 'manifest.json': { artifacts: { artifact } }, 'stack.template.json': body }));
  expect(stack?.template).toMatchObject({ account: '123456789012', region: undefined });
});

test('stacks of a nested assembly are read as well', () => {
  const inner = { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-prod' } };
  const stacks = readAssembly(
    directoryOf({
      'manifest.json': { artifacts: { outer: stackArtifact('outer'), inner } },
      'outer.template.json': body,
      'assembly-prod/manifest.json': { artifacts: { nested: stackArtifact('nested') } },
      'assembly-prod/nested.template.json': body,
    }),
  );
  expect(stacks.map(({ template }) => template.file)).toEqual(['outer.template.json', 'assembly-prod/nested.template.json']);
});

test.each([true, false])('what the CDK notes of constructs is read, in a file of its own: %s', (apart) => {
  const metadata = { '/stack/Bucket': [{ type: 'aws:cdk:logicalId', data: 'Bucket' }] };
  const artifact = stackArtifact('stack', apart ? { additionalMetadataFile: 'stack.metadata.json' } : { metadata });
  const [stack] = readAssembly(directoryOf({ 'manifest.json': { artifacts: { artifact } }, 'stack.template.json': body, 'stack.metadata.json': metadata }));
  expect(stack?.metadata).toEqual(metadata);
});

describe('an assembly is unreadable', () => {
  test.each<[string, string, () => string]>([
    ['where its directory is missing', 'ASSEMBLY_NOT_FOUND', () => join(temporaryDirectory(), 'missing')],
    ['where it is a file', 'ASSEMBLY_NOT_A_DIRECTORY', () => join(assemblyDirectory({ stack: body }), 'manifest.json')],
    ['without a manifest', 'MANIFEST_NOT_FOUND', temporaryDirectory],
    ['with a manifest that is no JSON', 'MANIFEST_MALFORMED', () => directoryOf({ 'manifest.json': '{"artifacts": ' })],
    ['with a manifest without artifacts', 'MANIFEST_MALFORMED', () => directoryOf({ 'manifest.json': { version: '55.0.0' } })],
    ['with artifacts that are a list', 'MANIFEST_MALFORMED', () => directoryOf({ 'manifest.json': { artifacts: [] } })],
    ['with an artifact that is a text', 'MANIFEST_MALFORMED', () => directoryOf({ 'manifest.json': { artifacts: { stack: 'stack' } } })],
    ['with a stack without a template', 'MANIFEST_MALFORMED', () => directoryOf({ 'manifest.json': { artifacts: { stack: stackArtifact('stack', { properties: {} }) } } })],
    ['with a stack without an environment', 'MANIFEST_MALFORMED', () => directoryOf({ 'manifest.json': { artifacts: { stack: stackArtifact('stack', { environment: 'here' }) } } })],
    ['without a stack', 'NO_STACKS', () => directoryOf({ 'manifest.json': { artifacts: {} } })],
    ['with two stacks of one name', 'DUPLICATE_STACK', () => directoryOf({ 'manifest.json': { artifacts: { a: stackArtifact('stack'), b: stackArtifact('stack') } }, 'stack.template.json': body })],
    ['where a template is missing', 'TEMPLATE_NOT_FOUND', () => directoryOf({ 'manifest.json': { artifacts: { stack: stackArtifact('stack') } } })],
    ['where a template is no JSON', 'TEMPLATE_MALFORMED', () => assemblyDirectory({ stack: '{"Resources": {' })],
    ['where a template has no resources', 'TEMPLATE_MALFORMED', () => assemblyDirectory({ stack: {} })],
    ['where one template of several is bad', 'TEMPLATE_TRANSFORMED', () => assemblyDirectory({ good: body, bad: { ...body, Transform: 'Mine' } })],
    ['where a nested stack is in it', 'TEMPLATE_NESTED', () => assemblyDirectory({ stack: { Resources: { Inner: { Type: 'AWS::CloudFormation::Stack' } } } })],
    ['where a nested assembly lies nowhere', 'MANIFEST_NOT_FOUND', () => directoryOf({ 'manifest.json': { artifacts: { inner: { type: 'cdk:cloud-assembly', properties: { directoryName: 'x' } } } } })],
    ['where a nested assembly is the assembly itself', 'MANIFEST_MALFORMED', () => directoryOf({ 'manifest.json': { artifacts: { inner: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } } } })],
    ['where its metadata is no JSON', 'MANIFEST_MALFORMED', () => directoryOf({ 'manifest.json': { artifacts: { stack: stackArtifact('stack', { additionalMetadataFile: 'm.json' }) } }, 'stack.template.json': body, 'm.json': '{' })],
  ])('%s', (_, code, make) => {
    const error = refusal(make());
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/Expected .+: .+\.$|Expected .+\.$/);
  });
});
