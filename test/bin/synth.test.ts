import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryCopy } from '../support/repository-copy.ts';

/** A copy of the repository, so that no other run's cdk.out is in the way. */
let copy = '';

beforeAll(() => {
  copy = repositoryCopy();
});

afterAll(() => rmSync(copy, { recursive: true }));

const run = (script: string, ...args: string[]) => spawnSync(process.execPath, [script, ...args], { cwd: copy, encoding: 'utf8' });
const templates = (folder: string) =>
  Object.fromEntries(readdirSync(join(copy, folder)).filter((file) => file.endsWith('.template.json')).map((file) => [file, readFileSync(join(copy, folder, file), 'utf8')]));

test('synth judges the hosted deployment, and makes the very templates that cdk would deploy', () => {
  const { status, stdout, stderr } = run('bin/synth.ts');
  expect(stderr).toBe('Synthesizing hosted …\n');
  expect(stdout).toMatch(/^verdict +control +claims +promise +judged\n/);
  expect(stdout).toMatch(/\n\d+ pass, 0 fail, 0 not-verified, /);
  expect(stdout).toMatch(/pass +AwsSolutions +131 rules on \d+ resources: 0 violations/);
  expect(status).toBe(0);

  expect(run('node_modules/aws-cdk/bin/cdk', 'synth', '**', '--quiet', '--output', 'by-cdk').status).toBe(0);
  expect(Object.keys(templates('cdk.out'))).toHaveLength(5);
  expect(templates('by-cdk')).toEqual(templates('cdk.out'));
});

test('--json prints one document: exit code, results and packs', () => {
  const { status, stdout } = run('bin/synth.ts', '--json', '-c', 'deployment=enterprise');
  const { exitCode, results, packs } = JSON.parse(stdout);
  expect([status, exitCode, results.exitCode]).toEqual([0, 0, 0]);
  expect(results.deployment).toMatchObject({ name: 'enterprise', kind: 'enterprise' });
  expect(packs.map(({ pack, verdict }: { pack: string; verdict: string }) => `${pack} ${verdict}`)).toEqual(['AwsSolutions pass', 'NIST.800.53.R5 pass', 'CloudFormation Validate pass']);
});

test('two that begin at once each get the verdict on the deployment that they asked for', async () => {
  const judged = await Promise.all(
    ['hosted', 'enterprise'].map(async (name) => {
      const child = spawn(process.execPath, ['bin/synth.ts', '--json', '-c', `deployment=${name}`], { cwd: copy });
      const written = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const) child[stream].setEncoding('utf8').on('data', (text: string) => (written[stream] += text));
      const [status] = await once(child, 'close');
      return { name, status: status as number | null, ...written };
    }),
  );
  for (const { name, status, stdout } of judged) {
    const { results } = JSON.parse(stdout);
    expect(results.templates.map(({ stack }: { stack: string }) => stack)).toEqual(['network', 'data', 'service', 'audit', 'evidence'].map((area) => `halton-${name}-${area}`));
    expect({ status, name: results.deployment.name }).toEqual({ status: 0, name });
  }
  expect(judged.filter(({ stderr }) => /^cdk\.out is being written by process \d+: waiting for it/m.test(stderr))).toHaveLength(1);
}, 180_000); // one after the other

test('a verdict on another deployment than the one that was asked for is no verdict', () => {
  const app = join(copy, 'bin', 'halton.ts');
  const text = readFileSync(app, 'utf8');
  writeFileSync(app, text.replace("app.node.tryGetContext('deployment')", "'enterprise'"));
  try {
    const { status, stdout, stderr } = run('bin/synth.ts');
    expect(stderr).toContain('Nothing was judged: got the verdict on the deployment enterprise, expected hosted; let nothing else write cdk.out');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  } finally {
    writeFileSync(app, text);
  }
});

test.each([
  ['an unknown deployment', ['-c', 'deployment=nowhere'], /nowhere/],
  ['another key', ['-c', 'deploymnet=hosted'], /Expected one -c deployment=NAME/],
  ['a path', ['-c', 'deployment=../hosted'], /Expected one -c deployment=NAME/],
  ['two deployments', ['-c', 'deployment=hosted', '-c', 'deployment=enterprise'], /Expected one -c deployment=NAME/],
  ['an unknown option', ['--fast'], /--fast/],
])('%s is refused with exit code 2, and nothing of an earlier run is taken for an answer', (_, args, message) => {
  const { status, stdout, stderr } = run('bin/synth.ts', ...args);
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
});

test('a finding that is suppressed and not in the table of suppressions fails the command', () => {
  const app = join(copy, 'bin', 'judge-app.ts');
  const text = readFileSync(app, 'utf8');
  writeFileSync(app, text.replace('return suppressions(deployment).map', 'return suppressions(deployment).slice(1).map'));
  try {
    const { status, stderr } = run('bin/synth.ts');
    expect(stderr).toContain('is suppressed and not in the table of suppressions');
    expect(status).toBe(1);
  } finally {
    writeFileSync(app, text);
  }
});

test('--help explains the command', () => {
  expect(run('bin/synth.ts', '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('Exit codes') });
});
