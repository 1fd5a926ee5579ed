import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0).filter((path) => existsSync(path))) {
    chmodSync(folder, 0o700); // a test may have made it read-only
    rmSync(folder, { recursive: true });
  }
});

/** A folder that goes when the test file ends. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `halton-${name}-`));
  made.push(folder);
  return folder;
}
