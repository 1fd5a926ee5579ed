import { text, unresolvedNode } from './node.ts';
import type { Node, Piece } from './node.ts';

/**
 * Splits a text at a delimiter and keeps its references whole, as a list that was joined for an export comes back.
 *
 * A piece that nobody knows could hold the delimiter, so it makes the whole list unresolved. A reference
 * holds none where the delimiter is one that lists are joined with: ids and ARNs have no `|` and no `,`.
 */
export function split(pieces: readonly Piece[], delimiter: string): Node {
  const parts: Piece[][] = [[]];
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      if (piece.kind === 'unknown') return unresolvedNode(piece.name, piece.why);
      if (mayHide(delimiter)) return unresolvedNode('Fn::Split', `a split at ${JSON.stringify(delimiter)} of a text that only the account can spell`);
      parts.at(-1)?.push(piece);
      continue;
    }
    const [first = '', ...rest] = piece.split(delimiter);
    parts.at(-1)?.push(first);
    for (const part of rest) parts.push([part]);
  }
  return { is: 'list', items: parts.map((part) => text(...part)) };
}

/** Ids, ARNs and endpoints hold colons, slashes, dots and dashes. */
function mayHide(delimiter: string): boolean {
  return !/^[|,]+$/.test(delimiter);
}
