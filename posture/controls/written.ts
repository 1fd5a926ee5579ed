import type { Facts, Resource, TextFact } from '../facts/facts.ts';

/** A stack or a resource with the strings that stand in it. */
export interface Written extends Resource {
  readonly texts: readonly TextFact[];
}

/** Every stack and resource with its strings; a string that no list knows the bearer of brings its bearer along. */
export function written({ stacks, resources, texts }: Facts): readonly Written[] {
  const byId = Map.groupBy(texts, ({ id }) => id);
  const bearers = new Map<string, Resource>();
  for (const bearer of [...stacks, ...resources, ...texts]) {
    if (!bearers.has(bearer.id)) bearers.set(bearer.id, bearer);
  }
  return [...bearers.values()].map((bearer) => ({ ...bearer, texts: byId.get(bearer.id) ?? [] }));
}

/** The strings of one resource that stand at or below a path. */
export function textsBelow({ texts }: Facts, { id }: Resource, path: string): readonly TextFact[] {
  return texts.filter((text) => text.id === id && (text.path === path || text.path.startsWith(`${path}.`)));
}
