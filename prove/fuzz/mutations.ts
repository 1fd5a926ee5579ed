import * as fc from 'fast-check';

/** Levels that nobody means. */
const DEEP = 200;
/** Characters: more than any property takes, and less than any body. */
const LONG = 20_000;

const nested = (levels: number): unknown => Array.from({ length: levels }).reduce((inner: unknown) => [inner], 'inside');

const TEXTS = [
  '', ' ', '\0', 'a\0b', '\uD800', 'a\uDC00b', '\u202Eevil', '\u{10FFFF}', '\uFEFF', 'e\u0301'.repeat(50), '\u{1F468}\u200D\u{1F469}', "'; DROP TABLE halton.requests; --", '__proto__', '=1+1',
  '0000-01-01', '0000-01-01T00:00:00Z', '0001-01-01', '9999-12-31', '9999-12-31T23:59:59.999999Z', '2999-12-31T23:59:60Z', '2026-02-30', '2026-02-30T00:00:00Z', '2026-01-01T00:00:00+23:59', '2026-01-01T24:00:00Z', '1900-01-01T00:00:00-23:59',
  '-1', '1e3', '0x10', 'NaN', '00', '9999999999.9999999999', '99999999999', '999999999999999', '99999999999999999999', 'true', 'null', '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '../../etc/passwd', '%00', 'x'.repeat(101), 'x'.repeat(129), 'x'.repeat(300),
];

/** What a client by mistake or on purpose writes where something else belongs. */
export const strangeText: fc.Arbitrary<string> = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...TEXTS) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) });

const strange: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: strangeText },
  { weight: 4, arbitrary: fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, -0.1, 1e308, 2 ** 31, 2 ** 53, 2 ** 63, 5e-324, [], {}, [[]], [null], { length: 1 }, { toString: 1, constructor: null, hasOwnProperty: 'no' }) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(nested(31), nested(33), nested(DEEP), 'x'.repeat(LONG), Array.from({ length: 1_001 }, () => 0)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** Replaces, leaves out or adds something at some place of a value. */
export function mutated(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const change = fc.record({ how: fc.constantFrom('replace', 'replace', 'remove', 'add'), where: fc.array(fc.nat(20), { minLength: 0, maxLength: 4 }), what: strange, name: strangeText });
  return fc.tuple(value, fc.array(change, { minLength: 1, maxLength: 2 })).map(([whole, changes]) => changes.reduce((current: unknown, one) => changeAt(current, one.where, one), whole));
}

interface Change { readonly how: string; readonly what: unknown; readonly name: string }

function changeAt(value: unknown, [next, ...rest]: readonly number[], change: Change): unknown {
  if (typeof value !== 'object' || value === null) return change.what;
  const entries = Object.entries(value);
  const at = next === undefined || entries.length === 0 ? -1 : next % entries.length;
  const changed = entries.flatMap(([name, inner], index) => {
    if (index !== at) return [[name, inner]];
    if (rest.length > 0) return [[name, changeAt(inner, rest, change)]];
    return change.how === 'remove' ? [] : [[name, change.what]];
  });
  if (at === -1 && change.how === 'replace') return change.what;
  if (at === -1 || (change.how === 'add' && rest.length === 0)) changed.push([change.name, change.what]);
  return Array.isArray(value) ? changed.map(([, inner]) => inner as unknown) : Object.fromEntries(changed);
}

/** Text that is no JSON, or none that anybody would write. */
export const brokenJson: fc.Arbitrary<string> = fc.constantFrom(
  '', ' ', '{', '}', '{"a":', '[1,]', '{"a":1,}', "{'a':1}", 'undefined', 'NaN', '\uFEFF{}', '{} {}', '"', '"\\ud800"', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}', '{"name":"a","name":"b"}',
  '[', '['.repeat(5_000), `${'['.repeat(5_000)}${']'.repeat(5_000)}`, `{"name":${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}}`, '1e999', '-', 'nul', '{"a":"\u0001"}', '\0',
);

/** Media types, of which one is right. */
export const mediaTypes: fc.Arbitrary<string> = fc.constantFrom(
  'application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json; charset=utf-16', 'text/plain', 'text/plain; charset=utf-8', 'application/xml', 'application/jsonx', 'application/json/x', 'multipart/form-data', 'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded', 'application/octet-stream', '', ';', '/', '*/*', '__proto__', 'constructor', 'application/problem+json', 'application/json;;;', 'x'.repeat(500),
);

/** Segments of a path as they stand in it. */
export const strangeSegments: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('%00', 'a%00b', '%ED%A0%80', '%FF', '%', '%zz', '%2F', '..%2F..', '..', '.', '*', ':', '%20', '%F0%9F%98%80', '%25', "'", ';a=b', 'a;b', '~', '@', '0', '-1', 'null', 'undefined', '__proto__', 'constructor', 'x'.repeat(100), 'x'.repeat(101), 'x'.repeat(129), 'x'.repeat(3_000), '%F0%9F%98%80'.repeat(30)),
  strangeText.filter((value) => value !== '' && value.isWellFormed()).map(encodeURIComponent),
);

const HEADERS: readonly Readonly<Record<string, string>>[] = [
  { 'accept': 'text/html' }, { 'accept': '*/*;q=nonsense' }, { 'accept-encoding': 'gzip, br;q=2' }, { 'accept-language': 'x'.repeat(3_000) }, { 'accept-version': '99' }, { 'content-encoding': 'gzip' }, { 'expect': '100-continue' },
  { 'host': 'evil.example' }, { 'host': '' }, { 'idempotency-key': '\u00FF'.repeat(300) }, { 'if-match': '"x"' }, { 'origin': 'null' }, { 'range': 'bytes=0-' }, { 'upgrade': 'websocket', 'connection': 'upgrade' }, { 'connection': 'close' },
  { 'user-agent': '' }, { 'user-agent': '\u00E4\u00F6\u00FC'.repeat(300) }, { 'x-http-method-override': 'DELETE' }, { 'x-request-id': '../..' }, { 'x-halton-machine-id': '\u00E4' }, { 'x-halton-workspace': 'none' }, { 'x-halton-workspace': '00000000-0000-0000-0000-000000000000' },
  { 'x-original-url': '/healthz' }, { 'cookie': '__session=abc' }, { 'authorization': 'Basic YTpi' }, { 'authorization': 'Bearer' }, { 'authorization': `Bearer ${'a'.repeat(9_000)}` }, { 'svix-id': 'x', 'svix-timestamp': '99999999999999999999', 'svix-signature': 'v1,' }, { 'transfer-encoding': 'chunked' },
];

/** Headers that say something which the service does not ask for, or not so. */
export const oddHeaders: fc.Arbitrary<Readonly<Record<string, string>>> = fc.constantFrom(...HEADERS);
