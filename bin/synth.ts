import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readPacks, summarisePacks } from '../posture/pack-summary.ts';
import { print } from '../posture/print.ts';
import { resultsSchema, type Results } from '../posture/results.ts';
import { deploymentName } from './deployment-name.ts';
import { LockedError, withLock } from './lock.ts';
import { type AppOutcome, runApp } from './run-app.ts';

const HELP = `Usage: npm run synth [-- [-c deployment=NAME] [--json]]

Synthesizes a deployment into cdk.out and judges its templates: a line a control, the rule packs, the verdict.

  -c, --context deployment=NAME  take deployments/NAME.yaml (default: hosted)
      --json                     print {exitCode, results, packs} instead; the results are cdk.out/posture/results.json
  -h, --help                     this text

One at a time: a second one waits until the first has let go of cdk.out.

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
  const name = deploymentName(values.context);
  // Another one would write its verdict, and its templates, where this one reads.
  return withLock(outdir, () => synthesizeAndTell(name, values.json), { tell: (sentence) => process.stderr.write(`${sentence}\n`) });
}

function synthesizeAndTell(name: string, json: boolean): 0 | 1 | 2 {
  process.stderr.write(`Synthesizing ${name} …\n`);
  let cdk = synthesize(name);
  let results = readResults();
  if (results?.exitCode === 1) {
    // Once more, with the CDK noting where each property was set: a second longer, and a finding then names that line.
    cdk = synthesize(name, { CDK_DEBUG: '1' });
    results = readResults();
  }
  if (results === undefined) {
    process.stderr.write(cdk.output);
    process.stderr.write('\nNothing was judged: the app ended before its templates were written. What it says above has to be mended first.\n');
    return 2;
  }
  if (results.deployment?.name !== name && (results.deployment !== null || results.exitCode === 0)) {
    const got = results.deployment === null ? 'no deployment' : `the deployment ${results.deployment.name}`;
    process.stderr.write(`\nNothing was judged: got the verdict on ${got}, expected ${name}; let nothing else write cdk.out meanwhile, and run it again.\n`);
    return 2;
  }

  // What is suppressed was compared with the table by the app, which knows it.
  const summaries = readPacks(outdir);
  const packs = summarisePacks(summaries);
  const exitCode = results.exitCode === 0 && (packs.exitCode !== 0 || !cdk.ok) ? 1 : results.exitCode;
  const { stdout } = process;
  if (json) stdout.write(`${JSON.stringify({ exitCode, results, packs: summaries }, null, 2)}\n`);
  else stdout.write(`${print(results, stdout.isTTY ? { width: stdout.columns, color: stdout.hasColors() } : {})}\n${packs.text}`);
  // Our own findings stand above; the rest is the CDK's to tell.
  if (exitCode !== 0 && results.exitCode === 0) process.stderr.write(`\n${cdk.output}`);
  return exitCode;
}

/** Into an empty folder: what an earlier run left must not be taken for this one's. */
function synthesize(name: string, env: Readonly<Record<string, string>> = {}): AppOutcome {
  rmSync(outdir, { recursive: true, force: true });
  return runApp(name, { outdir, env });
}

function readResults(): Results | undefined {
  const file = join(outdir, 'posture', 'results.json');
  return existsSync(file) ? resultsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

try {
  process.exitCode = main();
} catch (error) {
  const help = error instanceof LockedError ? '' : `\n${HELP}`;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${help}`);
  process.exitCode = 2;
}
