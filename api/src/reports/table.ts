import type { ShownRollup } from './shown.ts';

/** A rollup as rows of cells, the names of the columns first. */
export function tableOf({ lines }: ShownRollup): readonly (readonly string[])[] {
  return [
    ['start', 'group', 'name', 'requests', 'input_tokens', 'output_tokens', 'cached_tokens', 'cost_usd'],
    ...lines.map((line) => [line.start, line.group ?? '', line.name ?? '', line.requests, line.inputTokens, line.outputTokens, line.cachedTokens, line.costUsd]),
  ];
}
