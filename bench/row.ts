/** What a ratio has to be. */
export type Target = { readonly atLeast: number } | { readonly atMost: number };

/** One promise about speed, measured beside what it is compared with. */
export interface Row {
  readonly name: string;
  /** What is measured, in `unit`. */
  readonly measured: number;
  /** What the same machine does in the same minute without it, in `unit`. */
  readonly reference: number;
  /** Of what, in a word or two. */
  readonly referenceIs: string;
  readonly unit: string;
  /** Median over the rounds of measured to reference. */
  readonly ratio: number;
  /** @default none: the figure is told and promised to nobody */
  readonly target?: Target;
}

/** How a row stands to its target. */
export type Verdict = 'met' | 'missed' | 'told';

/** Judges a row. */
export function verdictOf({ ratio, target }: Row): Verdict {
  if (target === undefined) return 'told';
  const met = 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
  return met ? 'met' : 'missed';
}

/** The rows as a table, for a person. */
export function table(rows: readonly Row[]): string {
  const head = ['', 'measured', 'reference', 'ratio', 'target', 'verdict'];
  const cells = rows.map((row) => [
    row.name,
    `${rounded(row.measured)} ${row.unit}`,
    `${rounded(row.reference)} (${row.referenceIs})`,
    row.ratio.toFixed(2),
    targetText(row.target),
    verdictOf(row),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((line) => line[column]?.length ?? 0)));
  return [head, ...cells].map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}

function targetText(target: Target | undefined): string {
  if (target === undefined) return '-';
  return 'atLeast' in target ? `>= ${target.atLeast}` : `<= ${target.atMost}`;
}

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
