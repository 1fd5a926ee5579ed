import type { ControlResult, Results } from '../results.ts';

/** What was made of one deployment: how it was judged, and the types of its resources, one entry a resource. */
export interface Judged {
  readonly results: Results;
  readonly types: readonly string[];
}

/** An option with what it made of a plain deployment. */
export interface JudgedMode extends Judged {
  readonly option: string;
  readonly written: readonly string[];
  readonly means: string;
}

const NONE = 'none';

/** Tables of what each option changes: verdicts and meaning in the first, resources, where they change, in the second. */
export function modesTables(plain: Judged, modes: readonly JudgedMode[]): { readonly posture: string; readonly resources: string } {
  return {
    posture: table(
      ['Option', 'In the file', 'Verdicts that change', 'What it means'],
      modes.map(({ option, written, results, means }) => [option, written.map((text) => `\`${text}\``).join(', '), changedVerdicts(plain.results, results), means]),
    ),
    resources: table(
      ['Option', 'Not made', 'Made as well'],
      modes
        .map(({ option, types }) => [option, surplus(plain.types, types), surplus(types, plain.types)])
        .filter(([, ...changes]) => changes.some((change) => change !== NONE)),
    ),
  };
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

/** The types of which `some` has more than `others`, each with how many more. */
function surplus(some: readonly string[], others: readonly string[]): string {
  const more = [...new Set(some)].toSorted().flatMap((type) => {
    const count = occurrences(some, type) - occurrences(others, type);
    return count > 0 ? [`${count} ${type}`] : [];
  });
  return more.join('<br/>') || NONE;
}

function occurrences(types: readonly string[], type: string): number {
  return types.filter((other) => other === type).length;
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
