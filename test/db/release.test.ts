import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRelease } from '../../db/release.ts';
import { judgeSchema } from '../../db/schema-version.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folderWith = (...files: readonly string[]) => {
  const folder = temporaryFolder('migrations');
  for (const file of files) writeFileSync(join(folder, file), '');
  return folder;
};

describe('a release', () => {
  it('goes by the number of its last migration', () => {
    expect(readRelease(folderWith('0002_b.sql', '0001_a.sql'))).toMatchObject({ migrations: ['0001_a', '0002_b'], version: 2 });
  });

  it.each([
    ['a gap', ['0001_a.sql', '0003_c.sql']],
    ['two of one number', ['0001_a.sql', '0001_b.sql']],
    ['another file beside them', ['0001_a.sql', 'notes.txt']],
    ['none at all', []],
  ])('is refused with %s', (_, files) => {
    expect(() => readRelease(folderWith(...files))).toThrow(expect.objectContaining({ code: 'MIGRATIONS_UNREADABLE' }) as Error);
  });

  it('is refused without its folder', () => {
    expect(() => readRelease('/nonexistent')).toThrow(expect.objectContaining({ code: 'MIGRATIONS_UNREADABLE' }) as Error);
  });
});

describe('a schema', () => {
  it.each([
    [2, { version: 2, serves: 1 }, 'served'],
    [2, { version: 3, serves: 2 }, 'served'],
    [2, { version: 1, serves: 1 }, 'SCHEMA_TOO_OLD'],
    [2, { version: 0, serves: 0 }, 'SCHEMA_TOO_OLD'],
    [2, { version: 4, serves: 3 }, 'SCHEMA_TOO_NEW'],
  ] as const)('is for release %i at %j: %s', (release, found, verdict) => {
    expect(judgeSchema(release, found)).toBe(verdict);
  });
});
