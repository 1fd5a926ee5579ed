import * as z from 'zod/mini';
import { SecretsError } from './errors.ts';
import { holdValue, isHoldOf } from './event.ts';
import type { ResourceEvent } from './event.ts';
import type { Keeping } from './keep.ts';
import type { Work } from './work.ts';

/** What an Update says of the properties before it. */
export interface Before {
  /** Whether they named the parameter at this path, which is then never made anew. */
  readonly named: (path: string) => boolean;
  /** The hold on a parameter that was last kept by them. */
  readonly hold: string;
}

/** Names and nothing else: what an older release wrote may no longer fit in its other parts, and still names its parameters. */
const names = z.object({ Path: z.string(), Parameters: z.array(z.object({ Name: z.string() })) });

/** Undefined for a request that is no Update. */
export function beforeOf(event: ResourceEvent): Before | undefined {
  if (event.RequestType !== 'Update') return undefined;
  const { success, data } = names.safeParse(event.OldResourceProperties);
  const paths = new Set(success ? data.Parameters.map(({ Name }) => `${data.Path}/${Name}`) : []);
  return {
    // Properties that cannot be read may have named anything.
    named: (path) => !success || paths.has(path),
    hold: holdValue(event.PhysicalResourceId, event.OldResourceProperties),
  };
}

/** Parameters that an Update finds gone. */
export interface Losses {
  /** To be refused. */
  readonly lost: readonly Keeping[];
  /** To be reported and left: refusing would leave a rollback half way. */
  readonly passedOver: ReadonlySet<string>;
}

/**
 * What the properties before named and what is not there any more.
 *
 * An Update that goes forward has to be refused, and one that takes a refused Update back must not be, or every
 * refusal would end in UPDATE_ROLLBACK_FAILED. The request does not tell the two apart, and this function may not
 * ask CloudFormation. The holds on what is still there do: they say by which properties it was last kept. If those
 * are the properties before, the Update goes forward; if not, the properties before were refused or failed, and
 * this takes them back. Where no hold is left nothing tells, and a parameter that was generated is passed over
 * too: not made anew, reported, and refused by the next Update. What the operator has to store is then refused.
 *
 * The rollback of an Update that succeeded here and failed elsewhere looks like one that goes forward. It finds
 * a loss only if somebody deleted a parameter in between.
 */
export async function lossesSince(before: Before, keepings: readonly Keeping[], isPresent: (path: string) => boolean, work: Work): Promise<Losses> {
  // What is derived is made again and again, so it is never lost.
  const gone = keepings.filter(({ demand: { path }, make, loss }) => before.named(path) && !isPresent(path) && (loss !== undefined || make === undefined));
  if (gone.length === 0) return { lost: [], passedOver: new Set() };
  const holds = await holdsOn(keepings.map(({ demand }) => demand.path).filter(isPresent), work);
  if (holds.length > 0 && holds.every((hold) => hold === before.hold)) return { lost: gone.filter(({ loss }) => loss !== undefined), passedOver: new Set() };
  const left = holds.length > 0 ? gone : gone.filter(({ loss }) => loss !== undefined);
  return { lost: [], passedOver: new Set(left.map(({ demand }) => demand.path)) };
}

async function holdsOn(paths: readonly string[], { store, holder }: Work): Promise<readonly string[]> {
  const holds: string[] = [];
  for (const path of paths) {
    const hold = (await store.tags(path)).get(holder.key);
    if (hold !== undefined && isHoldOf(holder.id, hold)) holds.push(hold);
  }
  return holds;
}

/** What is lost, how to get it back, and what it takes to go on without it. */
export function lossProblem(lost: readonly Keeping[]): string {
  const paths = lost.map(({ demand }) => demand.path).join(', ');
  const meanings = new Map<string, string[]>();
  for (const { loss } of lost) if (loss !== undefined) meanings.set(loss.means, [...(meanings.get(loss.means) ?? []), loss.command]);
  const ways = [...meanings].map(([means, commands]) => `${commands.map((command) => `\`${command}\``).join(', ')}: ${means}`);
  return `${paths} existed and is gone, and no update makes it anew: put the old value back at its path as a SecureString, from wherever it is kept, or accept the loss by storing a new one, each with a value of its own. ${ways.join('; ')}`;
}

/** A parameter that went away after the Update had looked for it. */
export function lostMeanwhile(keeping: Keeping): SecretsError {
  return new SecretsError('SECRET_LOST', `${lossProblem([keeping])}. Then deploy again.`);
}
