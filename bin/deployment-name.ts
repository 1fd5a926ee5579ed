import { join } from 'node:path';

/** Something that a command was called with and does not take. */
export class UsageError extends Error {}

/**
 * The file of the deployment that a command was told to take.
 *
 * @param name what stands behind `deployment=`; no path, so that a deployment is what deployments/ holds
 * @throws UsageError
 */
export function deploymentFile(root: string, name: unknown): string {
  if (typeof name !== 'string' || !/^[a-z0-9-]+$/.test(name)) {
    throw new UsageError('Expected -c deployment=NAME, with the name of a file in deployments/, without its folder and its ending.');
  }
  return join(root, 'deployments', `${name}.yaml`);
}

/**
 * The name behind `-c deployment=NAME`, `hosted` where there is none.
 *
 * @throws UsageError where another key is named, or the same one twice: it would be left unheard
 */
export function deploymentName(context: readonly string[]): string {
  const [pair = 'deployment=hosted', ...others] = context;
  const name = /^deployment=([a-z0-9-]+)$/.exec(pair)?.[1];
  if (name === undefined || others.length > 0) {
    throw new UsageError('Expected one -c deployment=NAME and nothing else in the context, with the name of a file in deployments/.');
  }
  return name;
}
