import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { stringify } from 'yaml';
import { loadDeployment, parseDeployment } from '../lib/deployment/load.ts';
import { modesOf } from '../lib/deployment/modes.ts';
import type { Deployment } from '../lib/deployment/schema.ts';
import { buildStacks } from '../lib/halton.ts';
import { bundleHandlers, type HandlerCode } from '../lib/handler-code.ts';
import { readAssembly } from '../posture/assembly/read.ts';
import { controls } from '../posture/controls/index.ts';
import { summarisePacks } from '../posture/pack-summary.ts';
import { modesTables, type Judged } from '../posture/report/modes.ts';
import { acceptedFindings, judgeApp } from './judge-app.ts';

const root = join(import.meta.dirname, '..');
const PAGE = 'docs/modes.md';

/**
 * The page of what each option of the deployment file changes, from deployments that are synthesized and judged for it.
 *
 * @throws where a promise or a rule stops one of them: no option may cost a deployment its exit code of 0
 */
export async function renderModes(): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'halton-modes-'));
  try {
    const code = await bundleHandlers(root, join(scratch, 'lambda'));
    const { plain, modes } = modesOf(loadDeployment(join(root, 'deployments', 'enterprise.yaml')));
    const judged = (deployment: Deployment) => judgedIn(mkdtempSync(join(scratch, 'cdk.out-')), deployment, code);
    const before = judged(plain);
    const { posture, rules, resources } = modesTables(before, modes.map(({ deployment, ...mode }) => ({ ...mode, ...judged(deployment) })));
    const { pass, 'not-applicable': idle } = before.results.counts;
    return `<!-- Written by \`npm run docs\` from lib/deployment/modes.ts and what the controls say; edit those. -->
# What each option changes

Each row is a deployment that was synthesized and judged: a plain one, with a VPC of its own, NAT and a public load
balancer, in which this one option is changed. The plain one passes ${pass} of ${controls.length} controls (nothing to judge: ${idle}).
\`not-verified: outside the assembly\` does not stop a deployment, but is no pass either: the templates cannot show it,
so it has to be seen in the account.

\`npm run synth\` ends with exit code 0 for every one of them: no promise is broken, and what the rule packs find is mended
or suppressed by lib/suppressions/, with a reason and the decision behind it.

## Posture

${posture}

## Rule packs

Findings that are suppressed for this option and not for the plain deployment, and the other way round, each with how
often; an option that is missing here changes none.

${rules}

## Resources

Over all stacks, against the plain deployment; an option that is missing here changes none.

${resources}
`;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function judgedIn(outdir: string, deployment: Deployment, code: HandlerCode): Judged {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  // Nothing is deployed from here: no assets are copied, and no stack traces taken for the lines of findings.
  const lean = { [DISABLE_ASSET_STAGING_CONTEXT]: true };
  const app = new App({ context: { ...context, ...lean }, outdir, stackTraces: false, treeMetadata: false });
  // Through the reader of files, which refuses an option that no file could have.
  const written = parseDeployment(stringify(deployment), PAGE);
  buildStacks(app, written, code);
  const { results, packs } = judgeApp(app, written);
  const { text, exitCode } = summarisePacks(packs);
  if (results?.exitCode !== 0 || exitCode !== 0) throw new Error(`${PAGE}: got a deployment that is stopped, expected one that every option leaves in order:\n${text}`);
  return {
    results,
    suppressed: acceptedFindings(written).map(({ rule }) => rule.replace(/^[^:]+::/, '')),
    types: readAssembly(outdir).flatMap(({ template }) => [...template.resources.values()].map(({ type }) => type)),
  };
}
