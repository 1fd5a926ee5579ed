import { styleText } from 'node:util';
import { isBroken } from './judge.ts';
import type { CheckResult, ControlResult, FindingResult, Results } from './results.ts';

/** How results are rendered. */
export interface PrintOptions {
  /** Columns to cut promises to. @default - promises stand in full */
  readonly width?: number;
  /** @default false */
  readonly color?: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** Renders results for a reader: a line a control, what is wrong beneath it, then the counts and the verdict. */
export function print(results: Results, { width = Infinity, color = false }: PrintOptions = {}): string {
  const paint = (style: Style, text: string) => (color ? styleText(style, text, { validateStream: false }) : text);
  const { controls, notYet, error } = results;
  if (error !== undefined) return `${paint('red', 'not judged')} (${error.code})\n${error.message}\n`;

  const rows = controls.map((control) => [verdict(control), control.id, control.claims.join(' '), control.promise, String(control.population)]);
  const lines = controlLines([HEAD, ...rows], width, (cell, row) => paint(STYLES[controls[row - 1]?.verdict ?? 'not-applicable'], cell));
  const sections = [
    lines.slice(0, 1),
    controls.flatMap((control, index) => [lines[index + 1] ?? '', ...beneath(control)]),
    notYet.length === 0 ? [] : ['', 'Not yet, and so not a pass:', ...table(notYet.map(({ id, says, reason }) => [`  ${id}`, says, reason]))],
    ['', counts(results), paint(results.exitCode === 0 ? 'green' : 'red', sentence(results))],
  ];
  return `${sections.flat().join('\n')}\n`;
}

const HEAD = ['verdict', 'control', 'claims', 'promise', 'judged'];
const GAP = '  ';
/** Columns below which a promise is not worth cutting. */
const LEAST_PROMISE = 20;

/** Aligns the rows; `paint` colours a row's first cell. */
function controlLines(rows: readonly (readonly string[])[], width: number, paint: (cell: string, row: number) => string): readonly string[] {
  const [verdicts = 0, ids = 0, claims = 0, promises = 0, counted = 0] = widthsOf(rows);
  const room = Math.min(promises, Math.max(LEAST_PROMISE, width - verdicts - ids - claims - counted - 4 * GAP.length));
  return rows.map(([first = '', id = '', claim = '', promise = '', count = ''], row) =>
    [paint(first.padEnd(verdicts), row), id.padEnd(ids), claim.padEnd(claims), cut(promise, room).padEnd(room), count.padStart(counted)].join(GAP),
  );
}

const STYLES: Readonly<Record<ControlResult['verdict'], Style>> = {
  pass: 'green',
  fail: 'red',
  'not-verified': 'yellow',
  'not-applicable': 'dim',
};

function verdict({ verdict: name, reason }: ControlResult): string {
  return reason === undefined ? name : `${name}: ${reason}`;
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

function beneath(control: ControlResult): readonly string[] {
  if (control.verdict === 'pass') return [];
  return [...(control.detail === undefined ? [] : [`    ${control.detail}`]), ...control.findings.flatMap(findingLines)];
}

function findingLines(finding: FindingResult): readonly string[] {
  if (finding.checks.length === 0) return [`    ${finding.resource.id}: nothing was checked`];
  return finding.checks.filter(({ outcome }) => outcome !== 'pass').flatMap((check) => checkLines(check, finding));
}

function checkLines({ property, expected, observed, source, template, line }: CheckResult, { resource }: FindingResult): readonly string[] {
  return [
    `    ${resource.id}  ${property}: expected ${expected}, observed ${observed}`,
    ...(source === undefined ? [] : [`      at ${source}`]),
    ...(template === undefined ? [] : [`      in ${template}${line === undefined ? '' : `:${line}`}`]),
  ];
}

/** Rows whose cells stand under each other; the last column is left as it is. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = widthsOf(rows);
  return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join(GAP));
}

function widthsOf(rows: readonly (readonly string[])[]): readonly number[] {
  return (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
}

function counts({ counts: all }: Results): string {
  return Object.entries(all)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

function idsOf(controls: readonly ControlResult[]): string {
  return controls.map(({ id }) => id).join(', ');
}

/** What it all comes to. */
function sentence({ controls, counts: all }: Results): string {
  const crashed = controls.filter(({ reason }) => reason === 'crashed');
  if (controls.length === 0) return 'Nothing was judged: there is no control.';
  if (crashed.length > 0) return `The judgement itself failed: ${idsOf(crashed)} crashed.`;
  const broken = controls.filter(isBroken);
  if (broken.length > 0) return `These templates may not be deployed: ${idsOf(broken)}.`;
  const outside = controls.filter(({ reason }) => reason === 'outside the assembly');
  const live = outside.length === 0 ? '' : ` A look at the live account has to settle ${idsOf(outside)}.`;
  return `These templates break no promise that has a control${all['not yet'] > 0 ? `; ${all['not yet']} await theirs` : ''}.${live}`;
}
