import * as fc from 'fast-check';
import { ACTIONS } from './actions.ts';
import { operate } from './operation.ts';
import type { Operation, Tally } from './operation.ts';
import { TENANT_LOGINS } from './tables.ts';
import type { TenantLogin } from './tables.ts';
import { fingerprints } from './world.ts';
import type { Acting, World } from './world.ts';

/** Operations between two tellings. */
const TELL_EVERY = 1000;

/** Operations at random on the tables of a world. */
function operations({ tables, tenants }: World): fc.Arbitrary<Operation> {
  const tenant = fc.nat(tenants.length - 1);
  return fc.record({
    // The one that may do most is tried most.
    login: fc.oneof({ weight: 3, arbitrary: fc.constant<TenantLogin>('halton_api_a') }, { weight: 2, arbitrary: fc.constantFrom(...TENANT_LOGINS) }),
    acting: fc.oneof({ weight: 12, arbitrary: tenant }, { weight: 3, arbitrary: fc.constantFrom<Acting>('nobody', 'a workspace that is none') }, { weight: 1, arbitrary: fc.constantFrom<Acting>('never bound', 'no UUID') }),
    victim: tenant,
    table: fc.constantFrom(...tables.map(({ name }) => name)),
    action: fc.constantFrom(...ACTIONS.map(({ name }) => name)),
  });
}

/**
 * Does so many operations one after the other.
 *
 * @param progress is told how many are done, now and then
 * @returns how they ended
 * @throws Error of fast-check, with the seed, where one saw or touched anything of another tenant
 */
export async function drive(world: World, count: number, progress: (done: number) => void = () => undefined): Promise<Tally> {
  const tally: Tally = new Map();
  let state = await fingerprints(world);
  let done = 0;
  const property = fc.asyncProperty(operations(world), async (operation) => {
    try {
      state = await operate(world, operation, state, tally);
    } catch (error) {
      state = await fingerprints(world); // one that is made smaller begins with what this one left
      throw error;
    }
    done += 1;
    if (done % TELL_EVERY === 0) progress(done);
  });
  await fc.assert(property, { numRuns: count });
  return tally;
}

/** How many operations ended in a way. */
export function countEnded(tally: Tally, end: RegExp): number {
  return [...tally].filter(([line]) => end.test(line)).reduce((sum, [, count]) => sum + count, 0);
}
