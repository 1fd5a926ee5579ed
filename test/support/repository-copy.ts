import { cpSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a command of the repository runs on. */
const PARTS = ['api', 'bin', 'db', 'deployments', 'lambda', 'lib', 'posture', 'cdk.json', 'package.json', 'package-lock.json', 'tsconfig.json', '.dockerignore', '.npmrc'];

/** A copy of the repository that a test may break, and whose cdk.out is no other run's; whoever makes it removes it. */
export function repositoryCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'halton-copy-'));
  for (const part of PARTS) cpSync(part, join(folder, part), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
