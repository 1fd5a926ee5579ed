import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Pair } from 'yaml';

/** Finds the lines of a template's parts. */
export interface Lines {
  /** The line of the deepest part of a path that is there; undefined where not even the first is. */
  readonly at: (...path: readonly string[]) => number | undefined;
}

/** Parses a template for its lines. This takes a hundred times what `JSON.parse` takes, so only findings ask for it. */
export function linesOf(text: string): Lines {
  const counter = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: counter, uniqueKeys: false, logLevel: 'silent' });
  const lineAt = (offset: number | undefined) => (offset === undefined ? undefined : counter.linePos(offset).line);
  return {
    at: (...path) => {
      let node: unknown = contents;
      let line: number | undefined;
      for (const key of path) {
        const child = childOf(node, key);
        if (child === undefined) return line;
        line = lineAt(child.offset) ?? line;
        node = child.value;
      }
      return line;
    },
  };
}

function childOf(node: unknown, key: string): { readonly value: unknown; readonly offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item: Pair) => isScalar(item.key) && item.key.value === key);
    return pair === undefined ? undefined : { value: pair.value, offset: isScalar(pair.key) ? pair.key.range?.[0] : undefined };
  }
  if (isSeq(node) && /^\d+$/.test(key)) {
    const item = node.items[Number(key)];
    return isNode(item) ? { value: item, offset: item.range?.[0] } : undefined;
  }
  return undefined;
}
