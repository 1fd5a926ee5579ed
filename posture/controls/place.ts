import type { Facts, Resource } from '../facts/facts.ts';
import { homeRegionOf } from './deployment.ts';

/** How an account stands in a text that leaves it to the moment of deployment. */
export const OPEN_ACCOUNT = '${AWS::AccountId}';

/** The account that a resource lands in; the open one where nobody names it, undefined where the stacks do not agree. */
export function accountOf({ stack }: Resource, { stacks }: Facts): string | undefined {
  const account = stacks.find((candidate) => candidate.stack === stack)?.account;
  if (account === undefined || account.is === 'unresolved' || account.is === 'outside') return undefined;
  return account.is === 'known' ? account.value : OPEN_ACCOUNT;
}

/** The path below which a deployment keeps its secrets; undefined where a resource's stack does not say whose it is. */
export function parameterPathOf({ stack }: Resource, { stacks }: Facts): string | undefined {
  const deployment = stacks.find((candidate) => candidate.stack === stack)?.deployment;
  return deployment?.is === 'known' ? `/halton/${deployment.value.name}` : undefined;
}

/** Whether a text is the ARN of a parameter below the deployment's path, whatever wildcards come behind it. */
export function isOwnParameter(text: string, resource: Resource, facts: Facts): boolean {
  const [region, account, path] = [homeRegionOf(resource, facts), accountOf(resource, facts), parameterPathOf(resource, facts)];
  const [, service, inRegion, inAccount, name] = /^arn:aws[a-z-]*:([a-z]+):([^:]+):([^:]+|\$\{AWS::AccountId\}):parameter(\/.+)$/.exec(text) ?? [];
  if (region === undefined || account === undefined || path === undefined || name === undefined) return false;
  return service === 'ssm' && inRegion === region && inAccount === account && name.startsWith(`${path}/`);
}
