import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = process.cwd();

/** Runs one of the repository's files with the Node that ships, as a process of its own. */
export function runNode(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  // NODE_ENV=test, which jest sets, would have the CDK throw what it otherwise prints.
  const { NODE_ENV: _, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules', '.bin', 'node'), [join(root, file), ...args], {
    encoding: 'utf8',
    env: { ...inherited, CDK_VALIDATION: 'false', NO_COLOR: '1', ...env },
  });
  return { status, stdout, stderr };
}
