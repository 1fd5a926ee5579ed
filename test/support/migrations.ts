import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRelease } from '../../db/release.ts';
import type { Release } from '../../db/release.ts';
import { temporaryFolder } from './temporary.ts';

/** A migration that this release does not have yet. */
export interface LaterMigration {
  /** Without its number. */
  readonly name: string;
  /** The oldest release that it serves, counted from this one: 0 is this one, 1 the one that ends with the first of these. @default 0 */
  readonly serves?: number;
  /** What it does beside recording itself. @default nothing */
  readonly sql?: string;
}

/** A release after this one: the real migrations and these after them, in a folder of its own. */
export function laterRelease(...more: readonly LaterMigration[]): Release {
  const folder = temporaryFolder('migrations');
  const { folder: real, version } = readRelease();
  cpSync(real, folder, { recursive: true });
  more.forEach(({ name, serves = 0, sql = '' }, index) => {
    const number = version + 1 + index;
    const record = `INSERT INTO halton.schema_versions (version, serves) VALUES (${number}, ${version + serves});`;
    writeFileSync(join(folder, `${String(number).padStart(4, '0')}_${name}.sql`), `${sql};\n${record}\n`);
  });
  return readRelease(folder);
}

/** A release before this one, or this one: the first migrations up to that number, in a folder of their own. */
export function releaseUpTo(number: number): Release {
  const folder = temporaryFolder('migrations');
  const { folder: real, migrations } = readRelease();
  for (const name of migrations.slice(0, number)) cpSync(join(real, `${name}.sql`), join(folder, `${name}.sql`));
  return readRelease(folder);
}
