import { trailIsValidated } from '../../../../posture/controls/audit/trail-is-validated.ts';
import { judgingAfter } from '../../../support/fixtures-cdk.ts';
import { add, AUDIT, complaints, drop, ELSEWHERE, elsewhere, judging, section, set, unset } from '../../../support/fixtures.ts';

const judge = judging(trailIsValidated);
const after = judgingAfter(trailIsValidated);
const inAudit = { stack: AUDIT };
const ACL = 'Trail TrailBucket: s3:GetBucketAcl';
const PUT = 'Trail TrailBucket: s3:PutObject';
const STATEMENT = 'Properties.PolicyDocument.Statement';

describe('the policy of a trail\'s bucket', () => {
  const put = (path: string, value: unknown) => judge(set('TrailBucketPolicy', `${STATEMENT}.2.${path}`, value));
  const more = (statement: Record<string, unknown>) => judge(set('TrailBucketPolicy', `${STATEMENT}.3`, statement));
  const objects = { 'Fn::Sub': '${TrailBucket.Arn}/*' };

  test('lets CloudTrail in, in whatever way it says so', () => {
    expect(complaints(trailIsValidated, elsewhere(), ELSEWHERE)).toEqual([]);
    expect(put('Resource', objects)).toEqual([]);
    expect(put('Resource', { 'Fn::Sub': 'arn:aws:s3:::${TrailBucket}/AWSLogs/*' })).toEqual([]);
    expect(put('Action', ['s3:Put*'])).toEqual([]);
    expect(put('Condition', undefined)).toEqual([]);
    expect(put('Condition', { StringEquals: { 'AWS:SourceAccount': { Ref: 'AWS::AccountId' }, 'aws:SourceArn': { 'Fn::GetAtt': ['Trail', 'Arn'] } } })).toEqual([]);
  });

  test('fails where there is none, or where it is another bucket\'s', () => {
    expect(judge(drop('TrailBucketPolicy'))).toEqual([`fail ${ACL}`, `fail ${PUT}`]);
    expect(judge(set('TrailBucketPolicy', 'Properties.Bucket', { Ref: 'Receipts' }))).toEqual([`fail ${ACL}`, `fail ${PUT}`]);
  });

  test.each<[string, string, unknown]>([
    ['somebody else', 'Principal', { Service: 'config.amazonaws.com' }],
    ['nobody', 'Principal', undefined],
    ['it to read', 'Action', 's3:GetObject'],
    ['it elsewhere', 'Resource', { 'Fn::Sub': '${Receipts.Arn}/*' }],
    ['it under another account\'s name', 'Resource', { 'Fn::Sub': '${TrailBucket.Arn}/AWSLogs/999988887777/*' }],
    ['it for another trail', 'Condition', { ArnLike: { 'aws:SourceArn': { 'Fn::Sub': 'arn:aws:cloudtrail:eu-west-2:${AWS::AccountId}:trail/other-*' } } }],
    ['it for a trail of another account', 'Condition', { StringEquals: { 'aws:SourceAccount': '999988887777' } }],
  ])('fails where it lets %s', (_, path, value) => {
    expect(put(path, value)).toContain(`fail ${PUT}`);
  });

  test('fails where it lets CloudTrail write under a prefix that the trail does not have', () => {
    const prefixed = set('TrailBucketPolicy', `${STATEMENT}.2.Resource`, { 'Fn::Sub': '${TrailBucket.Arn}/trail/AWSLogs/*' });
    expect(judge(prefixed)).toEqual([`fail ${PUT}`]);
    expect(judge(prefixed, set('Trail', 'Properties.S3KeyPrefix', 'trail'))).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['CloudTrail', { Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject' }],
    ['everybody', { Principal: '*', Action: 's3:Put*' }],
    ['everybody but one', { NotPrincipal: { AWS: '999988887777' }, Action: 's3:PutObject' }],
    ['whoever uses an older TLS than any', { Principal: '*', Action: 's3:PutObject', Condition: { NumericLessThan: { 's3:TlsVersion': 9 } } }],
  ])('fails where it denies %s', (_, statement) => {
    expect(more({ Effect: 'Deny', Resource: objects, ...statement })).toEqual([`fail ${PUT}`]);
  });

  test('may deny what CloudTrail never does', () => {
    expect(more({ Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject*', Resource: objects })).toEqual([]);
    expect(more({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: objects, Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } })).toEqual([]);
    expect(more({ Effect: 'Deny', Principal: { AWS: '999988887777' }, Action: 's3:*', Resource: objects })).toEqual([]);
  });

  test('is unresolved where the templates, or what is known of CloudTrail, do not settle it', () => {
    const parameter = section(AUDIT, 'Parameters', { Any: { Type: 'String' } });
    expect(judge(parameter, set('TrailBucketPolicy', `${STATEMENT}.2.Resource`, { Ref: 'Any' }))).toEqual([`unresolved ${PUT}`]);
    expect(put('Condition', { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })).toEqual([`unresolved ${PUT}`]);
    expect(more({ Effect: 'Deny', Principal: '*', NotAction: 's3:GetObject', Resource: objects })).toEqual([`unresolved ${PUT}`]);
    expect(judge(parameter, set('TrailBucketPolicy', 'Properties.Bucket', { Ref: 'Any' }))).toEqual(
      expect.arrayContaining([`unresolved ${ACL}`, `unresolved ${PUT}`, 'unresolved Trail TrailBucket: PolicyDocument']),
    );
  });
});

describe('the role with which a trail writes to CloudWatch', () => {
  const CREATE = 'Trail TrailRole: logs:CreateLogStream';
  const WRITE = 'Trail TrailRole: logs:PutLogEvents';
  const statement = 'Properties.Policies.0.PolicyDocument.Statement';
  const role = (path: string, value: unknown) => judge(set('TrailRole', `${statement}.${path}`, value));

  test('may, in whatever way its policies say so', () => {
    expect(role('Resource', '*')).toEqual([]);
    expect(role('Resource', { 'Fn::Sub': 'arn:aws:logs:eu-west-2:${AWS::AccountId}:log-group:${TrailLog}:log-stream:${AWS::AccountId}_CloudTrail_eu-west-2*' })).toEqual([]);
    const policy = add('TrailPolicy', 'AWS::IAM::ManagedPolicy', {
      Roles: [{ Ref: 'TrailRole' }],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'logs:*', Resource: { 'Fn::GetAtt': ['TrailLog', 'Arn'] } }] },
    }, inAudit);
    expect(judge(unset('TrailRole', 'Properties.Policies'), policy)).toEqual([]);
    expect(judge(unset('TrailRole', 'Properties.Policies'))).toEqual([`fail ${CREATE}`, `fail ${WRITE}`]);
  });

  test('fails where it is missing or another assembly\'s', () => {
    expect(judge(unset('Trail', 'Properties.CloudWatchLogsRoleArn'))).toEqual(['fail Trail CloudWatchLogsRoleArn']);
    expect(judge(set('Trail', 'Properties.CloudWatchLogsRoleArn', 'arn:aws:iam::123456789012:role/theirs'))).toEqual(['fail Trail CloudWatchLogsRoleArn']);
  });

  test('fails where it may do less, do it elsewhere, or is kept from it', () => {
    expect(role('Action', ['logs:CreateLogStream'])).toEqual([`fail ${WRITE}`]);
    expect(role('Resource', { 'Fn::GetAtt': ['TaskLog', 'Arn'] })).toEqual([`unresolved ${CREATE}`, `unresolved ${WRITE}`]);
    expect(role('Resource', 'arn:aws:logs:eu-west-2:123456789012:log-group:theirs:*')).toEqual([`fail ${CREATE}`, `fail ${WRITE}`]);
    const denial = { PolicyDocument: { Statement: [{ Effect: 'Deny', Action: 'logs:Put*', Resource: '*' }] } };
    expect(judge(set('TrailRole', 'Properties.Policies.1', denial))).toEqual([`fail ${WRITE}`]);
  });

  test('is unresolved where a policy of it cannot be read, or asks for what nobody knows', () => {
    expect(judge(set('TrailRole', 'Properties.ManagedPolicyArns', ['arn:aws:iam::aws:policy/ReadOnlyAccess']))).toEqual([`unresolved ${CREATE}`, `unresolved ${WRITE}`]);
    expect(role('Condition', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })).toEqual([`unresolved ${CREATE}`, `unresolved ${WRITE}`]);
  });
});

test('fails where a construct is changed after it was made right', () => {
  expect(after(({ trail }) => trail.bucket.node.tryRemoveChild('Policy'))).toEqual([
    expect.stringMatching(/^fail Trail\w* TrailBucket\w*: s3:GetBucketAcl$/),
    expect.stringMatching(/^fail Trail\w* TrailBucket\w*: s3:PutObject$/),
  ]);
});
