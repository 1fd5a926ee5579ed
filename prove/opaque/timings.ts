/** Something that is done, and how long it took in milliseconds. */
export type Timed = () => Promise<number>;

/**
 * Does each of several things once a round, in an order drawn anew, so that whatever else the machine does falls on all of
 * them and none has a place of its own.
 *
 * @param warmUp rounds that do not count
 * @param random a number from 0 to 1 @default Math.random
 * @returns milliseconds of each, by the same index
 */
export async function interleave(things: readonly Timed[], rounds: number, warmUp: number, random: () => number = Math.random): Promise<readonly (readonly number[])[]> {
  const taken = things.map((): number[] => []);
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const index of shuffled(things.length, random)) {
      const milliseconds = await things[index]?.();
      if (round >= 0 && milliseconds !== undefined) taken[index]?.push(milliseconds);
    }
  }
  return taken;
}

function shuffled(count: number, random: () => number): readonly number[] {
  return Array.from({ length: count }, (_, index) => ({ index, at: random() })).toSorted((a, b) => a.at - b.at).map(({ index }) => index);
}
