import type { App } from 'aws-cdk-lib';
import { DataStack } from './database/data-stack.ts';
import type { Deployment } from './deployment/schema.ts';
import type { HandlerCode } from './handler-code.ts';
import { NetworkStack } from './network/network-stack.ts';

/** Every stack of one deployment; references run from later ones to earlier ones and never back. */
export function buildStacks(app: App, deployment: Deployment, code: HandlerCode): void {
  const network = new NetworkStack(app, { deployment, code });
  new DataStack(app, {
    deployment,
    vpc: network.vpc,
    securityGroups: network.securityGroups,
    logKey: network.logKey,
    parametersFunction: network.parametersFunction,
  });
}
