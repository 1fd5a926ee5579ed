import { managedGroups } from './waf-managed.ts';

/** A request as WAF sees it: names of headers in lower case, the path as it was sent. */
export interface WafRequest {
  readonly method: string;
  readonly path: string;
  /** What follows the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How many requests its address has made in the rate limit's window. @default 1 */
  readonly requestsInWindow?: number;
  /** The lists of AWS' that have its address. @default - none */
  readonly listedBy?: readonly string[];
}

export interface Verdict {
  readonly action: 'Allow' | 'Block';
  /** The rule that ended the evaluation; `default` where none did. */
  readonly by: string;
  /** What the client is answered; undefined for a request that passes. */
  readonly status?: number;
  /** Rules that matched and only counted. */
  readonly counted: readonly string[];
  readonly labels: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Evaluates the `Properties` of an AWS::WAFv2::WebACL on a request, as WAF does, with stand-ins for the managed rules.
 *
 * @throws on every part of a web ACL that it does not know, so that none is taken for one that does nothing
 */
export function evaluate(acl: Json, request: WafRequest): Verdict {
  const labels: string[] = [];
  const counted: string[] = [];
  const end = (action: Verdict['action'], by: string, status?: number): Verdict => ({ action, by, counted, labels, ...(status === undefined ? {} : { status }) });

  for (const rule of rulesOf(acl)) {
    const [type, body] = only(rule['Statement'], 'a statement');
    if (type === 'ManagedRuleGroupStatement') {
      only(rule['OverrideAction'], 'an override action', ['None']);
      const blocking = runGroup(body, request, labels, counted);
      if (blocking !== undefined) return end('Block', blocking, 403);
      continue;
    }
    const [, action] = only(rule['Action'], 'an action', ['Block']);
    if (matches(rule['Statement'], request, labels)) return end('Block', String(rule['Name']), statusOf(action));
  }
  only(acl['DefaultAction'], 'a default action', ['Allow']);
  return end('Allow', 'default');
}

/** A request for `target`, a path with or without a query, from an ordinary client. */
export function requestTo(method: string, target: string, body = '', more: Partial<WafRequest> = {}): WafRequest {
  const [path = '', query = ''] = target.split('#', 1).join('').split(/\?(.*)/s, 2);
  return { method, path, query, body, ...more, headers: { host: 'api.example.com', 'user-agent': 'halton-meter/1', ...more.headers } };
}

function rulesOf(acl: Json): readonly Json[] {
  const rules = list(acl['Rules']);
  if (new Set(rules.map(({ Priority }) => Priority)).size !== rules.length) throw new Error('two rules have the same priority');
  for (const rule of rules) known(rule, ['Name', 'Priority', 'Statement', 'Action', 'OverrideAction', 'VisibilityConfig']);
  return rules.toSorted((a, b) => Number(a['Priority']) - Number(b['Priority']));
}

/** Runs a managed group; the name of the rule that blocks, if one does. */
function runGroup(statement: Json, request: WafRequest, labels: string[], counted: string[]): string | undefined {
  known(statement, ['VendorName', 'Name', 'RuleActionOverrides']);
  const group = managedGroups[String(statement['Name'])];
  if (group === undefined) throw new Error(`no stand-in for the managed group ${String(statement['Name'])}`);
  const given = statement['RuleActionOverrides'];
  if (Array.isArray(given) && given.length === 0) throw new Error('WAF takes no empty list of overrides');
  const overrides = new Map(list(given ?? []).map((override) => [override['Name'], only(override['ActionToUse'], 'an action', ['Count', 'Block'])[0]]));
  for (const name of overrides.keys()) {
    // WAF would take it without a word and go on blocking.
    if (!group.rules.some((rule) => rule.name === name)) throw new Error(`${String(statement['Name'])} has no rule ${String(name)}`);
  }
  for (const rule of group.rules) {
    if (!rule.matches(request)) continue;
    labels.push(rule.label);
    if ((overrides.get(rule.name) ?? rule.action) === 'Block') return rule.name;
    counted.push(rule.name);
  }
  return undefined;
}

function matches(statement: unknown, request: WafRequest, labels: readonly string[]): boolean {
  const [type, body] = only(statement, 'a statement');
  const each = (least: number) => {
    known(body, ['Statements']);
    const statements = list(body['Statements']);
    if (statements.length < least) throw new Error(`${type} has ${statements.length} statements, WAF asks for ${least}`);
    return statements;
  };
  switch (type) {
    case 'AndStatement':
      return each(2).every((inner) => matches(inner, request, labels));
    case 'OrStatement':
      return each(2).some((inner) => matches(inner, request, labels));
    case 'NotStatement':
      known(body, ['Statement']);
      return !matches(body['Statement'], request, labels);
    case 'LabelMatchStatement':
      known(body, ['Scope', 'Key']);
      if (body['Scope'] !== 'LABEL') throw new Error(`label scope ${String(body['Scope'])} is not known`);
      return labels.includes(String(body['Key']));
    case 'ByteMatchStatement':
      known(body, ['FieldToMatch', 'PositionalConstraint', 'SearchString', 'TextTransformations']);
      if (body['PositionalConstraint'] !== 'EXACTLY') throw new Error(`constraint ${String(body['PositionalConstraint'])} is not known`);
      return transformed(body, request) === body['SearchString'];
    case 'RegexMatchStatement':
      known(body, ['FieldToMatch', 'RegexString', 'TextTransformations']);
      // PCRE's `$` also stands before a newline at the end, which JavaScript's does not.
      return new RegExp(String(body['RegexString']).replaceAll('$', () => String.raw`(?=\n?(?![^]))`)).test(transformed(body, request));
    case 'RateBasedStatement':
      known(body, ['Limit', 'EvaluationWindowSec', 'AggregateKeyType']);
      if (body['AggregateKeyType'] !== 'IP') throw new Error(`aggregation by ${String(body['AggregateKeyType'])} is not known`);
      return (request.requestsInWindow ?? 1) > Number(body['Limit']);
    default:
      throw new Error(`statement ${type} is not known`);
  }
}

function transformed(statement: Json, { method, path }: WafRequest): string {
  const [field] = only(statement['FieldToMatch'], 'a field', ['Method', 'UriPath']);
  const transformations = list(statement['TextTransformations']).toSorted((a, b) => Number(a['Priority']) - Number(b['Priority']));
  return transformations.reduce((text, { Type }) => transform(String(Type), text), field === 'Method' ? method : path);
}

function transform(type: string, text: string): string {
  switch (type) {
    case 'NONE':
      return text;
    case 'LOWERCASE':
      return text.toLowerCase();
    case 'URL_DECODE':
      return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    case 'NORMALIZE_PATH':
      return new URL(text.replaceAll(/\/{2,}/g, '/'), 'http://host').pathname;
    default:
      throw new Error(`transformation ${type} is not known`);
  }
}

function statusOf(block: Json): number {
  const response = block['CustomResponse'];
  return response === undefined ? 403 : Number((response as Json)['ResponseCode']);
}

/** The one member of an object that stands for a choice. */
function only(value: unknown, what: string, choices?: readonly string[]): readonly [string, Json] {
  const [member, ...more] = Object.entries((value ?? {}) as Record<string, Json>);
  if (member === undefined || more.length > 0) throw new Error(`got ${JSON.stringify(value)}, expected ${what} of one kind`);
  if (choices !== undefined && !choices.includes(member[0])) throw new Error(`${what} ${member[0]} is not known`);
  return member;
}

function known(value: Json, keys: readonly string[]): void {
  for (const key of Object.keys(value)) if (!keys.includes(key)) throw new Error(`${key} is not known`);
}

function list(value: unknown): readonly Json[] {
  if (!Array.isArray(value)) throw new Error(`got ${JSON.stringify(value)}, expected a list`);
  return value;
}
