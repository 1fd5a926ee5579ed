import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { Account, request } from '../../support/run-migrations.ts';

/** Bytes: a function with two SDK clients loads in a moment up to here. */
const MOST = 450 * 1024;

const ENTRIES = ['on-event', 'is-complete'] as const;

const invoke = `
  const { handler } = require(process.argv[1]);
  handler(JSON.parse(process.argv[2])).then((answer) => console.log('answer', JSON.stringify(answer)), (error) => console.log('error', error.code, error.message));
`;

describe('the bundled functions', () => {
  let folder: string;
  let account: Account;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'run-migrations-'));
    buildSync({
      entryPoints: ENTRIES.map((entry) => `lambda/run-migrations/${entry}.ts`), outdir: folder,
      bundle: true, minify: true, platform: 'node', target: 'node24', format: 'cjs', mainFields: ['module', 'main'], legalComments: 'none',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    account = await Account.open();
  });
  afterEach(() => account.close());

  const run = async (entry: (typeof ENTRIES)[number], event: unknown) => {
    const env = { PATH: process.env['PATH'], AWS_ENDPOINT_URL: account.endpoint.url, AWS_REGION: 'eu-west-2', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
    return (await promisify(execFile)(process.execPath, ['-e', invoke, join(folder, `${entry}.js`), JSON.stringify(event)], { env })).stdout;
  };
  const answer = (output: string) => JSON.parse(/^answer (.*)$/m.exec(output)?.[1] ?? output) as object;

  it.each(ENTRIES)('%s is at most 450 KB with the SDK in it', (entry) => {
    expect(statSync(join(folder, `${entry}.js`)).size).toBeLessThanOrEqual(MOST);
  });

  it('hand a migration from one to the other, with what the environment says', async () => {
    const event = request('Create');
    const waiting = { ...event, ...answer(await run('on-event', event)) };
    expect(account.fargate.tasks).toHaveLength(1);
    expect(answer(await run('is-complete', waiting))).toEqual({ IsComplete: false });
    account.wait(60);
    expect(answer(await run('is-complete', waiting))).toEqual({ IsComplete: true });
  });

  it('fail with a message that a stack event can show', async () => {
    account.fargate.course = { exitCode: 2, lines: [JSON.stringify({ outcome: 'failed', code: 'schema-newer', reason: 'the schema is of a newer release' })] };
    const event = request('Create');
    const waiting = { ...event, ...answer(await run('on-event', event)) };
    account.wait(60);
    expect(await run('is-complete', waiting)).toContain('error MIGRATION_FAILED MIGRATION_FAILED: the migration of release 1.4.0 failed with exit code 2: schema-newer, the schema is of a newer release.');
  });
});
