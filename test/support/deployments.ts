import { readFileSync } from 'node:fs';
import { App, type AppProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HANDLERS } from './bundle-handlers.ts';
import type { Deployment } from '../../lib/deployment/schema.ts';
import { loadDeployment } from '../../lib/deployment/load.ts';
import { buildStacks } from '../../lib/halton.ts';
import { handlerFolders } from '../../lib/handler-code.ts';
import { NetworkStack } from '../../lib/network/network-stack.ts';

export const hosted: Deployment = loadDeployment('deployments/hosted.yaml');

/** The customer's example: an existing VPC without the internet, and everything else a customer brings. */
export const enterprise: Deployment = loadDeployment('deployments/enterprise.yaml');

/** The handlers, as jest's global setup bundled them for the whole run. */
export const code = handlerFolders(HANDLERS);

/** An app with the feature flags that `cdk` passes from cdk.json. */
export function appOf(deployment: Deployment, props: AppProps = {}): App {
  const app = bareApp(props);
  buildStacks(app, deployment, code);
  return app;
}

function bareApp(props: AppProps = {}): App {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
  return new App({ context, builtinCloudFormationValidation: false, ...props });
}

const areas = ['network', 'data', 'service', 'audit', 'evidence'] as const;

/** The template of every stack. */
export type Templates = Readonly<Record<(typeof areas)[number], Template>>;

/** The templates of a deployment, without judging them. */
export function templatesOf(deployment: Deployment = hosted): Templates {
  const assembly = appOf(deployment).synth();
  const template = (area: string) =>
    Template.fromJSON(assembly.getStackByName(`halton-${deployment.name}-${area}`).template);
  return Object.fromEntries(areas.map((area) => [area, template(area)])) as Templates;
}

/** The network's template alone, which takes a fraction of the whole deployment's time. */
export function networkOf(deployment: Deployment): Template {
  const app = bareApp();
  return Template.fromStack(new NetworkStack(app, { deployment, code }));
}

/** The resources of one type, by logical id. */
export function resources(template: Template, type: string): Record<string, { Properties: Record<string, unknown> } & Record<string, unknown>> {
  return template.findResources(type) as ReturnType<typeof resources>;
}
