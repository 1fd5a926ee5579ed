import type { Rollup, RollupLine, Sums } from './rollup.ts';
import { formatUsd } from './usd.ts';

/** Sums as every report shows them: as text, since a double would not keep them. */
export interface ShownSums {
  readonly requests: string;
  readonly inputTokens: string;
  readonly outputTokens: string;
  readonly cachedTokens: string;
  readonly costUsd: string;
}

/** A line as every report shows it. */
export interface ShownLine extends ShownSums, Pick<RollupLine, 'start' | 'group' | 'name'> {}

/** A rollup as the endpoint, the CSV and the PDF show it. */
export interface ShownRollup {
  readonly lines: readonly ShownLine[];
  readonly total: ShownSums;
}

/** Writes a rollup's numbers, once for all that shows them. */
export function shownRollup({ lines, total }: Rollup): ShownRollup {
  return { lines: lines.map(({ start, group, name, ...sums }) => ({ start, group, name, ...shownSums(sums) })), total: shownSums(total) };
}

function shownSums({ requests, inputTokens, outputTokens, cachedTokens, cost }: Sums): ShownSums {
  return { requests: String(requests), inputTokens: String(inputTokens), outputTokens: String(outputTokens), cachedTokens: String(cachedTokens), costUsd: formatUsd(cost) };
}
