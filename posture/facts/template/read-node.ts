import { pick, spell } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import { absent, known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';

/** Reads a text as it stands; a dynamic reference (`{{resolve:…}}`) in it stays visible. */
export function rawText(node: Node): Value<string> {
  if (node.is === 'absent') return absent;
  if (node.is === 'unresolved') return unresolved(node.why);
  if (node.is !== 'text') return unresolved(`a ${node.is} where a text is expected`);
  const open = node.pieces.find((piece) => typeof piece !== 'string' && piece.kind === 'unknown');
  return typeof open === 'object' && open.kind === 'unknown' ? unresolved(open.why) : known(spell(node.pieces));
}

/** Reads a text whose value has to be known from the templates, so that a dynamic reference is unresolved. */
export function textOf(node: Node): Value<string> {
  const value = rawText(node);
  if (value.is !== 'known' || !value.value.includes('{{resolve:')) return value;
  return unresolved(`${value.value}, which only the account can answer`);
}

/** Reads a boolean; CloudFormation takes `true` and `'true'` alike. */
export function booleanOf(node: Node): Value<boolean> {
  return andThen(textOf(node), (text) => {
    if (/^true$/i.test(text)) return known(true);
    return /^false$/i.test(text) ? known(false) : unresolved(`${JSON.stringify(text)}, which is neither true nor false`);
  });
}

/** Reads a whole number; CloudFormation takes `7` and `'7'` alike. */
export function integerOf(node: Node): Value<number> {
  return andThen(textOf(node), (text) =>
    /^-?\d{1,15}$/.test(text) ? known(Number(text)) : unresolved(`${JSON.stringify(text)}, which is no whole number`),
  );
}

/** Reads a list: unresolved as soon as one item is, outside as soon as one item is. */
export function listOf<T>(node: Node, item: (node: Node) => Value<T>): Value<readonly T[]> {
  if (node.is === 'absent') return absent;
  if (node.is !== 'list') return unresolved(node.is === 'unresolved' ? node.why : `a ${node.is} where a list is expected`);
  const values = node.items.map(item);
  const open = values.find((value) => value.is === 'unresolved') ?? values.find((value) => value.is === 'outside');
  if (open !== undefined) return open;
  return known(values.flatMap((value) => (value.is === 'known' ? [value.value] : [])));
}

/** Counts a list, whatever its items are. */
export function countOf(node: Node): Value<number> {
  return andThen(listOf(node, () => known(null)), (items) => known(items.length));
}

/** The items to look at one by one; `open` says why they cannot be listed. */
export function itemsOf(node: Node): { readonly items: readonly Node[]; readonly open?: string } {
  if (node.is === 'absent') return { items: [] };
  if (node.is === 'list') return { items: node.items };
  return { items: [], open: node.is === 'unresolved' ? node.why : `a ${node.is} where a list is expected` };
}

/** The value of a tag. */
export function tagOf(tags: Node, key: string): Value<string> {
  return entryOf(tags, 'Key', key);
}

/** The value of an entry in a list of names and values, as tags, attributes and variables stand in one. */
export function entryOf(entries: Node, nameKey: 'Key' | 'Name', wanted: string): Value<string> {
  const { items, open } = itemsOf(entries);
  if (open !== undefined) return unresolved(open);
  let found: Value<string> = absent;
  for (const item of items) {
    const name = textOf(pick(item, nameKey));
    if (name.is !== 'known') return unresolved(`an entry whose ${nameKey} is not known`);
    if (name.value !== wanted) continue;
    if (found.is !== 'absent') return unresolved(`two entries ${wanted}`);
    const value = textOf(pick(item, 'Value'));
    found = value.is === 'absent' ? unresolved(`the entry ${wanted} without a value`) : value;
  }
  return found;
}

/** Reads a list of texts, for which a single text may stand, as in policies. */
export function textsOf(node: Node): Value<readonly string[]> {
  if (node.is === 'list') return listOf(node, rawText);
  return andThen(rawText(node), (text) => known([text]));
}

/** Goes on with a value where there is one. */
export function andThen<A, B>(value: Value<A>, next: (value: A) => Value<B>): Value<B> {
  return value.is === 'known' ? next(value.value) : value;
}

/** The first that is set, in order. */
export function firstSet<T>(...values: readonly Value<T>[]): Value<T> {
  return values.find((value) => value.is !== 'absent') ?? absent;
}
