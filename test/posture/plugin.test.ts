import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsSchema } from '../../posture/results.ts';
import { temporaryDirectory } from '../support/assembly-directory.ts';
import { runNode } from '../support/run-app.ts';

const runs = new Map<string, ReturnType<typeof run>>();

/** What becomes of an app's process, and the results that it leaves; each app runs once. */
function synth(scenario: string): ReturnType<typeof run> {
  const made = runs.get(scenario) ?? run(scenario);
  runs.set(scenario, made);
  return made;
}

function run(scenario: string, env: Readonly<Record<string, string>> = {}) {
  const outdir = temporaryDirectory();
  const { status, stderr } = runNode('test/support/apps/posture-app.ts', [scenario, outdir], env);
  const text = readFileSync(join(outdir, 'posture', 'results.json'), 'utf8');
  return { status, stderr, text, outdir, results: resultsSchema.parse(JSON.parse(text)) };
}

test('an app that keeps its promises is synthesized, with its results beside it', () => {
  const { status, results } = synth('passing');
  expect(status).toBe(0);
  expect(results).toMatchObject({
    exitCode: 0,
    counts: { pass: 1, fail: 0 },
    templates: [{ stack: 'halton-test-data', file: 'data.template.json', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  });
});

test('an app that breaks a promise ends in an error that names control, resource, expectation and promise', () => {
  const { status, stderr, results } = synth('failing');
  expect(status).not.toBe(0);
  expect(stderr).toContain('FATAL Tags: expected yes or no, observed absent. The promise: Every bucket says what it holds.');
  expect(stderr).toContain('data/Bucket (Bucket)');
  expect(stderr).toContain('Rule Halton::bucket-says-what-it-holds');
  expect(results.exitCode).toBe(1);
});

test('results name the code and the line of what is broken', () => {
  const [finding] = synth('failing').results.controls[0]?.findings ?? [];
  expect(finding).toMatchObject({
    resource: { id: 'halton-test-data/Bucket' },
    checks: [{ outcome: 'fail', template: 'data.template.json', line: 3, source: expect.stringMatching(/^test\/support\/apps\/posture-app\.ts:\d+$/) }],
  });
});

test('an override by an aspect is judged, and under CDK_DEBUG=1 it is the aspect that is named', () => {
  const sourceOf = (env: Readonly<Record<string, string>>) => {
    const { results, status } = run('overridden', env);
    expect(status).not.toBe(0);
    return Number(results.controls[0]?.findings[0]?.checks[0]?.source?.split(':')[1]);
  };
  const lines = readFileSync('test/support/apps/posture-app.ts', 'utf8').split('\n');
  expect(lines[sourceOf({}) - 1]).toContain('new CfnBucket');
  expect(lines[sourceOf({ CDK_DEBUG: '1' }) - 1]).toContain('addPropertyDeletionOverride');
});

test('an acknowledgement waives nothing', () => {
  const { status, stderr } = synth('acknowledged');
  expect(status).not.toBe(0);
  expect(stderr).toContain('Rule Halton::bucket-says-what-it-holds');
});

test('a promise about what is not there fails', () => {
  const { status, stderr, results } = synth('empty');
  expect(status).not.toBe(0);
  expect(stderr).toContain('FATAL empty population: 0 resources to judge, expected at least 1. The promise: Every bucket says what it holds.');
  expect(results).toMatchObject({ exitCode: 1, counts: { 'not-verified': 1 } });
});

test('a control that crashes fails synthesis, by name, and the others keep their verdicts', () => {
  const { status, stderr, results } = synth('crashing');
  expect(status).not.toBe(0);
  expect(stderr).toContain('FATAL crashed: TypeError: no such thing');
  expect(stderr).toContain('Rule Halton::crashing');
  expect(results).toMatchObject({ exitCode: 2, controls: [{ verdict: 'pass' }, { id: 'crashing', reason: 'crashed' }] });
});

test.each([
  ['transformed', 'TEMPLATE_TRANSFORMED'],
  ['unclaimed', 'JUDGEMENT_CRASHED'],
])('an app that is %s cannot be judged, and fails synthesis', (scenario, code) => {
  const { status, stderr, results } = synth(scenario);
  expect(status).not.toBe(0);
  expect(stderr).toContain(`Rule Halton::${code}`);
  expect(results).toMatchObject({ exitCode: 2, error: { code }, controls: [] });
});

test('the same app gives the same bytes, wherever its assembly lies', () => {
  const [first, second] = [synth('failing'), run('failing')];
  expect(first.text).toBe(second.text);
  expect(first.text).not.toContain(first.outdir);
  expect(first.text).not.toContain(process.cwd());
});
