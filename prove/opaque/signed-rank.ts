/** What two series that were measured in pairs say of each other. */
export interface Compared {
  /** How likely a difference like this one, or a larger one, is by chance where there is none: two-sided. */
  readonly p: number;
  /** Share of the pairs in which the first was larger: 0.5 where they cannot be told apart. */
  readonly share: number;
}

/**
 * Wilcoxon's signed-rank test with the normal approximation, which takes twenty pairs or more: it asks no more than that the
 * two of a pair could as well have been the other way round, so that neither outliers nor the drift of a busy machine mislead it.
 */
export function signedRank(first: readonly number[], second: readonly number[]): Compared {
  const differences = first.map((value, index) => value - (second[index] ?? Number.NaN)).filter((difference) => difference !== 0);
  const ranked = differences.toSorted((a, b) => Math.abs(a) - Math.abs(b));
  let positive = 0;
  for (let from = 0; from < ranked.length;) {
    let to = from + 1;
    while (to < ranked.length && Math.abs(ranked[to] ?? 0) === Math.abs(ranked[from] ?? 0)) to += 1;
    const rank = (from + 1 + to) / 2; // those that are equal share theirs
    positive += ranked.slice(from, to).filter((difference) => difference > 0).length * rank;
    from = to;
  }
  const count = ranked.length;
  const z = (positive - (count * (count + 1)) / 4) / Math.sqrt((count * (count + 1) * (2 * count + 1)) / 24);
  return { p: count === 0 ? 1 : tails(Math.abs(z)), share: count === 0 ? 0.5 : differences.filter((difference) => difference > 0).length / count };
}

/** What lies beyond z on both sides of a normal distribution: Numerical Recipes' erfc, whose relative error is below 1.2e-7. */
function tails(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const coefficients = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
  return t * Math.exp(-x * x + coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0));
}
