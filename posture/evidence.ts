import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a run leaves its evidence, inside the assembly. */
export const EVIDENCE_DIRECTORY = 'posture';

/** Writes one file of evidence. */
export function writeEvidence(outdir: string, file: string, text: string): void {
  const directory = join(outdir, EVIDENCE_DIRECTORY);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, file), text);
}
