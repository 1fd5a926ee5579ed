import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRelease } from '../../db/release.ts';
import type { Release } from '../../db/release.ts';
import { temporaryFolder } from './temporary.ts';

/** A migration of a later release, which serves releases from `serves` on. */
export function later(version: number, serves: number, sql = ''): string {
  return `${sql}; INSERT INTO halton.schema_versions VALUES (${version}, ${serves});`;
}

/** The real first migration and more after it, by file name, in a folder of their own. */
export function releaseWith(more: Readonly<Record<string, string>>): Release {
  const folder = temporaryFolder('migrations');
  const { folder: real, migrations: [first = ''] } = readRelease();
  writeFileSync(join(folder, `${first}.sql`), readFileSync(join(real, `${first}.sql`)));
  for (const [name, sql] of Object.entries(more)) writeFileSync(join(folder, name), sql);
  return readRelease(folder);
}
