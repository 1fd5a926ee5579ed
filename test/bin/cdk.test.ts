import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryCopy } from '../support/repository-copy.ts';

/** A copy of the repository whose database is public. */
let broken = '';

beforeAll(() => {
  broken = repositoryCopy();
  const file = join(broken, 'lib', 'database', 'postgres.ts');
  const source = readFileSync(file, 'utf8');
  expect(source).toContain('publiclyAccessible: false');
  writeFileSync(file, source.replace('publiclyAccessible: false', 'publiclyAccessible: true'));
});

afterAll(() => rmSync(broken, { recursive: true }));

const cdk = (...args: string[]) =>
  spawnSync(process.execPath, [join('node_modules', 'aws-cdk', 'bin', 'cdk'), ...args], { cwd: broken, encoding: 'utf8', env: { ...process.env, CI: 'true' } });

test.each([
  ['a command that names only a clean stack', ['synth', 'halton-hosted-network', '--quiet']],
  ['a command that is told to ignore errors', ['synth', '**', '--quiet', '--ignore-errors']],
])('%s fails all the same, and says which promise is broken', (_, args) => {
  const { status, stderr } = cdk(...args);
  expect(status).toBe(1);
  expect(stderr).toMatch(/fail\s+database-not-public/);
  expect(stderr).toContain('PubliclyAccessible: expected false, observed true');
});

test('a deployment is named by its name, and a path is refused in a sentence', () => {
  const { status, stderr } = cdk('synth', '**', '--quiet', '-c', 'deployment=../deployments/hosted');
  expect(status).toBe(1);
  expect(stderr).toContain('Expected -c deployment=NAME');
  expect(stderr).not.toContain('    at ');
});

test('a deployment file that contradicts itself is refused in its own words, without a stack trace', () => {
  const file = join(broken, 'deployments', 'hosted.yaml');
  const source = readFileSync(file, 'utf8');
  writeFileSync(file, source.replace('region: eu-west-2', 'region: eu-west-1'));
  const { status, stderr } = cdk('synth', '**', '--quiet');
  writeFileSync(file, source);
  expect(status).toBe(1);
  expect(stderr).toContain('region');
  expect(stderr).not.toContain('    at ');
});
