import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, YAMLError } from 'yaml';
import type { Problem } from './problems.ts';
import { fieldName, shorten, WHOLE_FILE } from './problems.ts';

const REPEATED_KEY = 'a key that stands there already';

/** What a message quotes of a key without a value. */
export const EMPTY = 'an empty value';

/** A deployment file as YAML: its value, and where each part of it stands. */
export interface Source {
  /** What is wrong with it as YAML. */
  readonly problems: readonly Problem[];
  /** The value as plain objects; undefined where the YAML is too broken to have one. */
  readonly document: unknown;
  /** The value at a path as the file writes it, or undefined where the file has none. */
  quote(path: readonly PropertyKey[]): string | undefined;
  /** The line of the value at a path, or of the nearest value around it; undefined where that is the whole file. */
  line(path: readonly PropertyKey[]): number | undefined;
}

/** Reads YAML 1.2 and never throws. */
export function readSource(text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', stringKeys: true, prettyErrors: false });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const problems = [
    ...firstOfEachLine([...document.errors, ...document.warnings].map((error) => syntaxProblem(error, document, lineAt(error.pos[0])))),
    ...aliasProblems(document, lineAt),
  ];
  // A key that stands twice leaves the rest readable, so that its problems can be told at the same time.
  const readable = problems.every(({ got }) => got === REPEATED_KEY);
  return {
    problems,
    document: readable ? document.toJS({ maxAliasCount: 0 }) : undefined,
    quote(path) {
      const { node, depth } = follow(document, path);
      return depth === path.length ? quote(node, text) : undefined;
    },
    line(path) {
      const { offset } = follow(document, path);
      return offset === undefined ? undefined : lineAt(offset);
    },
  };
}

/** Walks down as far as the document goes. */
function follow(document: Document, path: readonly PropertyKey[]) {
  let node: unknown = document.contents;
  let offset: number | undefined;
  let depth = 0;
  for (const step of path) {
    if (isMap(node)) {
      // Of a key that stands twice the last is the one that counts.
      const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      offset = isScalar(pair.key) ? pair.key.range?.[0] : offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    } else break;
    depth += 1;
  }
  return { node, offset, depth };
}

function startOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined;
}

function quote(node: unknown, text: string): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return `a list of ${node.items.length}`;
  if (!isScalar(node)) return 'nothing';
  if (node.value === null) return EMPTY;
  const [start, end] = node.range ?? [0, 0];
  // A tag alone (`!!str`) makes a value that no character of the file stands for.
  return shorten(text.slice(start, end)) || 'empty text';
}

/** Aliases are refused one and all: a file this small has nothing to share, and a chain of them can swell without bounds. */
function aliasProblems(document: Document, lineAt: (offset: number) => number): Problem[] {
  const problems: Problem[] = [];
  visit(document, (_, node) => {
    if (!isAlias(node)) return;
    problems.push({
      field: WHOLE_FILE,
      line: lineAt(node.range?.[0] ?? 0),
      got: `the alias *${shorten(node.source)}`,
      expected: 'values that stand where they are used',
      mend: 'write the value out',
    });
  });
  return problems;
}

function syntaxProblem({ code, message, pos: [offset] }: YAMLError, document: Document, line: number): Problem {
  if (code === 'DUPLICATE_KEY') {
    const field = fieldName(pathOfKey(document, offset));
    return { field, line, got: REPEATED_KEY, expected: 'each key once', mend: 'keep one of the two' };
  }
  const whole = { field: WHOLE_FILE, line };
  if (code === 'MULTIPLE_DOCS') {
    return { ...whole, got: 'a second YAML document', expected: 'one', mend: 'give what follows the --- a file of its own' };
  }
  if (code === 'TAB_AS_INDENT') {
    return { ...whole, got: 'a tab', expected: 'spaces, the only indentation that YAML knows', mend: 'replace it by spaces' };
  }
  return { ...whole, got: `YAML that cannot be read (${message})`, expected: 'well-formed YAML', mend: 'mend this line' };
}

/** The first mistake of a line makes the parser see others after it. */
function firstOfEachLine(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ line }, index) => problems.findIndex((other) => other.line === line) === index);
}

function pathOfKey(document: Document, offset: number): readonly string[] {
  let found: readonly string[] = [];
  visit(document, {
    Pair(_, pair, ancestors) {
      if (!isScalar(pair.key) || pair.key.range?.[0] !== offset) return undefined;
      found = [...ancestors, pair].flatMap((node) => (isPair(node) && isScalar(node.key) ? [String(node.key.value)] : []));
      return visit.BREAK;
    },
  });
  return found;
}
