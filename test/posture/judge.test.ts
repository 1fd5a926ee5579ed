import type { Check, Control, Outcome } from '../../posture/controls/control.ts';
import { judge } from '../../posture/judge.ts';
import { resultsSchema, serialize } from '../../posture/results.ts';
import { factsOf } from '../support/assembly.ts';

const deployment = { name: 'hosted', kind: 'hosted', region: 'eu-west-2' };
const facts = factsOf({ data: { Resources: { A: { Type: 'AWS::S3::Bucket' }, B: { Type: 'AWS::S3::Bucket' } }, Metadata: { Halton: { deployment } } } });

const check = (outcome: Outcome): Check => ({ property: 'P', outcome, expected: 'a', observed: 'b' });

/** A control that finds these outcomes, a list for each resource. */
function control(outcomes: readonly (readonly Outcome[])[], rest: Partial<Control> = {}): Control {
  return {
    id: 'some-control',
    claims: ['HM-REG-1'],
    promise: 'Something holds.',
    minimum: 1,
    judge: ({ buckets }) => outcomes.map((list, index) => ({ resource: buckets[index % buckets.length] ?? { id: '', type: '', stack: '', logicalId: '' }, checks: list.map(check) })),
    ...rest,
  };
}

const crashing: Control = { ...control([]), id: 'crashing', judge: () => { throw new TypeError('no such thing'); } };

function verdictOf(tested: Control) {
  const results = judge([tested], facts, []);
  const [found] = results.controls;
  return { verdict: found?.verdict, reason: found?.reason, exitCode: results.exitCode };
}

describe('a control', () => {
  test.each<[string, Control, string, string | undefined, number]>([
    ['passes where every check does', control([['pass'], ['pass', 'pass']]), 'pass', undefined, 0],
    ['fails where one check does, whatever else is open', control([['pass', 'unresolved'], ['outside', 'fail']]), 'fail', undefined, 1],
    ['is not verified where something is unresolved', control([['pass'], ['unresolved', 'outside']]), 'not-verified', 'unresolved', 1],
    ['is not verified where a resource was not checked', control([['pass'], []]), 'not-verified', 'nothing checked', 1],
    ['is not verified below its minimum', control([['pass']], { minimum: 2 }), 'not-verified', 'empty population', 1],
    ['is not verified where a check outside is all there is, below its minimum', control([['outside']], { minimum: 2 }), 'not-verified', 'empty population', 1],
    ['is not verified on nothing', control([]), 'not-verified', 'empty population', 1],
    ['is not verified on nothing with a minimum of 0 and no word why', control([], { minimum: 0 }), 'not-verified', 'empty population', 1],
    ['does not apply to nothing where it says why', control([], { minimum: 0, whenEmpty: 'No replica.' }), 'not-applicable', undefined, 0],
    ['fails on something although nothing would do', control([['fail']], { minimum: 0, whenEmpty: 'No replica.' }), 'fail', undefined, 1],
    ['is not verified where something is outside, and lets the run go on', control([['pass'], ['outside']]), 'not-verified', 'outside the assembly', 0],
    ['is not verified where it crashes, and ends the run', crashing, 'not-verified', 'crashed', 2],
  ])('%s', (_, tested, verdict, reason, exitCode) => {
    expect(verdictOf(tested)).toEqual({ verdict, reason, exitCode });
  });
});

test('a crash names its control and leaves the others their verdict', () => {
  const results = judge([crashing, control([['pass']])], facts, []);
  expect(results.controls).toMatchObject([
    { id: 'crashing', verdict: 'not-verified', reason: 'crashed', detail: 'TypeError: no such thing' },
    { id: 'some-control', verdict: 'pass' },
  ]);
  expect(results.exitCode).toBe(2);
});

test('without a control nothing is judged, and that is no success', () => {
  expect(judge([], facts, []).exitCode).toBe(2);
});

test('every state is counted, claims without a control among them', () => {
  const notYet = [{ id: 'HM-TLS-1', says: 'TLS 1.3 only.', reason: 'awaits the service stack' }];
  const results = judge([control([['pass']]), control([['fail']]), control([['outside']]), control([], { minimum: 0, whenEmpty: 'x' })], facts, notYet);
  expect(results.counts).toEqual({ pass: 1, fail: 1, 'not-verified': 1, 'not-applicable': 1, 'not yet': 1 });
});

test('results hold every resource that was looked at, and nothing of it but what it is', () => {
  const results = judge([control([['pass'], ['fail']])], facts, []);
  expect(results.controls[0]?.population).toBe(2);
  expect(results.controls[0]?.findings).toEqual([
    { resource: { id: 'data/A', type: 'AWS::S3::Bucket', stack: 'data', logicalId: 'A' }, checks: [check('pass')] },
    { resource: { id: 'data/B', type: 'AWS::S3::Bucket', stack: 'data', logicalId: 'B' }, checks: [check('fail')] },
  ]);
});

test('the deployment is the one that all stacks name', () => {
  const other = { Resources: { A: { Type: 'AWS::S3::Bucket' } }, Metadata: { Halton: { deployment: { ...deployment, name: 'other' } } } };
  const mixed = factsOf({ data: { ...other, Metadata: { Halton: { deployment } } }, other });
  expect(judge([control([['pass']])], facts, []).deployment).toEqual(deployment);
  expect(judge([control([['pass']])], mixed, []).deployment).toBeNull();
});

test('results are what the schema says, and the same facts give the same bytes', () => {
  const controls = [control([['pass'], ['fail']]), crashing];
  const results = judge(controls, facts, []);
  expect(resultsSchema.parse(JSON.parse(serialize(results)))).toEqual(results);
  expect(serialize(judge(controls, facts, []))).toBe(serialize(results));
});
