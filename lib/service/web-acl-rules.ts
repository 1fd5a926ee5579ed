import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { INGEST_METHOD, ingestRoutes, pathPattern } from './routes.ts';

type Rule = CfnWebACL.RuleProperty;
type Statement = CfnWebACL.StatementProperty;

/** A group of rules that AWS keeps, and those of its rules that look at the body. */
interface ManagedGroup {
  readonly name: string;
  /** Where the group's labels are: `awswaf:managed:aws:<labels>:`. */
  readonly labels: string;
  /** Each stands for the rule `<name>_BODY`, which adds the label `<name>_Body`. */
  readonly bodyRules: readonly string[];
}

/**
 * The groups in front of the service, with every body rule that AWS lists for them (Developer Guide, "Baseline
 * rule groups" and "Use-case specific rule groups"; DescribeManagedRuleGroup answers for one account and region).
 *
 * WAF ignores an override of a rule that it does not know, so names are kept here that only some versions have.
 */
export const managedGroups: readonly ManagedGroup[] = [
  { name: 'AWSManagedRulesAmazonIpReputationList', labels: 'amazon-ip-list', bodyRules: [] },
  {
    name: 'AWSManagedRulesCommonRuleSet',
    labels: 'core-rule-set',
    bodyRules: ['SizeRestrictions', 'EC2MetaDataSSRF', 'GenericLFI', 'GenericRFI', 'CrossSiteScripting'],
  },
  { name: 'AWSManagedRulesKnownBadInputsRuleSet', labels: 'known-bad-inputs', bodyRules: ['JavaDeserializationRCE', 'Log4JRCE', 'ReactJSRCE'] },
  { name: 'AWSManagedRulesSQLiRuleSet', labels: 'sql-database', bodyRules: ['SQLi', 'SQLiExtendedPatterns'] },
];

/**
 * Requests that one address may make in five minutes: a thousand machines of an office behind one address that each
 * send every fifteen seconds. It is 67 a second, which the fewest tasks of a deployment bear, and which a flood passes.
 */
const REQUESTS_IN_FIVE_MINUTES = 20_000;

/** Every rule, in the order in which WAF comes to them. */
export function webAclRules(): Rule[] {
  const rules = [rateLimit(), ...managedGroups.map(managedGroup), bodiesElsewhere()];
  return rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visibility(rule.name) }));
}

/** Metrics, but no samples: a sample is a request in full, kept outside the log group and its key, and never redacted. */
export function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false, metricName };
}

type BareRule = Omit<Rule, 'priority' | 'visibilityConfig'>;

function rateLimit(): BareRule {
  return {
    name: 'RateLimit',
    statement: { rateBasedStatement: { limit: REQUESTS_IN_FIVE_MINUTES, evaluationWindowSec: 300, aggregateKeyType: 'IP' } },
    // WAF's own 403 would tell a meter that it may not send; 429 tells it to send later.
    action: { block: { customResponse: { responseCode: 429 } } },
  };
}

function managedGroup({ name, bodyRules }: ManagedGroup): BareRule {
  return {
    name,
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        // WAF takes no empty list.
        ...(bodyRules.length === 0 ? {} : { ruleActionOverrides: bodyRules.map((rule) => ({ name: `${rule}_BODY`, actionToUse: { count: {} } })) }),
      },
    },
    overrideAction: { none: {} },
  };
}

/** Does what the counted rules would have done, unless the request is one that ingests. */
function bodiesElsewhere(): BareRule {
  const labels = managedGroups.flatMap(({ labels: group, bodyRules }) => bodyRules.map((rule) => `awswaf:managed:aws:${group}:${rule}_Body`));
  const counted = { orStatement: { statements: labels.map((key) => ({ labelMatchStatement: { scope: 'LABEL', key } })) } };
  const ingests = { andStatement: { statements: [methodIs(INGEST_METHOD), pathMatches(pathPattern(ingestRoutes))] } };
  return {
    name: 'BodiesElsewhere',
    statement: { andStatement: { statements: [counted, { notStatement: { statement: ingests } }] } },
    action: { block: {} },
  };
}

/**
 * None: what is matched here is let off, and every transformation would make more paths match. A path that
 * needs decoding, normalizing or lower-casing to look like a route is not let off.
 */
const AS_RECEIVED = [{ priority: 0, type: 'NONE' }];

function methodIs(method: string): Statement {
  return {
    byteMatchStatement: { fieldToMatch: { method: {} }, positionalConstraint: 'EXACTLY', searchString: method, textTransformations: AS_RECEIVED },
  };
}

function pathMatches(regexString: string): Statement {
  return { regexMatchStatement: { fieldToMatch: { uriPath: {} }, regexString, textTransformations: AS_RECEIVED } };
}
