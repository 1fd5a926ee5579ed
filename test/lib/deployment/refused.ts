import { generateKeyPairSync } from 'node:crypto';
import { stringify } from 'yaml';
import { parseDeployment } from '../../../lib/deployment/load.ts';
import type { Problem } from '../../../lib/deployment/problems.ts';
import { DeploymentError } from '../../../lib/deployment/problems.ts';

/** What a file has to say at least; everything else has a default. */
export const least = {
  name: 'acme',
  kind: 'enterprise',
  region: 'eu-west-2',
  network: { cidr: '10.40.0.0/16', availabilityZones: ['eu-west-2a', 'eu-west-2b'] },
  service: { domainName: 'api.acme.example' },
  identity: { authorizedParty: 'https://app.acme.example' },
};

/** The network section of a file whose VPC is there already, to be merged into `least`. */
export const existing = {
  cidr: undefined,
  existing: {
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    cidr: '10.20.0.0/22',
    privateSubnets: ['subnet-0a000001', 'subnet-0a000002'],
    isolatedSubnets: ['subnet-0b000001', 'subnet-0b000002'],
    loadBalancerSubnets: ['subnet-0c000001', 'subnet-0c000002'],
  },
};

/** An RSA public key of as many bits, in PEM. */
export function publicKey(modulusLength = 2048): string {
  return generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

/** A file that says the least, with some of its values changed, added or, where undefined, left out. */
export function fileWith(changes: Record<string, unknown>): string {
  return stringify(merge(least, changes));
}

/** The error that `attempt` throws; an attempt that succeeds, or throws something else, fails the test. */
export function refusal(attempt: () => unknown): DeploymentError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof DeploymentError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** The problems of a text that has to be refused. */
export function problemsOf(text: string): readonly Problem[] {
  return refusal(() => parseDeployment(text, 'deployments/acme.yaml')).problems;
}

/** `base` with values changed, added or, where undefined, to be left out. */
export function merge(base: Record<string, unknown>, changes: Record<string, unknown>): Record<string, unknown> {
  const merged = Object.entries({ ...base, ...changes }).map(([key, value]) => {
    const before = base[key];
    return [key, isMapping(before) && isMapping(value) ? merge(before, value) : value];
  });
  return Object.fromEntries(merged);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
