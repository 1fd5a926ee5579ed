import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { resultsSchema } from '../../posture/results.ts';
import { assemblyDirectory, temporaryDirectory } from '../support/assembly-directory.ts';
import { runNode } from '../support/run-app.ts';

const cli = (...args: string[]) => runNode('posture/cli.ts', args);
const database = { Resources: { Db: { Type: 'AWS::RDS::DBInstance', Properties: { PubliclyAccessible: true } } } };

test('check judges an assembly on disk, tells what is broken and exits 1', () => {
  const { status, stdout, stderr } = cli('check', assemblyDirectory({ 'halton-hosted-data': database }));
  expect(status).toBe(1);
  expect(stdout).toContain('halton-hosted-data/Db  PubliclyAccessible: expected false, observed true');
  expect(stdout).toContain('in halton-hosted-data.template.json:6');
  expect(stdout).toMatch(/^\d+ pass, \d+ fail, \d+ not-verified, \d+ not-applicable, 5 not yet$/m);
  expect(stderr).toBe('');
});

test('check writes nothing into the assembly', () => {
  const directory = assemblyDirectory({ 'halton-hosted-data': database });
  const before = readdirSync(directory);
  cli('check', directory);
  expect(readdirSync(directory)).toEqual(before);
});

test('check prints results as JSON, the same at each run', () => {
  const directory = assemblyDirectory({ 'halton-hosted-data': database });
  const [first, second] = [cli('check', directory, '--json'), cli('check', '--json', directory)];
  expect(first.status).toBe(1);
  expect(resultsSchema.parse(JSON.parse(first.stdout))).toMatchObject({ exitCode: 1, templates: [{ stack: 'halton-hosted-data' }] });
  expect(second.stdout).toBe(first.stdout);
});

test.each<[string, string, () => string]>([
  ['a directory that is missing', 'ASSEMBLY_NOT_FOUND', () => join(temporaryDirectory(), 'missing')],
  ['a directory without a manifest', 'MANIFEST_NOT_FOUND', temporaryDirectory],
  ['a template that is no JSON', 'TEMPLATE_MALFORMED', () => assemblyDirectory({ data: '{' })],
])('check exits 2 on %s, and says so apart from any results', (_, code, make) => {
  const { status, stdout, stderr } = cli('check', make());
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(code);
  expect(stderr).toContain('Expected');
});

test('check exits 2 and prints the error as JSON for a machine', () => {
  const { status, stdout } = cli('check', temporaryDirectory(), '--json');
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ exitCode: 2, error: { code: 'MANIFEST_NOT_FOUND' }, controls: [] });
});

test('catalogue lists every claim with its controls, with what it awaits, or with both', () => {
  const { status, stdout } = cli('catalogue');
  expect(status).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(24);
  expect(stdout).toMatch(/^HM-BAK-1 +\S.* {2}backup-retention, no-copy-outlives-window$/m);
  expect(stdout).toMatch(/^HM-REG-4 +\S.* {2}not yet: awaits the edge stack$/m);
  expect(stdout).toMatch(/^HM-DEL-5 +\S.* {2}trail-is-validated; not yet: awaits the restore drill$/m);
});

test('catalogue prints JSON for a machine', () => {
  expect(JSON.parse(cli('catalogue', '--json').stdout)).toContainEqual(expect.objectContaining({ id: 'HM-BAK-1', controls: ['backup-retention', 'no-copy-outlives-window'] }));
});

test('help tells the commands and exits 0', () => {
  const { status, stdout } = cli('--help');
  expect(status).toBe(0);
  for (const word of ['check DIR', 'catalogue', '--json', 'Exit codes']) expect(stdout).toContain(word);
});

test.each<[string, string[], string]>([
  ['no command', [], 'no command was given'],
  ['an unknown command', ['judge'], 'judge is no command'],
  ['no directory', ['check'], 'check takes one directory, got none'],
  ['two directories', ['check', 'a', 'b'], 'check takes one directory, got a b'],
  ['an operand too many', ['catalogue', 'a'], 'catalogue takes no operand, got a'],
  ['an unknown option', ['check', '--fast', 'a'], '--fast'],
])('%s exits 2 with a sentence and the help', (_, args, sentence) => {
  const { status, stdout, stderr } = cli(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr).toContain('Usage:');
});

