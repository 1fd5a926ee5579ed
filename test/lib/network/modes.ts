import type { Deployment } from '../../../lib/deployment/schema.ts';
import { enterprise, hosted } from '../../support/deployments.ts';

/** A VPC of the deployment's own without a way out. */
export const closed: Deployment = {
  ...hosted,
  kind: 'enterprise',
  network: { ...hosted.network, internet: 'none' },
  service: { ...hosted.service, loadBalancer: 'internal' },
};

/** An existing VPC, with part of what the file says of it changed, and the load balancer's clients left to the default. */
export function inExistingVpc(
  internet: 'nat' | 'none',
  changes: Partial<NonNullable<Deployment['network']['existing']>> = {},
  loadBalancer: Deployment['service']['loadBalancer'] = 'internal',
): Deployment {
  const { existing } = enterprise.network;
  if (existing === undefined) throw new Error('deployments/enterprise.yaml names no existing VPC.');
  return {
    ...enterprise,
    network: { ...enterprise.network, internet, existing: { ...existing, ...changes } },
    service: { ...enterprise.service, loadBalancer, clientCidrs: undefined },
  };
}
