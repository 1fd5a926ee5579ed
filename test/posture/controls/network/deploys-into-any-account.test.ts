import { CfnResource } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { LOG_DELIVERY_ACCOUNTS } from '../../../../posture/controls/accounts.ts';
import { deploysIntoAnyAccount } from '../../../../posture/controls/network/deploys-into-any-account.ts';
import { templatesOf } from '../../../support/assembly.ts';
import { factsFromTemplates } from '../../../../posture/facts/from-templates.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { add, AUDIT, complaints, DATA, ELSEWHERE, elsewhere, healthy, judging, section } from '../../../support/fixtures.ts';

const judge = judging(deploysIntoAnyAccount);
const after = judgingAfter(deploysIntoAnyAccount);
const OTHER = '123456789012';
const topic = (DisplayName: unknown) => add('Topic', 'AWS::SNS::Topic', { DisplayName });
const wrong = ['fail Topic Properties.DisplayName'];

test('passes where the account is left to whoever deploys, and where the deployment names its own', () => {
  expect(judge()).toEqual([]);
  expect(complaints(deploysIntoAnyAccount, elsewhere(), ELSEWHERE)).toEqual([]);
  expect(complaints(deploysIntoAnyAccount, healthy(topic(`arn:aws:sns:eu-west-2:${OTHER}:topic`)), { account: OTHER })).toEqual([]);
});

test.each([
  OTHER,
  `arn:aws:iam::${OTHER}:role/deploy`,
  `${OTHER}.dkr.ecr.eu-west-2.amazonaws.com/api:1`,
  `cdk-hnb659fds-assets-${OTHER}-eu-west-2`,
  `{"aws:SourceAccount":"${OTHER}"}`,
  { 'Fn::Join': ['', ['arn:aws:iam::', '123456', '789012', ':root']] },
  { 'Fn::If': ['C', `arn:aws:kms:eu-west-2:${OTHER}:key/x`, ''] },
])('fails on another account in a string: %j', (value) => {
  const [complaint = ''] = judge(topic(value));
  expect(complaint).toMatch(/^fail Topic Properties\.DisplayName/);
});

test('fails on an account that is not the deployment\'s own, and outside any resource', () => {
  expect(complaints(deploysIntoAnyAccount, healthy(topic(OTHER)), { account: '210987654321' })).toEqual(wrong);
  expect(judge(section(AUDIT, 'Outputs', { Role: { Value: `arn:aws:iam::${OTHER}:role/x` } }))).toEqual([`fail ${AUDIT} Outputs.Role.Value`]);
});

test.each([
  'arn:aws:iam::aws:policy/ReadOnlyAccess',
  '01234567-89ab-cdef-0123-123456789012',
  'a123456789012',
  '1234567890123',
  '0.123456789012',
  'fcd1e4b6'.repeat(8),
  { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' },
  { 'Fn::Sub': 'arn:aws:s3:::${Bucket}' },
])('lets pass what names no account: %j', (value) => {
  expect(judge(topic(value))).toEqual([]);
});

test('lets the account deliver that Elastic Load Balancing has in the region, and that of no other region', () => {
  expect(judge(topic('arn:aws:iam::652711504416:root'))).toEqual([]);
  expect(judge(topic('arn:aws:iam::054676820928:root'))).toEqual(wrong);
  const known = Object.fromEntries(RegionInfo.regions.flatMap(({ name, elbv2Account }) => (elbv2Account === undefined || /^(?:cn-|us-iso)/.test(name) ? [] : [[name, elbv2Account]])));
  expect(LOG_DELIVERY_ACCOUNTS).toEqual(known);
});

test('fails where stacks land in different accounts or regions', () => {
  const [first, ...rest] = templatesOf(healthy());
  if (first === undefined) throw new Error('no template');
  const facts = factsFromTemplates([{ ...first, account: OTHER }, ...rest]);
  expect(complaints(deploysIntoAnyAccount, facts)).toEqual(facts.stacks.map(({ id }) => `fail ${id} account`));
  expect(complaints(deploysIntoAnyAccount, healthy(), { regions: { [DATA]: 'eu-west-1' } })).toEqual([`fail ${DATA} region`]);
  expect(judge(section(DATA, 'Metadata', undefined))).toEqual([`fail ${DATA} region`]);
});

test('fails where a hosted deployment is another region\'s', () => {
  const moved = { Halton: { deployment: { name: 'hosted', kind: 'hosted', region: 'eu-west-1' } } };
  expect(complaints(deploysIntoAnyAccount, healthy(section(DATA, 'Metadata', moved)), { regions: { [DATA]: 'eu-west-1' } })).toEqual([`fail ${DATA} region`]);
});

test('does not pass where there is nothing', () => {
  expect(complaints(deploysIntoAnyAccount, {})).toEqual(['empty: 0 of 1']);
});

test('fails where an override of a construct names another account', () => {
  expect(
    after(({ bucket }, stack) => {
      resourceOf(bucket).addPropertyOverride('Tags.0.Value', OTHER);
      new CfnResource(stack, 'Raw', { type: 'AWS::IAM::Role', properties: { AssumeRolePolicyDocument: { Statement: [{ Principal: { AWS: OTHER } }] } } });
    }),
  ).toEqual(['fail Bucket Properties.Tags.0.Value', 'fail Raw Properties.AssumeRolePolicyDocument.Statement.0.Principal.AWS']);
});

test('is unresolved where account or region are left to something else than the deploying account', () => {
  const parameter = section(DATA, 'Parameters', { Who: { Type: 'String' } });
  expect(judge(parameter, topic({ 'Fn::Sub': 'arn:aws:iam::${Who}:role/x' }))).toEqual(['unresolved Topic Properties.DisplayName']);
  expect(complaints(deploysIntoAnyAccount, healthy(), { regions: { [DATA]: null } })).toEqual([`unresolved ${DATA} region`]);
});
