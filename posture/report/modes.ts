import type { ControlResult, Results } from '../results.ts';

/** What was made of one deployment: how it was judged, and the types of its resources, one entry a resource. */
export interface Judged {
  readonly results: Results;
  /** The rule of each suppressed finding of the packs, as its pack names it, one entry a finding. */
  readonly suppressed: readonly string[];
  readonly types: readonly string[];
}

/** An option with what it made of a plain deployment. */
export interface JudgedMode extends Judged {
  readonly option: string;
  readonly written: readonly string[];
  readonly means: string;
}

const NONE = 'none';

/** The tables of the page, in Markdown. */
export interface ModesTables {
  /** Verdicts that change, and what the option means. */
  readonly posture: string;
  /** Suppressed findings of the rule packs, where they change. */
  readonly rules: string;
  /** Types of resources, where they change. */
  readonly resources: string;
}

/** Tables of what each option changes. */
export function modesTables(plain: Judged, modes: readonly JudgedMode[]): ModesTables {
  return {
    posture: table(
      ['Option', 'In the file', 'Verdicts that change', 'What it means'],
      modes.map(({ option, written, results, means }) => [option, written.map((text) => `\`${text}\``).join(', '), changedVerdicts(plain.results, results), means]),
    ),
    rules: differences(['Option', 'Not suppressed', 'Suppressed as well'], plain, modes, ({ suppressed }) => suppressed),
    resources: differences(['Option', 'Not made', 'Made as well'], plain, modes, ({ types }) => types),
  };
}

/** What each option has less and more of than the plain deployment; options that change nothing are left out. */
function differences(head: readonly string[], plain: Judged, modes: readonly JudgedMode[], of: (judged: Judged) => readonly string[]): string {
  return table(
    head,
    modes.map((mode) => [mode.option, surplus(of(plain), of(mode)), surplus(of(mode), of(plain))]).filter(([, ...changes]) => changes.some((change) => change !== NONE)),
  );
}

function changedVerdicts(plain: Results, other: Results): string {
  const before = new Map(plain.controls.map((control) => [control.id, control]));
  const ids = new Set([...before.keys(), ...other.controls.map(({ id }) => id)]);
  const after = new Map(other.controls.map((control) => [control.id, control]));
  const changes = [...ids].flatMap((id) => {
    const [from, to] = [before.get(id), after.get(id)].map(verdictOf);
    const { claims = [] } = after.get(id) ?? before.get(id) ?? {};
    return from === to ? [] : [`\`${id}\` (${claims.join(', ')}): ${from} → **${to}**`];
  });
  return changes.join('<br/>') || NONE;
}

function verdictOf(control: ControlResult | undefined): string {
  if (control === undefined) return 'not judged';
  const { verdict, reason } = control;
  return verdict === 'not-verified' && reason !== undefined ? `${verdict}: ${reason}` : verdict;
}

/** What `some` has more of than `others`, each with how many more. */
function surplus(some: readonly string[], others: readonly string[]): string {
  const more = [...new Set(some)].toSorted().flatMap((one) => {
    const count = occurrences(some, one) - occurrences(others, one);
    return count > 0 ? [`${count} ${one}`] : [];
  });
  return more.join('<br/>') || NONE;
}

function occurrences(all: readonly string[], one: string): number {
  return all.filter((other) => other === one).length;
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
