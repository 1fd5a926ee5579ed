import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { judgeApp } from '../../bin/judge-app.ts';
import type { Deployment } from '../../lib/deployment/schema.ts';
import { buildStacks } from '../../lib/halton.ts';
import { code } from './deployments.ts';

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly { readonly ruleName: string; readonly violatingConstructs: readonly { readonly constructPath: string }[] }[];
  }[];
}

/**
 * What stops a deployment: every promise that is broken and every rule, as `npm run synth` would see them; nothing
 * where it would end with exit code 0.
 */
export function whatStops(deployment: Deployment): readonly string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'halton-judged-'));
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  // No assets are copied, and no stack traces taken: nothing is deployed from here.
  const app = new App({ context: { ...context, [DISABLE_ASSET_STAGING_CONTEXT]: true }, outdir, stackTraces: false, treeMetadata: false });
  try {
    buildStacks(app, deployment, code);
    const { results, packs } = judgeApp(app, deployment);
    return [
      ...(results?.exitCode === 0 ? [] : [`the promises: exit code ${results?.exitCode}`]),
      ...packs.filter(({ verdict }) => verdict !== 'pass').map(({ pack, verdict, why }) => `${pack} ${verdict}: ${why}`),
    ];
  } catch (error) {
    const report = join(outdir, 'validation-report.json');
    if (!existsSync(report)) throw error;
    return violations(JSON.parse(readFileSync(report, 'utf8')));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function violations({ pluginReports }: Report): readonly string[] {
  return pluginReports.flatMap(({ pluginName, violations: found }) =>
    found.flatMap(({ ruleName, violatingConstructs }) => violatingConstructs.map(({ constructPath }) => `${pluginName}::${ruleName} on ${constructPath}`)),
  );
}
