import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');

const settings = z.object({ app: z.string(), context: z.record(z.string(), z.unknown()) });

/** What the CDK's command adds to the context of cdk.json. */
const COMMAND_CONTEXT = {
  'aws:cdk:enable-path-metadata': true,
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:disable-version-reporting': true,
  'aws:cdk:bundling-stacks': ['**'],
};

/** Where an app is run to, and with what. */
export interface AppRun {
  /** Folder of the assembly. */
  readonly outdir: string;
  /** Added to the environment. @default - nothing */
  readonly env?: Readonly<Record<string, string>>;
}

/** What came of it. */
export interface AppOutcome {
  readonly ok: boolean;
  /** Standard output and standard error, or why the process did not start. */
  readonly output: string;
}

/**
 * Runs the app of a deployment as the CDK's command runs it, without loading the command, which takes as long as making
 * the stacks.
 *
 * The app answers to the command by these variables; a test holds that both make the same templates.
 */
export function runApp(deployment: string, { outdir, env = {} }: AppRun): AppOutcome {
  const { app, context } = settings.parse(JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')));
  const [command = '', ...args] = app.split(' ');
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...COMMAND_CONTEXT, deployment }),
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'node'), // loading the CDK is a third of the time
      ...env,
    },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024, // the CDK's report of a broken app can be long
  });
  return { ok: status === 0, output: error === undefined ? `${stdout}${stderr}` : `${error.message}\n` };
}
