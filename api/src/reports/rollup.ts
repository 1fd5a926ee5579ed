import { startOf } from './periods.ts';
import type { Period } from './periods.ts';

/** What is added up. */
export interface Sums {
  readonly requests: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cachedTokens: bigint;
  /** Ten-billionths of a US dollar. */
  readonly cost: bigint;
}

/** What requests are told apart by. */
export interface Group {
  /** Id of the project, provider and model, or id of the user; null for what belongs to none. */
  readonly group: string | null;
  /** What people call it, where that is not the id. */
  readonly name: string | null;
}

/** One group's sums of one day of the workspace's calendar. */
export interface DailySum extends Sums, Group {
  /** As 2026-01-31. */
  readonly day: string;
}

/** One group's sums of one period. */
export interface RollupLine extends Sums, Group {
  /** The day on which the period begins, as 2026-01-31; the sums are of what of it was asked for. */
  readonly start: string;
}

/** Sums by period and group, in this order, and all of them together. */
export interface Rollup {
  readonly lines: readonly RollupLine[];
  readonly total: Sums;
}

const NOTHING: Sums = { requests: 0n, inputTokens: 0n, outputTokens: 0n, cachedTokens: 0n, cost: 0n };

/** Puts the sums of days together to those of periods: what every report of spend is made of. */
export function rollUp(days: readonly DailySum[], period: Period): Rollup {
  const lines = new Map<string, RollupLine>();
  let total = NOTHING;
  for (const { day, group, name, ...sums } of days) {
    const start = startOf(day, period);
    const key = JSON.stringify([start, group]);
    lines.set(key, { start, group, name, ...plus(lines.get(key) ?? NOTHING, sums) });
    total = plus(total, sums);
  }
  return { lines: [...lines.values()].toSorted((a, b) => compare(a.start, b.start) || compare(a.group, b.group)), total };
}

function plus(a: Sums, b: Sums): Sums {
  return {
    requests: a.requests + b.requests,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    cost: a.cost + b.cost,
  };
}

/** By code units, the same in every locale; what belongs to no group comes last. */
function compare(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}
