import type { BucketFact, Facts, TrailFact } from '../facts/facts.ts';
import { type Check, expectAbsent, expectValue, inside } from './control.ts';
import { homeRegionOf } from './deployment.ts';
import { grantCheck } from './grants.ts';
import { accountOf } from './place.ts';

const CLOUDTRAIL = 'cloudtrail.amazonaws.com';

/** Checks that a bucket's own policy lets a trail look at it and write into it, and that nothing there keeps it out. */
export function bucketDeliveryChecks(trail: TrailFact, bucket: BucketFact, facts: Facts): readonly Check[] {
  const account = accountOf(trail, facts) ?? '';
  const prefix = trail.prefix.is === 'known' ? `${trail.prefix.value}/` : '';
  const arns = [`\${${bucket.id}.Arn}`, `arn:aws:s3:::\${${bucket.id}}`];
  const common = { service: CLOUDTRAIL, context: contextOf(trail, facts) };
  return [
    // Who writes where, which is what the policy is held against.
    expectAbsent('TrailName', trail.name, () => true, 'known or absent'),
    expectAbsent('S3KeyPrefix', trail.prefix, () => true, 'known or absent'),
    grantCheck(`${bucket.id}: s3:GetBucketAcl`, bucket.policy, { ...common, action: 's3:GetBucketAcl', resources: arns }),
    grantCheck(`${bucket.id}: s3:PutObject`, bucket.policy, {
      ...common,
      action: 's3:PutObject',
      resources: arns.map((arn) => `${arn}/${prefix}AWSLogs/${account}/CloudTrail/events.json.gz`),
    }),
  ];
}

/** What CloudTrail tells S3 of itself: which trail it writes for, and how. */
function contextOf(trail: TrailFact, facts: Facts): Readonly<Record<string, readonly string[]>> {
  const account = accountOf(trail, facts) ?? '';
  // CloudFormation begins the name that it makes with the stack's and the resource's.
  const name = trail.name.is === 'known' ? trail.name.value : `${trail.stack}-${trail.logicalId}-`;
  return {
    'aws:sourceaccount': [account],
    'aws:sourcearn': [`\${${trail.id}.Arn}`, `arn:aws:cloudtrail:${homeRegionOf(trail, facts)}:${account}:trail/${name}`],
    'aws:securetransport': ['true'],
    's3:tlsversion': ['1.2'],
    's3:x-amz-acl': ['bucket-owner-full-control'],
  };
}

/** Checks that a trail has a role that may write into its log group, and that nothing there keeps it from that. */
export function logDeliveryChecks(trail: TrailFact, facts: Facts): readonly Check[] {
  const { logGroup, logRole } = trail;
  const role = logRole.is === 'known' ? facts.roles.find(({ id }) => id === logRole.value) : undefined;
  const named = inside(expectValue('CloudWatchLogsRoleArn', logRole, 'a role of the assembly', () => role !== undefined));
  if (role === undefined || logGroup.is !== 'known') return [named];
  const [region, account] = [homeRegionOf(trail, facts), accountOf(trail, facts)];
  const stream = `arn:aws:logs:${region}:${account}:log-group:\${${logGroup.value}}:log-stream:${account}_CloudTrail_${region}`;
  // The attribute ends in the wildcard that stands for the group's streams.
  const resources = [`\${${logGroup.value}.Arn}`, stream];
  return [named, ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => grantCheck(`${role.id}: ${action}`, role.statements, { action, resources }))];
}
