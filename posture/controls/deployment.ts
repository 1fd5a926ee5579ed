import type { Facts, Resource, StackFact } from '../facts/facts.ts';
import type { Check } from './control.ts';

/** The region of the hosted service; every other deployment names its own. */
const HOSTED_REGION = 'eu-west-2';

function homeRegion({ deployment }: StackFact): string | undefined {
  if (deployment.is !== 'known') return undefined;
  return deployment.value.kind === 'hosted' ? HOSTED_REGION : deployment.value.region;
}

/** The one region that a resource may be in; undefined where its stack does not say whose it is. */
export function homeRegionOf({ stack }: Resource, { stacks }: Facts): string | undefined {
  const own = stacks.find((candidate) => candidate.stack === stack);
  return own === undefined ? undefined : homeRegion(own);
}

/** The stack that answers for what ought to be there and is not: the database's, or else the last. */
export function answeringStack({ stacks, databases }: Facts): readonly StackFact[] {
  const stack = stacks.find((candidate) => candidate.stack === databases[0]?.stack) ?? stacks.at(-1);
  return stack === undefined ? [] : [stack];
}

/** Checks that something is there at all. */
export function expectSome(property: string, count: number): Check {
  return { property, expected: 'at least one', observed: String(count), outcome: count > 0 ? 'pass' : 'fail' };
}
