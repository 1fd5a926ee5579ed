import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** How the tests of the database ended. */
export interface TestRun {
  readonly files: number;
  readonly passed: number;
  /** Full names of tests, or files that did not run. */
  readonly failed: readonly string[];
}

interface JestReport {
  readonly numPassedTests: number;
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[] }[];
}

/** Tests start a Postgres by a class of test/support, all by way of TestPostgres, to which another one can be given. */
const STARTS_POSTGRES = /\bTest[A-Z]\w+\.start\(/;

function databaseTests(): readonly string[] {
  return globSync('test/{db,api}/**/*.test.ts', { cwd: ROOT }).filter((file) => STARTS_POSTGRES.test(readFileSync(join(ROOT, file), 'utf8')));
}

/** Runs the tests of the database on the Postgres of a folder. */
export async function runTests(folder: string): Promise<TestRun> {
  const files = databaseTests();
  const scratch = mkdtempSync(join(tmpdir(), 'halton-versions-'));
  const report = join(scratch, 'report.json');
  try {
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'), '--silent', '--json', `--outputFile=${report}`, '--runTestsByPath', ...files];
    const jest = spawn(process.execPath, flags, { cwd: ROOT, stdio: 'ignore', env: { ...process.env, HALTON_TEST_POSTGRES: folder } });
    await new Promise((resolve) => jest.once('close', resolve));
    const { numPassedTests, testResults }: JestReport = JSON.parse(readFileSync(report, 'utf8'));
    return { files: files.length, passed: numPassedTests, failed: testResults.flatMap(failuresOf) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function failuresOf({ name, status, assertionResults }: JestReport['testResults'][number]): readonly string[] {
  const failed = assertionResults.filter((result) => result.status === 'failed').map(({ fullName }) => fullName);
  return status === 'passed' || failed.length > 0 ? failed : [name.slice(ROOT.length + 1)];
}
