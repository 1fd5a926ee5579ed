import { stringify } from 'yaml';
import { parseDeployment } from '../../../lib/deployment/load.ts';
import type { Problem } from '../../../lib/deployment/problems.ts';
import { DeploymentError } from '../../../lib/deployment/problems.ts';

/** What a file has to say at least; everything else has a default. */
export const least = {
  name: 'acme',
  kind: 'enterprise',
  region: 'eu-west-2',
  network: { availabilityZones: ['eu-west-2a', 'eu-west-2b'] },
};

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

function merge(base: Record<string, unknown>, changes: Record<string, unknown>): Record<string, unknown> {
  const merged = Object.entries({ ...base, ...changes }).map(([key, value]) => {
    const before = base[key];
    return [key, isMapping(before) && isMapping(value) ? merge(before, value) : value];
  });
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
