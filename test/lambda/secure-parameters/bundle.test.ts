import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { Account, CLERK_KEY, CLERK_PATH, request, SECURE_PARAMETERS, secureParameters } from '../../support/secure-parameters.ts';

/** Bytes: a function with two SDK clients loads in a moment up to here. */
const MOST = 450 * 1024;

const invoke = `
  const { handler } = require(process.argv[1]);
  handler(JSON.parse(process.argv[2])).then((answer) => console.log('answer', JSON.stringify(answer)), (error) => console.log('error', error.code, error.message));
`;

describe('the bundled function', () => {
  let folder: string;
  let account: Account;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'secure-parameters-'));
    buildSync({
      entryPoints: ['lambda/secure-parameters/handler.ts'], outfile: join(folder, 'index.js'),
      bundle: true, minify: true, platform: 'node', target: 'node24', format: 'cjs', mainFields: ['module', 'main'], legalComments: 'none',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    account = await Account.open();
  });
  afterEach(() => account.close());

  const run = async (event: unknown) => {
    const env = { PATH: process.env['PATH'], AWS_ENDPOINT_URL: account.store.endpoint, AWS_REGION: 'eu-west-2', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
    return (await promisify(execFile)(process.execPath, ['-e', invoke, join(folder, 'index.js'), JSON.stringify(event)], { env })).stdout;
  };

  it('is at most 450 KB with the SDK in it', () => {
    expect(statSync(join(folder, 'index.js')).size).toBeLessThanOrEqual(MOST);
  });

  it('serves a request with what the environment says, and logs no value', async () => {
    account.store.parameters.put(CLERK_PATH, CLERK_KEY);
    const output = await run(request('Create', SECURE_PARAMETERS, secureParameters(account.store.keys.add().Arn)));
    expect(output).toMatch(/answer \{"PhysicalResourceId":"halton-[0-9a-f]{32}"\}/);
    expect(output).toContain("action: 'created'");
    for (const value of Object.values(account.values())) expect(output).not.toContain(value);
  });

  it('fails with a message that a stack event can show', async () => {
    const output = await run(request('Create', SECURE_PARAMETERS, secureParameters(account.store.keys.add().Arn)));
    expect(output).toContain('error SECRET_MISSING SECRET_MISSING: nothing was written.');
  });
});
