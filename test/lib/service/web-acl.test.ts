import { Match } from 'aws-cdk-lib/assertions';
import { stores } from '../../../lib/stores.ts';
import { hosted, resources } from '../../support/deployments.ts';
import { managedGroups } from '../../support/waf-managed.ts';
import { webAclOf, webAclTemplate } from '../../support/web-acl.ts';

const template = webAclTemplate();
const acl = webAclOf(template);

/** Every value below a key, at any depth. */
function values(json: unknown, key: string): unknown[] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([name, value]) => [...(name === key ? [value] : []), ...values(value, key)]);
}

describe('the firewall', () => {
  test('stands in front of the load balancer of its region', () => {
    expect(acl).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: Match.stringLikeRegexp(':loadbalancer/app/'),
      WebACLArn: { 'Fn::GetAtt': [Object.keys(resources(template, 'AWS::WAFv2::WebACL'))[0], 'Arn'] },
    });
  });

  test('counts in CloudWatch and samples no request', () => {
    expect(values(acl, 'CloudWatchMetricsEnabled')).toEqual(Array.from({ length: acl.Rules.length + 1 }, () => true));
    expect(values(acl, 'SampledRequestsEnabled')).toEqual(Array.from({ length: acl.Rules.length + 1 }, () => false));
  });

  test('names its metrics after the deployment', () => {
    expect(acl).toMatchObject({ VisibilityConfig: { MetricName: 'halton-hosted' } });
  });

  test('follows the version of each managed group that AWS recommends', () => {
    expect(values(acl, 'Version')).toEqual([]);
  });

  test('stays within the capacity that costs nothing extra, even if what transforms nothing is counted', () => {
    expect(capacity(acl)).toBeLessThanOrEqual(1500);
  });
});

describe('the log of the firewall', () => {
  test('exists before the firewall sees a request', () => {
    template.hasResource('AWS::WAFv2::WebACLAssociation', { DependsOn: Object.keys(resources(template, 'AWS::WAFv2::LoggingConfiguration')) });
  });

  test('has the name that WAF asks for, is encrypted, keeps a week and says that it may hold workspace data', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: {
        LogGroupName: 'aws-waf-logs-halton-hosted',
        RetentionInDays: stores.webAclLog.retention,
        KmsKeyId: Match.anyValue(),
        Tags: Match.arrayWith([{ Key: 'halton:workspace-data', Value: 'yes' }]),
      },
      DeletionPolicy: 'Delete',
    });
    expect(stores.webAclLog.retention).toBeLessThanOrEqual(7);
  });

  test('is named without the streams that the ARN of a log group ends in', () => {
    const [logging] = Object.values(resources(template, 'AWS::WAFv2::LoggingConfiguration'));
    const [group] = Object.keys(resources(template, 'AWS::Logs::LogGroup'));
    expect(JSON.stringify(logging?.Properties['LogDestinationConfigs'])).toMatch(new RegExp(`:log-group:",{"Ref":"${group}"}]]}]$`));
  });

  test('shows neither credentials nor what a rule found in a body', () => {
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      RedactedFields: [{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }],
    });
    expect(acl['DataProtectionConfig']).toEqual({ DataProtections: [{ Action: 'SUBSTITUTION', Field: { FieldType: 'BODY' } }] });
  });

  test('may be written under the key of the logs, and under no name that another deployment has', () => {
    const names = (deployment: typeof hosted) =>
      JSON.stringify(values(webAclTemplate(deployment).toJSON(), 'kms:EncryptionContext:aws:logs:arn')).match(/aws-waf-logs-[^"]*/g);
    expect(names(hosted)).toEqual(['aws-waf-logs-halton-hosted']);
    expect(names({ ...hosted, name: 'hosted-two' })).toEqual(['aws-waf-logs-halton-hosted-two']);
  });
});

/** Units as the Developer Guide counts them, each text transformation at its full price. */
function capacity(json: unknown): number {
  const transformations = values(json, 'TextTransformations').flat().length * 10;
  const groups = values(json, 'ManagedRuleGroupStatement').map((group) => managedGroups[(group as { Name: string }).Name]?.capacity ?? Number.NaN);
  const each = { RateBasedStatement: 2, LabelMatchStatement: 1, ByteMatchStatement: 2, RegexMatchStatement: 3 };
  const own = Object.entries(each).map(([type, units]) => values(json, type).length * units);
  return [...groups, ...own].reduce((sum, units) => sum + units, transformations);
}
