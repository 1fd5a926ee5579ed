/** Why a value is refused: what would have been taken, and what to write instead. Both are phrases that fit into one sentence. */
export interface Refusal {
  /** What to say instead of the value, where repeating it could give a secret away. @default - the value, shortened */
  readonly got?: string;
  readonly expected: string;
  readonly mend: string;
}

/** One thing that is wrong with a deployment file. */
export interface Problem extends Refusal {
  /** The field as the file nests it, `network.availabilityZones[1]` for example, or `(file)`. */
  readonly field: string;
  /** Counted from 1; absent where the file has no such line. */
  readonly line?: number;
  readonly got: string;
}

/** The name of the whole file where a problem is not that of a field. */
export const WHOLE_FILE = '(file)';

/** Longest piece of a file that a message repeats, in characters. */
const LONGEST_QUOTE = 60;

/** Thrown for a deployment file that is missing, unreadable or refused; holds every problem, in the order of the file. */
export class DeploymentError extends Error {
  readonly code = 'DEPLOYMENT_INVALID';
  readonly file: string;
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    const inOrder = problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
    const count = inOrder.length === 1 ? '1 problem' : `${inOrder.length} problems`;
    super([`The deployment file ${file} is refused (${count}):`, ...inOrder.map((problem) => `  ${sentence(file, problem)}`)].join('\n'));
    this.name = 'DeploymentError';
    this.file = file;
    this.problems = inOrder;
  }
}

/** `network.availabilityZones[1]` from the path of a value in the document. */
export function fieldName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return WHOLE_FILE;
  return path.reduce<string>((name, step) => {
    if (typeof step === 'number') return `${name}[${step}]`;
    const key = /^[\w-]+$/.test(String(step)) ? String(step) : JSON.stringify(shorten(String(step)));
    return name === '' ? key : `${name}.${key}`;
  }, '');
}

/** A value as a message may repeat it: cut to one short line, and never a private key. */
export function shorten(text: string): string {
  if (text.includes('PRIVATE KEY')) return 'a private key';
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
}

function sentence(file: string, { field, line, got, expected, mend }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${place}: ${field}: got ${got}, expected ${expected}; ${mend}.`;
}
