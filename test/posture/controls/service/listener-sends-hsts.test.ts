import { listenerSendsHsts } from '../../../../posture/controls/service/listener-sends-hsts.ts';
import { judgingAfter, resourceOf } from '../../../support/fixtures-cdk.ts';
import { copy, DATA, drop, judging, section, SERVICE, set, unset } from '../../../support/fixtures.ts';

const judge = judging(listenerSendsHsts);
const after = judgingAfter(listenerSendsHsts);
const KEY = 'routing.http.response.strict_transport_security.header_value';
const ATTRIBUTE = 'ListenerAttributes strict_transport_security';
const header = (value: unknown) => judge(set('Https', 'Properties.ListenerAttributes.0.Value', value));

test.each([
  'max-age=31536000; includeSubDomains; preload',
  'max-age=63072000;includeSubDomains;preload;',
  'preload; includesubdomains; Max-Age="31536000"',
  'max-age=31536000; includeSubDomains; preload; something-new',
])('passes on %s', (value) => {
  expect(header(value)).toEqual([]);
});

test.each([
  '',
  'max-age=31535999; includeSubDomains; preload',
  'max-age=300',
  'max-age=31536000; preload',
  'max-age=31536000; includeSubDomains',
  'max-age=0; max-age=31536000; includeSubDomains; preload',
  'max-age=31536000; max-age=31536000; includeSubDomains; preload',
  'max-age=-31536000; includeSubDomains; preload',
  'max-age=31536000x; includeSubDomains; preload',
  'max-age=31536000, includeSubDomains, preload',
  'max-age=31536000; includeSubDomains=false; preload',
  'x-max-age=31536000; includeSubDomains; preload',
])('fails on %j', (value) => {
  expect(header(value)).toEqual([`fail Https ${ATTRIBUTE}`]);
});

test('fails where the header is not sent, or under another name', () => {
  expect(judge(unset('Https', 'Properties.ListenerAttributes'))).toEqual([`fail Https ${ATTRIBUTE}`]);
  expect(judge(set('Https', 'Properties.ListenerAttributes.0.Key', 'routing.http.response.server.enabled'))).toEqual([`fail Https ${ATTRIBUTE}`]);
});

test('fails on a second HTTPS listener without it, and leaves plain HTTP alone', () => {
  expect(judge(copy('Https', 'Second', { Port: 8443, ListenerAttributes: [] }))).toEqual([`fail Second ${ATTRIBUTE}`]);
  expect(judge(copy('Http', 'Second', { Port: 8080 }))).toEqual([]);
});

test('fails where no listener takes HTTPS', () => {
  expect(judge(drop('Https'))).toEqual([`fail ${DATA} HTTPS listeners`]);
});

test('fails where a construct is changed after it was made right', () => {
  const wrong = [expect.stringMatching(new RegExp(`^fail \\w*Https\\w* ${ATTRIBUTE}$`))];
  expect(after(({ service }) => resourceOf(service.https).addPropertyDeletionOverride('ListenerAttributes'))).toEqual(wrong);
  expect(after(({ service }) => resourceOf(service.https).addPropertyOverride('ListenerAttributes', [{ Key: KEY, Value: 'max-age=0' }]))).toEqual(wrong);
});

test('is unresolved where the templates do not settle the header', () => {
  const parameter = section(SERVICE, 'Parameters', { Any: { Type: 'String', Default: 'max-age=31536000; includeSubDomains; preload' } });
  const open = (value: unknown) => judge(parameter, set('Https', 'Properties.ListenerAttributes', value));
  expect(open([{ Key: KEY, Value: { Ref: 'Any' } }])).toEqual([`unresolved Https ${ATTRIBUTE}`]);
  expect(open([{ Key: { Ref: 'Any' }, Value: 'x' }])).toEqual([`unresolved Https ${ATTRIBUTE}`]);
  expect(open({ 'Fn::If': ['C', [], []] })).toEqual([`unresolved Https ${ATTRIBUTE}`]);
  expect(open([{ Key: KEY, Value: 'max-age=31536000; includeSubDomains; preload' }, { Key: KEY, Value: '' }])).toEqual([`unresolved Https ${ATTRIBUTE}`]);
  expect(open([{ Key: KEY }])).toEqual([`unresolved Https ${ATTRIBUTE}`]);
});
