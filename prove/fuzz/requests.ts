import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import type { Operation } from './document.ts';
import { brokenJson, mediaTypes, mutated, oddHeaders, strangeSegments, strangeText } from './mutations.ts';
import { validValue } from './values.ts';
import type { Known } from './values.ts';
import type { FuzzCaller, FuzzWorld, Home } from './world.ts';

/** A request as it is sent. */
export interface FuzzRequest {
  readonly operation: Operation;
  readonly caller: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What is made otherwise than the document says. */
type Kind = 'nothing' | 'path' | 'query' | 'body' | 'broken JSON' | 'media type' | 'headers';

/** What a header cannot carry. */
const UNSENDABLE = /[^\x20-\x7E\xA0-\xFF]/gu;

/** How often a request is as the document says, of ten. */
const VALID = 5;

/** Requests for every operation, by everybody, as the document says and otherwise. */
export function fuzzRequests(operations: readonly Operation[], world: FuzzWorld, webhookSecret: string): fc.Arbitrary<FuzzRequest> {
  const [first, ...rest] = world.homes;
  if (first === undefined) throw new Error('Expected a workspace.');
  const everything = merge(world.homes.map(({ known }) => known));
  const everybody = [...world.homes.flatMap(({ callers }) => callers), ...world.others];
  return fc.record({
    operation: fc.constantFrom(...operations),
    home: fc.oneof({ weight: 3, arbitrary: fc.constant(first) }, { weight: 2, arbitrary: fc.constantFrom(...rest, first) }),
    valid: fc.integer({ min: 1, max: 10 }),
    among: fc.integer({ min: 1, max: 10 }),
  }).chain(({ operation, home, valid, among }) => fc.tuple(fc.constant({ operation, home, among }), valid > VALID ? kindsOf(operation) : fc.constant<Kind>('nothing'))).chain(([{ operation, home, among }, kind]) => {
    // Mostly somebody of the workspace with what is in it, or next to nothing would be let in.
    const caller = fc.oneof({ weight: 4, arbitrary: likelyCaller(operation, home, world) }, { weight: 2, arbitrary: fc.constantFrom(...home.callers) }, { weight: 2, arbitrary: fc.constantFrom(...everybody) });
    return requestOf(operation, among > 1 ? home.known : everything, kind, caller, webhookSecret);
  });
}

/** Mostly what the operation has: most of it is refused before it is looked at otherwise. */
function kindsOf({ parameters, body }: Operation): fc.Arbitrary<Kind> {
  const has = (place: 'path' | 'query') => parameters.some((parameter) => parameter.in === place);
  const weight = (kind: Kind, times: number) => ({ weight: times, arbitrary: fc.constant(kind) });
  return fc.oneof(weight('path', has('path') ? 3 : 0), weight('query', has('query') ? 6 : 1), weight('body', body === undefined ? 1 : 8), weight('broken JSON', 1), weight('media type', 1), weight('headers', 1));
}

function likelyCaller({ path }: Operation, { callers }: Home, { others }: FuzzWorld): fc.Arbitrary<FuzzCaller> {
  if (path.startsWith('/v1/support/')) return fc.constantFrom(...others.filter(({ name }) => name === 'support'));
  const machines = path.startsWith('/v1/{workspace}/');
  const owners = callers.filter(({ name }) => name === 'owner');
  return fc.constantFrom(...(machines ? callers.filter(({ name }) => name === 'device' || name === 'API key') : []), ...owners);
}

function requestOf(operation: Operation, known: Known, kind: Kind, caller: fc.Arbitrary<FuzzCaller>, webhookSecret: string): fc.Arbitrary<FuzzRequest> {
  const { parameters, body } = operation;
  const named = (place: 'path' | 'query' | 'header') => parameters.filter((parameter) => parameter.in === place);
  const values = (place: 'path' | 'query' | 'header') => fc.record(
    Object.fromEntries(named(place).map(({ name, schema }) => [name, validValue(schema, known, name).map(String)])),
    { requiredKeys: named(place).filter(({ required }) => required).map(({ name }) => name) },
  );
  const signed = operation.path === '/v1/webhooks/billing';
  const content = signed ? eventOf(known) : body === undefined ? fc.constant(undefined) : validValue(body, known);
  return fc.record({
    caller,
    segments: kind === 'path' ? strangePath(named('path').map(({ name }) => name), values('path')) : values('path').map((given) => encoded(given)),
    query: kind === 'query' ? strangeQuery(named('query').map(({ name }) => name), values('query')) : values('query').map((given) => pairs(Object.entries(given))),
    text: kind === 'broken JSON' ? brokenJson : (kind === 'body' ? mutated(content) : content).map((value) => (value === undefined ? undefined : JSON.stringify(value))),
    mediaType: kind === 'media type' ? mediaTypes : fc.constant('application/json'),
    more: kind === 'headers' ? oddHeaders : fc.constant({}),
    header: values('header').map((given) => Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.replaceAll(UNSENDABLE, '?')]))),
    address: fc.array(fc.nat(255), { minLength: 3, maxLength: 3 }),
  }).map(({ caller: { name, headers }, segments, query, text, mediaType, more, header, address }) => ({
    operation,
    caller: name,
    path: `${operation.path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => segments[parameter] ?? '')}${query === '' ? '' : `?${query}`}`,
    // An address of its own, since who fails too often is told to wait.
    headers: { 'x-forwarded-for': `10.${address.join('.')}`, ...(text !== undefined && { 'content-type': mediaType }), ...header, ...(signed ? signatureOf(webhookSecret, text ?? '') : headers), ...more },
    body: text,
  }));
}

function strangePath(names: readonly string[], valid: fc.Arbitrary<Readonly<Record<string, string>>>): fc.Arbitrary<Readonly<Record<string, string>>> {
  return names.length === 0 ? valid : fc.tuple(valid, fc.constantFrom(...names), strangeSegments).map(([given, name, strange]) => ({ ...encoded(given), [name]: strange }));
}

function strangeQuery(names: readonly string[], valid: fc.Arbitrary<Readonly<Record<string, string>>>): fc.Arbitrary<string> {
  const name = fc.constantFrom(...names, 'more', '__proto__', 'a[]', 'a[b]', '');
  const raw = fc.constantFrom('%ED%A0%80=1', 'from=%zz', '%00=%00', '&&&', '=', 'from', 'from[]=a', 'from=a&from=b', 'limit=1&limit=1', '#', '?', '%', 'x'.repeat(3_000));
  const changed = fc.tuple(valid, fc.array(fc.tuple(name, strangeText), { maxLength: 3 }), fc.boolean(), fc.boolean()).map(([given, others, replace, twice]) => {
    const entries = Object.entries(replace ? { ...given, ...Object.fromEntries(others) } : given);
    return pairs([...entries, ...(replace ? [] : others), ...(twice ? entries.slice(0, 1) : [])]);
  });
  return fc.oneof({ weight: 4, arbitrary: changed }, { weight: 1, arbitrary: raw });
}

const pairs = (entries: readonly (readonly [string, string])[]): string => entries.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
const encoded = (given: Readonly<Record<string, string>>): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(given).map(([name, value]) => [name, encode(value)]));

/** Half a character has no encoding: bytes are sent that would be one if there were. */
const encode = (value: string): string => (value.isWellFormed() ? encodeURIComponent(value) : '%ED%A0%80');

/** What the provider sends is signed and not in the document. */
function eventOf(known: Known): fc.Arbitrary<unknown> {
  return fc.record({
    type: fc.constantFrom('subscription.updated', 'payment.succeeded'),
    occurred_at: fc.constantFrom(new Date().toISOString(), '2026-01-01T00:00:00Z', '2999-01-01T00:00:00Z'),
    data: fc.record({ workspace_id: fc.constantFrom(...(known['workspace'] ?? [])), plan: fc.constantFrom('solo', 'team', 'enterprise'), seats: fc.integer({ min: 1, max: 100 }), amount_minor: fc.integer(), currency: fc.constantFrom('EUR', 'GBP') }, { requiredKeys: ['workspace_id'] }),
  });
}

function signatureOf(secret: string, text: string): Readonly<Record<string, string>> {
  const [id, now] = [`msg_${crypto.randomUUID()}`, new Date()];
  return { 'svix-id': id, 'svix-timestamp': String(Math.floor(now.getTime() / 1000)), 'svix-signature': new Webhook(secret).sign(id, now, text) };
}

function merge(all: readonly Known[]): Known {
  const names = new Set(all.flatMap((known) => Object.keys(known)));
  return Object.fromEntries([...names].map((name) => [name, all.flatMap((known) => known[name] ?? [])]));
}
