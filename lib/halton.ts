import type { App } from 'aws-cdk-lib';
import { AuditStack } from './audit/audit-stack.ts';
import { DataStack } from './database/data-stack.ts';
import type { Deployment } from './deployment/schema.ts';
import { EvidenceStack } from './evidence/evidence-stack.ts';
import type { HandlerCode } from './handler-code.ts';
import { NetworkStack } from './network/network-stack.ts';
import { ServiceStack } from './service/service-stack.ts';

/** Every stack of one deployment; references run from later ones to earlier ones and never back. */
export function buildStacks(app: App, deployment: Deployment, code: HandlerCode): void {
  const network = new NetworkStack(app, { deployment, code });
  const { logKey } = network;
  const data = new DataStack(app, { deployment, network });
  const { archive, loadBalancerLogs, postgres, secretsKey } = data;
  new ServiceStack(app, { deployment, code, network, secretsKey, postgres, loadBalancerLogs, archive });
  new AuditStack(app, { deployment, archive, logKey });
  new EvidenceStack(app, { deployment, archive });
}
