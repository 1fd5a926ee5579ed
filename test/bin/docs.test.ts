import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const script = resolve('bin/docs.ts');
/** Those that are quick to make: the others take whole deployments to be synthesized, and are made once below. */
const quick = ['lib/deployment/schema.json', 'docs/deployment.md'];

function docs(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('docs', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'docs-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('--check finds every committed file current', () => {
    expect(docs(process.cwd(), '--check')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('--check names what is missing, exits 1 and writes nothing', () => {
    const { status, stderr } = docs(folder, '--check', ...quick);
    expect(status).toBe(1);
    for (const path of quick) {
      expect(stderr).toContain(`${path} is stale`);
      expect(existsSync(join(folder, path))).toBe(false);
    }
  });

  test('writes what --check then takes, and mends what was changed by hand', () => {
    expect(docs(folder, ...quick)).toMatchObject({ status: 0, stdout: quick.map((path) => `wrote ${path}\n`).join('') });
    expect(docs(folder, '--check', ...quick).status).toBe(0);
    appendFileSync(join(folder, 'docs/deployment.md'), 'by hand\n');
    expect(docs(folder, '--check', ...quick)).toMatchObject({ status: 1, stderr: expect.stringMatching(/^docs\/deployment\.md is stale[^\n]*\n$/) });
    expect(docs(folder, ...quick)).toMatchObject({ status: 0, stdout: 'wrote docs/deployment.md\n' });
    expect(docs(folder, '--check', ...quick).status).toBe(0);
  });

  test('leaves alone what was not named', () => {
    expect(docs(folder, 'docs/deployment.md')).toMatchObject({ status: 0, stdout: 'wrote docs/deployment.md\n' });
    expect(existsSync(join(folder, 'lib'))).toBe(false);
    expect(docs(folder, 'docs/runbook.md')).toMatchObject({ status: 2, stderr: expect.stringMatching(/^Got docs\/runbook\.md, expected one of lib\/deployment\/schema\.json,/) });
  });

  test('--help explains itself, and an unknown option exits 2', () => {
    expect(docs(folder, '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--check') });
    expect(docs(folder, '--chekc')).toMatchObject({ status: 2, stderr: expect.stringContaining('--chekc') });
  });
});
