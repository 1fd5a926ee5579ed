import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError } from './errors.ts';

/** What a release brings along: its migrations, and the number by which it goes. */
export interface Release {
  readonly folder: string;
  /** File names without `.sql`, in order. */
  readonly migrations: readonly string[];
  /** Number of the last migration. */
  readonly version: number;
}

const FILE = /^(\d{4})_[a-z0-9_]+\.sql$/;

/**
 * Reads which migrations there are.
 *
 * @param folder where the SQL files are @default `migrations`, beside this module and beside the bundle
 * @throws DatabaseError `MIGRATIONS_UNREADABLE` unless they are numbered 0001, 0002 and so on
 */
export function readRelease(folder = join(import.meta.dirname, 'migrations')): Release {
  const files = list(folder);
  files.forEach((file, index) => {
    const number = FILE.exec(file)?.[1];
    if (Number(number) !== index + 1) {
      throw new DatabaseError('MIGRATIONS_UNREADABLE', `Got ${file} in ${folder} at place ${index + 1}, expected ${String(index + 1).padStart(4, '0')}_name.sql. Migrations are numbered without a gap, and nothing else lies beside them.`);
    }
  });
  return { folder, migrations: files.map((file) => file.slice(0, -'.sql'.length)), version: files.length };
}

function list(folder: string): readonly string[] {
  let files: readonly string[] = [];
  try {
    files = readdirSync(folder).toSorted();
  } catch {
    // Said below, as of an empty folder: both mean that the release was not put together.
  }
  if (files.length > 0) return files;
  throw new DatabaseError('MIGRATIONS_UNREADABLE', `Found no migration in ${folder}, expected 0001_name.sql and its successors. Build the service again (node api/build.ts OUTDIR).`);
}
