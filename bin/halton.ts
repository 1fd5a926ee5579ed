import { join } from 'node:path';
import { bundleHandlers } from '../lib/handler-code.ts';
import { deploymentFile, UsageError } from './deployment-name.ts';

const root = join(import.meta.dirname, '..');

// First of all: esbuild runs in a process of its own, while this one loads the CDK.
const bundling = bundleHandlers(root, join(root, 'build', 'lambda'));

const { App } = await import('aws-cdk-lib');
const { startTemplateValidation } = await import('../posture/template-validation/plugin.ts');
startTemplateValidation(); // its thread makes the engine ready while this one goes on

const { loadDeployment } = await import('../lib/deployment/load.ts');
const { DeploymentError } = await import('../lib/deployment/problems.ts');
const { buildStacks } = await import('../lib/halton.ts');
const { summarisePacks } = await import('../posture/pack-summary.ts');
const { print } = await import('../posture/print.ts');
const { judgeApp } = await import('./judge-app.ts');

/** Synthesizes and judges; what it returns is the exit code. */
async function main(): Promise<0 | 1 | 2> {
  const app = new App();
  const deployment = loadDeployment(deploymentFile(root, app.node.tryGetContext('deployment') ?? 'hosted'));
  buildStacks(app, deployment, await bundling);
  const { results, packs } = judgeApp(app, deployment);

  // The CDK fails on the findings of the stacks that a command names, and on none with --ignore-errors. A promise
  // belongs to all stacks together, so an app that breaks one ends as failed, whatever was named.
  if (results === undefined || results.exitCode !== 0) {
    process.stderr.write(results === undefined ? 'The posture was not judged.\n' : print(results));
    return results?.exitCode ?? 2;
  }
  const { text, exitCode } = summarisePacks(packs);
  if (exitCode !== 0) process.stderr.write(text);
  return exitCode;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof DeploymentError || error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
