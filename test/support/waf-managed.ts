import type { WafRequest } from './waf.ts';

/** One rule of a managed group: what AWS documents of it, and a pattern that stands for the signatures that AWS keeps to itself. */
export interface ManagedRule {
  readonly name: string;
  readonly label: string;
  readonly action: 'Block' | 'Count';
  readonly matches: (request: WafRequest) => boolean;
}

export interface ManagedGroup {
  /** Capacity units, as documented. */
  readonly capacity: number;
  readonly rules: readonly ManagedRule[];
}

/** Bytes of a body that a load balancer shows to WAF. */
const SHOWN = 8192;

/** The parts of a request that rules look at, by the ending of their names. */
const parts = {
  BODY: { label: 'Body', read: ({ body }: WafRequest) => Buffer.from(body).subarray(0, SHOWN).toString('latin1') },
  COOKIE: { label: 'Cookie', read: ({ headers }: WafRequest) => headers['cookie'] ?? '' },
  HEADER: { label: 'Header', read: ({ headers }: WafRequest) => Object.entries(headers).flat().join('\n') },
  QUERYARGUMENTS: { label: 'QueryArguments', read: ({ query }: WafRequest) => query },
  QUERYSTRING: { label: 'QueryString', read: ({ query }: WafRequest) => query },
  URIPATH: { label: 'URIPath', read: ({ path }: WafRequest) => path },
};

type Part = keyof typeof parts;

const rule = (group: string, name: string, label: string, matches: ManagedRule['matches'], action: ManagedRule['action'] = 'Block'): ManagedRule => ({
  name,
  label: `awswaf:managed:aws:${group}:${label}`,
  action,
  matches,
});

/** One rule for each part, which tries the pattern on the part as it is and decoded. */
const inspects = (group: string, name: string, pattern: RegExp, ...where: readonly Part[]): ManagedRule[] =>
  where.map((part) =>
    rule(group, `${name}_${part}`, `${name}_${parts[part].label}`, (request) => {
      const text = parts[part].read(request);
      return pattern.test(text) || pattern.test(decode(text));
    }),
  );

function decode(text: string): string {
  return text.replaceAll('+', ' ').replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const sizes = (name: string, label: string, limit: number, size: (request: WafRequest) => number): ManagedRule =>
  rule('core-rule-set', `SizeRestrictions_${name}`, `SizeRestrictions_${label}`, (request) => size(request) > limit);

const listed = (name: string, action: ManagedRule['action'] = 'Block'): ManagedRule =>
  rule('amazon-ip-list', name, name, ({ listedBy = [] }) => listedBy.includes(name), action);

const core = 'core-rule-set';
const bad = 'known-bad-inputs';
const sql = 'sql-database';
const everywhere = ['HEADER', 'BODY', 'URIPATH', 'QUERYSTRING'] as const;
const extension = /\.(?:log|ini|bak|conf|sql)$/i;

/** The groups by name. */
export const managedGroups: Readonly<Record<string, ManagedGroup>> = {
  AWSManagedRulesAmazonIpReputationList: {
    capacity: 25,
    rules: [listed('AWSManagedIPReputationList'), listed('AWSManagedReconnaissanceList'), listed('AWSManagedIPDDoSList', 'Count')],
  },
  AWSManagedRulesCommonRuleSet: {
    capacity: 700,
    rules: [
      rule(core, 'NoUserAgent_HEADER', 'NoUserAgent_Header', ({ headers }) => headers['user-agent'] === undefined),
      rule(core, 'UserAgent_BadBots_HEADER', 'BadBots_Header', ({ headers }) => /nessus|nmap/i.test(headers['user-agent'] ?? '')),
      sizes('QUERYSTRING', 'QueryString', 2048, ({ query }) => query.length),
      sizes('Cookie_HEADER', 'Cookie_Header', 10_240, ({ headers }) => headers['cookie']?.length ?? 0),
      sizes('BODY', 'Body', SHOWN, ({ body }) => Buffer.byteLength(body)),
      sizes('URIPATH', 'URIPath', 1024, ({ path }) => path.length),
      ...inspects(core, 'EC2MetaDataSSRF', /169\.254\.169\.254/, 'BODY', 'COOKIE', 'URIPATH', 'QUERYARGUMENTS'),
      ...inspects(core, 'GenericLFI', /\.\.\/\.\.\/|\/etc\/passwd/, 'QUERYARGUMENTS', 'URIPATH', 'BODY'),
      ...inspects(core, 'RestrictedExtensions', extension, 'URIPATH', 'QUERYARGUMENTS'),
      ...inspects(core, 'GenericRFI', /(?:https?|ftps?|file):\/\/\d+\.\d+\.\d+\.\d+/i, 'QUERYARGUMENTS', 'BODY', 'URIPATH'),
      ...inspects(core, 'CrossSiteScripting', /<script/i, 'COOKIE', 'QUERYARGUMENTS', 'BODY', 'URIPATH'),
    ],
  },
  AWSManagedRulesKnownBadInputsRuleSet: {
    capacity: 200,
    rules: [
      ...inspects(bad, 'JavaDeserializationRCE', /java\.lang\.Runtime/, ...everywhere),
      rule(bad, 'Host_localhost_HEADER', 'Host_Localhost_Header', ({ headers }) => /localhost/i.test(headers['host'] ?? '')),
      rule(bad, 'PROPFIND_METHOD', 'Propfind_Method', ({ method }) => method === 'PROPFIND'),
      rule(bad, 'ExploitablePaths_URIPATH', 'ExploitablePaths_URIPath', ({ path }) => /web-inf|\/\.(?:env|git)/i.test(path)),
      ...inspects(bad, 'Log4JRCE', /\$\{jndi:/i, ...everywhere),
      ...inspects(bad, 'ReactJSRCE', /\$\d+:(?:__proto__|constructor)/, 'BODY'),
    ],
  },
  AWSManagedRulesSQLiRuleSet: {
    capacity: 200,
    rules: [
      ...inspects(sql, 'SQLi', /'\s*or\s+'?1'?\s*=|union\s+(?:all\s+)?select|;\s*drop\s+table/i, 'QUERYARGUMENTS', 'BODY', 'COOKIE', 'URIPATH'),
      ...inspects(sql, 'SQLiExtendedPatterns', /pg_sleep\s*\(|waitfor\s+delay/i, 'QUERYARGUMENTS', 'BODY'),
    ],
  },
};
