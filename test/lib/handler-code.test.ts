import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleHandlers } from '../../lib/handler-code.ts';
import { code } from '../support/deployments.ts';

const bundle = () => bundleHandlers(process.cwd(), mkdtempSync(join(tmpdir(), 'halton-bundle-')));
const files = (folder: string) => readdirSync(folder).map((file) => join(folder, file));

/** KiB that a handler with one or two SDK clients may take, the SDK included. */
const LIMIT = 450;

test.each(Object.entries(code))('%s is one file, with the SDK in it, below the limit', (_, folder) => {
  const [file = '', ...others] = files(folder);
  expect(others).toEqual([]);
  expect(statSync(file).size / 1024).toBeLessThan(LIMIT);
  // Run where nothing is installed, so whatever was left out of the bundle is missed.
  const exported = execFileSync(process.execPath, ['-p', `typeof require(${JSON.stringify(file)}).handler`], { cwd: tmpdir() });
  expect(exported.toString().trim()).toBe('function');
});

test('the same sources make the same bytes, wherever they are bundled', async () => {
  const digests = (folders: typeof code) => Object.values(folders).flatMap(files).map((file) => createHash('sha256').update(readFileSync(file)).digest('hex'));
  expect(digests(await bundle())).toEqual(digests(code));
});
