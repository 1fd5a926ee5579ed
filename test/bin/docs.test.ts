import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const script = resolve('bin/docs.ts');
const generated = ['lib/deployment/schema.json', 'docs/deployment.md', 'docs/architecture.md'];

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

  test('--check finds the committed files current', () => {
    expect(docs(process.cwd(), '--check')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('--check names what is missing, exits 1 and writes nothing', () => {
    const { status, stderr } = docs(folder, '--check');
    expect(status).toBe(1);
    for (const path of generated) {
      expect(stderr).toContain(`${path} is stale`);
      expect(existsSync(join(folder, path))).toBe(false);
    }
  });

  test('writes what --check then takes, and mends what was changed by hand', () => {
    expect(docs(folder)).toMatchObject({ status: 0, stdout: generated.map((path) => `wrote ${path}\n`).join('') });
    expect(docs(folder, '--check').status).toBe(0);
    appendFileSync(join(folder, 'docs/deployment.md'), 'by hand\n');
    expect(docs(folder, '--check')).toMatchObject({ status: 1, stderr: expect.stringMatching(/^docs\/deployment\.md is stale[^\n]*\n$/) });
    expect(docs(folder)).toMatchObject({ status: 0, stdout: 'wrote docs/deployment.md\n' });
    expect(docs(folder, '--check').status).toBe(0);
  });

  test('--help explains itself, and an unknown option exits 2', () => {
    expect(docs(folder, '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--check') });
    expect(docs(folder, '--chekc')).toMatchObject({ status: 2, stderr: expect.stringContaining('--chekc') });
  });
});
