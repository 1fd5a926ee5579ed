import { scopesOf } from '../../assembly/exports.ts';
import { own } from '../../assembly/json.ts';
import { absentNode, pick, unresolvedNode } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import { resolve } from '../../assembly/resolve.ts';
import type { Scope } from '../../assembly/scope.ts';
import type { StackPlace, Template, TemplateResource } from '../../assembly/template.ts';
import type { Resource } from '../facts.ts';

/** A resource together with what its properties resolve to. */
export interface ReadResource {
  readonly resource: Resource;
  /** Where the resource lands. */
  readonly place: StackPlace;
  /** A property, or one below it. */
  readonly get: (...path: readonly string[]) => Node;
  /** An attribute beside the properties: `DeletionPolicy`. */
  readonly attribute: (name: string) => Node;
  /** The names of the properties that are set; empty where the properties as a whole are unresolved. */
  readonly names: readonly string[];
}

/** Everything that the areas read from. */
export interface Reader {
  readonly scopes: readonly Scope[];
  readonly ofType: (...types: readonly string[]) => readonly ReadResource[];
}

/** Resolves every resource of the templates once, and hands them on by type. */
export function readerOf(templates: readonly Template[]): Reader {
  const scopes = scopesOf(templates);
  const byType = new Map<string, ReadResource[]>();
  for (const scope of scopes) {
    for (const resource of scope.template.resources.values()) {
      const read = readResource(resource, scope);
      byType.set(resource.type, [...(byType.get(resource.type) ?? []), read]);
    }
  }
  return { scopes, ofType: (...types) => types.flatMap((type) => byType.get(type) ?? []) };
}

function readResource({ id, type, stack, logicalId, body }: TemplateResource, scope: Scope): ReadResource {
  const properties = propertiesOf(body, scope);
  return {
    resource: { id, type, stack, logicalId },
    place: scope.template,
    get: (...path) => pick(properties, ...path),
    attribute: (name) => {
      const value = own(body, name);
      return value === undefined ? absentNode : resolve(value, scope);
    },
    names: properties.is === 'map' ? [...properties.entries.keys()] : [],
  };
}

function propertiesOf(body: TemplateResource['body'], scope: Scope): Node {
  // Whether the resource will be there at all is open, so nothing that it declares may count.
  if (Object.hasOwn(body, 'Condition')) return unresolvedNode('Condition', 'a resource under a condition, which the templates do not settle');
  const properties = own(body, 'Properties');
  if (properties === undefined) return { is: 'map', entries: new Map() };
  const node = resolve(properties, scope);
  return node.is === 'map' || node.is === 'unresolved' ? node : unresolvedNode('Properties', 'properties that are not an object');
}
