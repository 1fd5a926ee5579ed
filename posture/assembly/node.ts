import type { TemplateResource } from './template.ts';

/** A resource that a template points at, by `Ref` or by one of its attributes. */
export interface Reference {
  readonly kind: 'reference';
  readonly to: TemplateResource;
  /** Undefined for `Ref`. */
  readonly attribute: string | undefined;
}

/** A text that is one and the same wherever it stands, though nobody can spell it out: `${AWS::AccountId}`. */
export interface Placeholder {
  readonly kind: 'placeholder';
  readonly name: string;
}

/** A text that the assembly does not settle. */
export interface Unknown {
  readonly kind: 'unknown';
  /** What stands there: the intrinsic's or the parameter's name. */
  readonly name: string;
  readonly why: string;
}

/** Part of a text. References stay whole, so that a joined list of them can be split again. */
export type Piece = string | Reference | Placeholder | Unknown;

/** A property after its intrinsics are resolved as far as the assembly allows. */
export type Node =
  /** Numbers and booleans too: CloudFormation takes `7` and `'7'` alike. */
  | { readonly is: 'text'; readonly pieces: readonly Piece[] }
  | { readonly is: 'list'; readonly items: readonly Node[] }
  | { readonly is: 'map'; readonly entries: ReadonlyMap<string, Node> }
  | { readonly is: 'absent' }
  | { readonly is: 'unresolved'; readonly name: string; readonly why: string };

/** A property that is not set. */
export const absentNode: Node = { is: 'absent' };

/** Empty pieces are dropped, so that a reference that was joined with nothing is the reference itself. */
export const text = (...pieces: readonly Piece[]): Node => ({ is: 'text', pieces: pieces.filter((piece) => piece !== '') });

/** A property that the assembly does not settle; `name` is what stands there. */
export const unresolvedNode = (name: string, why: string): Node => ({ is: 'unresolved', name, why });

/** Spells pieces out, with `${stack/logicalId}` for what only the account can spell. */
export function spell(pieces: readonly Piece[]): string {
  return pieces.map(spellPiece).join('');
}

function spellPiece(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  if (piece.kind !== 'reference') return `\${${piece.name}}`;
  return piece.attribute === undefined ? `\${${piece.to.id}}` : `\${${piece.to.id}.${piece.attribute}}`;
}

/** The entry at a path of keys; absent where an earlier key is, unresolved where there is no map to look in. */
export function pick(node: Node, ...path: readonly string[]): Node {
  let found = node;
  for (const key of path) {
    if (found.is === 'absent' || found.is === 'unresolved') return found;
    if (found.is !== 'map') return unresolvedNode(key, `${key} stands where no object is`);
    found = found.entries.get(key) ?? absentNode;
  }
  return found;
}
