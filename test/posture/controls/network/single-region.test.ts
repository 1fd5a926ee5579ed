import { CfnResource } from 'aws-cdk-lib';
import { singleRegion } from '../../../../posture/controls/network/single-region.ts';
import { factsOf } from '../../../support/assembly.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, AUDIT, complaints, DATA, ELSEWHERE, elsewhere, healthy, NETWORK, section, SERVICE } from '../../../support/fixtures.ts';

const after = judgingAfter(singleRegion);

const metadata = (deployment: unknown) => ({ Halton: { deployment } });

test('passes where every stack is in the region of its one deployment', () => {
  expect(complaints(singleRegion, healthy())).toEqual([]);
});

test('passes for an enterprise deployment in a region of its own', () => {
  expect(complaints(singleRegion, elsewhere(), ELSEWHERE)).toEqual([]);
});

test('fails where one stack lands elsewhere', () => {
  expect(complaints(singleRegion, healthy(), { regions: { [DATA]: 'eu-west-1' } })).toEqual([`fail ${DATA} region`]);
});

const ALL = [NETWORK, DATA, SERVICE, AUDIT];

test('fails where the hosted deployment says that it lives in another region', () => {
  const moved = metadata({ name: 'hosted', kind: 'hosted', region: 'eu-west-1' });
  expect(complaints(singleRegion, healthy(...ALL.map((stack) => section(stack, 'Metadata', moved))))).toEqual(
    ALL.flatMap((stack) => [`fail ${stack} Metadata.Halton.deployment`, `fail ${stack} Metadata.Halton.deployment.region`]),
  );
});

test('fails where a stack belongs to another deployment or to none', () => {
  const others = ALL.map((stack) => `fail ${stack} Metadata.Halton.deployment`);
  expect(complaints(singleRegion, healthy(section(DATA, 'Metadata', metadata({ name: 'other', kind: 'hosted', region: 'eu-west-2' }))))).toEqual(others);
  expect(complaints(singleRegion, healthy(section(DATA, 'Metadata', undefined)))).toEqual(others.toSpliced(2, 0, `fail ${DATA} region`));
});

test.each([
  'us-east-1',
  'arn:aws:sns:us-west-2:123456789012:topic',
  'sns.ap-southeast-2.amazonaws.com',
  'bucket-eu-west-1-logs',
  'eu-central-1a',
  'use1-az2',
  'USE1-AZ2',
  'us-gov-west-1',
  'EU-WEST-1',
  { 'Fn::Join': ['-', ['us', 'east', '1']] },
  { 'Fn::If': ['Abroad', 'eu-west-3', 'eu-west-2'] },
])('fails on a string that names another region: %j', (value) => {
  const [complaint = ''] = complaints(singleRegion, healthy(add('Topic', 'AWS::SNS::Topic', { DisplayName: value })));
  expect(complaint).toMatch(/^fail Topic Properties\.DisplayName/);
});

test('names each other region once', () => {
  const text = 'us-east-1, us-east-1 and eu-west-1a, not eu-west-2';
  const findings = singleRegion.judge(factsOf(healthy(add('Topic', 'AWS::SNS::Topic', { DisplayName: text }))));
  expect(findings.find(({ resource }) => resource.logicalId === 'Topic')?.checks).toMatchObject([{ observed: 'us-east-1, eu-west-1' }]);
});

test.each([
  'eu-west-2',
  'eu-west-2b',
  'euw2-az1',
  'logs.eu-west-2.amazonaws.com',
  'cdk-hnb659fds-assets-123456789012-eu-west-2',
  'arn:aws:iam::aws:policy/ReadOnlyAccess',
  'no-east-1 is none',
  'us-east-side-1',
  'v2:deflate64:H4sIAAAAAAAA/zPSMzTSM1BMLC/WTU7J1s3JTNKrDi5JTM7WcU7LC0otzi8tSk4FsQEYHuBsLAAAAA==',
])('lets pass what names no other region: %s', (value) => {
  expect(complaints(singleRegion, healthy(add('Topic', 'AWS::SNS::Topic', { DisplayName: value })))).toEqual([]);
});

test('fails on a region in an output, where no resource bears it', () => {
  const templates = healthy(section(DATA, 'Outputs', { Endpoint: { Value: 'https://kms.us-east-1.amazonaws.com' } }));
  expect(complaints(singleRegion, templates)).toEqual([`fail ${DATA} Outputs.Endpoint.Value`]);
});

test('fails where an override of a construct names another region', () => {
  const change = after(({ bucket }, stack) => {
    resourceOf(bucket).addPropertyOverride('ReplicationConfiguration.Rules', [{ Destination: { Bucket: 'arn:aws:s3:us-east-1::copy' } }]);
    new CfnResource(stack, 'Raw', { type: 'AWS::SNS::Subscription', properties: { Region: 'eu-west-1' } });
  });
  expect(change).toEqual(['fail Bucket Properties.ReplicationConfiguration.Rules.0.Destination.Bucket', 'fail Raw Properties.Region']);
});

test('is unresolved where the region is left to the moment of deployment', () => {
  expect(complaints(singleRegion, healthy(), { regions: { [DATA]: null } })).toEqual([`unresolved ${DATA} region`]);
  const templates = healthy(
    section(DATA, 'Parameters', { Where: { Type: 'String' } }),
    add('Rule', 'AWS::Events::Rule', { Arn: { 'Fn::Sub': 'arn:aws:events:${Where}:123456789012:event-bus/default' } }),
  );
  expect(complaints(singleRegion, templates)).toEqual(['unresolved Rule Properties.Arn']);
});
