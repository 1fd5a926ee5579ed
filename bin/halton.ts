import { join } from 'node:path';
import { bundleHandlers } from '../lib/handler-code.ts';

const root = join(import.meta.dirname, '..');

// First of all: esbuild runs in a process of its own, while this one loads the CDK.
const bundling = bundleHandlers(root, join(root, 'build', 'lambda'));

const { App, Validations } = await import('aws-cdk-lib');
const { loadDeployment } = await import('../lib/deployment/load.ts');
const { buildStacks } = await import('../lib/halton.ts');
const { acknowledgeFindings } = await import('../lib/suppressions.ts');
const { packs } = await import('../posture/packs.ts');
const { PosturePlugin } = await import('../posture/plugin.ts');

const app = new App();
const name: unknown = app.node.tryGetContext('deployment') ?? 'hosted';
const deployment = loadDeployment(join(root, 'deployments', `${String(name)}.yaml`));

buildStacks(app, deployment, await bundling);
acknowledgeFindings(app, deployment);
Validations.of(app).addPlugins(new PosturePlugin(), ...packs(app));
app.synth();
