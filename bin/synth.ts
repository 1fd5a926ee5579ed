import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readPacks, summarisePacks } from '../posture/pack-summary.ts';
import { print } from '../posture/print.ts';
import { resultsSchema, serialize, type Results } from '../posture/results.ts';

const HELP = `Usage: npm run synth [-- [-c deployment=NAME] [--json]]

Synthesizes a deployment into cdk.out and judges its templates: a line a control, the rule packs, the verdict.

  -c, --context KEY=VALUE  context for the CDK; deployment=NAME takes deployments/NAME.yaml (default: hosted)
      --json               print cdk.out/posture/results.json instead
  -h, --help               this text

Exit codes: 0 no promise is broken; 1 a promise or a rule is, or the templates do not settle it; 2 nothing could be judged.
`;

const root = join(import.meta.dirname, '..');
const outdir = join(root, 'cdk.out');

function main(): 0 | 1 | 2 {
  const { values } = parseArgs({
    options: {
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  process.stderr.write(`Synthesizing ${values.context.join(' ') || 'deployment=hosted'} …\n`);
  const cdk = synthesize(values.context);
  const results = readResults();
  if (results === undefined) {
    process.stderr.write(cdk.output);
    process.stderr.write('\nNothing was judged: the app ended before its templates were written. What it says above has to be mended first.\n');
    return 2;
  }

  const packs = summarisePacks(readPacks(outdir));
  const { stdout } = process;
  if (values.json) stdout.write(serialize(results));
  else stdout.write(`${print(results, stdout.isTTY ? { width: stdout.columns, color: stdout.hasColors() } : {})}\n${packs.text}`);
  if (results.exitCode === 2) return 2;
  if (results.exitCode === 0 && packs.exitCode === 0 && cdk.ok) return 0;
  // Our own findings stand above; the rest is the CDK's to tell.
  if (results.exitCode === 0) process.stderr.write(`\n${cdk.output}`);
  return 1;
}

/** Runs the CDK as a deployment would, on every stack; its context flags come from cdk.json. */
function synthesize(context: readonly string[]): { readonly ok: boolean; readonly output: string } {
  // What an earlier run left must not be taken for this one's.
  rmSync(outdir, { recursive: true, force: true });
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk'), 'synth', '**', '--quiet', ...context.flatMap((pair) => ['--context', pair])],
    {
      cwd: root,
      env: { ...process.env, CDK_DEBUG: '1' }, // notes where a property was overridden, so a finding can name that line
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024, // the CDK's report of a broken app can be long
    },
  );
  return { ok: status === 0, output: error === undefined ? `${stdout}${stderr}` : `${error.message}\n` };
}

function readResults(): Results | undefined {
  const file = join(outdir, 'posture', 'results.json');
  return existsSync(file) ? resultsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  process.exitCode = 2;
}
