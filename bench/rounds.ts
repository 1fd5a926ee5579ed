/** One measurement: how many a second, or milliseconds. */
export type Measure = () => Promise<number>;

/** Medians over the rounds. */
export interface Compared {
  readonly measured: number;
  readonly reference: number;
  readonly ratio: number;
}

/** Rounds of each comparison: the least of which a median is rid of two disturbed ones. */
export const ROUNDS = 5;

/**
 * Measures two things in turn, so that whatever else the machine does falls on both, and compares within each round.
 *
 * What comes first in one round comes second in the next, since the second finds caches that the first has filled.
 */
export async function compare(measured: Measure, reference: Measure, rounds = ROUNDS): Promise<Compared> {
  const found: { measured: number; reference: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) found.push({ measured: await measured(), reference: await reference() });
    else {
      const first = await reference();
      found.push({ measured: await measured(), reference: first });
    }
  }
  return {
    measured: median(found.map((round) => round.measured)),
    reference: median(found.map((round) => round.reference)),
    ratio: median(found.map((round) => round.measured / round.reference)),
  };
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which this share of all lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
