import { isList, isObject, own } from '../../assembly/json.ts';
import type { Json } from '../../assembly/json.ts';
import { spell } from '../../assembly/node.ts';
import { isIntrinsic, resolve } from '../../assembly/resolve.ts';
import type { Scope } from '../../assembly/scope.ts';
import type { Resource, TextFact } from '../facts.ts';
import { stackResource } from './stacks.ts';

/**
 * Every text of a template, joined ones spelled out.
 *
 * What an intrinsic leaves open stands as `${name}` in the text; the texts inside such an intrinsic are listed as well,
 * since either branch of a condition can come to be.
 */
export function texts(scope: Scope): readonly TextFact[] {
  const { body, resources } = scope.template;
  const found: TextFact[] = [];
  for (const { id, type, stack, logicalId, body: resource } of resources.values()) {
    collect(resource, { resource: { id, type, stack, logicalId }, path: [], scope, found });
  }
  for (const [section, value] of Object.entries(body)) {
    if (section !== 'Resources') collect(value, { resource: stackResource(scope.template), path: [section], scope, found });
  }
  return found;
}

interface Place {
  readonly resource: Resource;
  readonly path: readonly string[];
  readonly scope: Scope;
  readonly found: TextFact[];
}

function collect(value: Json, place: Place): void {
  // CloudFormation takes a number for a text, a password of digits included.
  if (typeof value === 'string' || typeof value === 'number') return add(String(value), place);
  if (isList(value)) return value.forEach((item, index) => collect(item, below(place, String(index))));
  if (!isObject(value)) return;
  const keys = Object.keys(value);
  if (keys.length === 1 && keys.some(isIntrinsic)) {
    const node = resolve(value, place.scope);
    if (node.is === 'text') add(spell(node.pieces), place);
    if (node.is === 'text' && node.pieces.every((piece) => typeof piece === 'string' || piece.kind !== 'unknown')) return;
  }
  for (const key of keys) collect(own(value, key) ?? null, below(place, key));
}

function add(text: string, { resource, path, found }: Place): void {
  found.push({ ...resource, path: path.join('.'), text });
}

function below(place: Place, key: string): Place {
  return { ...place, path: [...place.path, key] };
}
