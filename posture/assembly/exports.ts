import { isObject, own } from './json.ts';
import type { Json } from './json.ts';
import { spell } from './node.ts';
import { resolve } from './resolve.ts';
import type { Export, Scope } from './scope.ts';
import type { Template } from './template.ts';

/** The scopes of an assembly's templates, each able to see what the others export. */
export function scopesOf(templates: readonly Template[]): readonly Scope[] {
  const found = new Map<string, Export[]>();
  for (const template of templates) {
    for (const [name, value] of exportsOf(template)) {
      const key = exportKey(template, name);
      found.set(key, [...(found.get(key) ?? []), { template, value }]);
    }
  }
  const exports = (importer: Template, name: string): Export | undefined => {
    const candidates = found.get(exportKey(importer, name)) ?? [];
    return candidates.length === 1 ? candidates[0] : undefined;
  };
  return templates.map((template) => ({ template, exports, importing: [] }));
}

/** An export is visible in its own account and region only. */
function exportKey({ account, region }: Template, name: string): string {
  return JSON.stringify([account ?? null, region ?? null, name]);
}

function exportsOf(template: Template): readonly (readonly [string, Json])[] {
  const outputs = own(template.body, 'Outputs');
  if (!isObject(outputs)) return [];
  // CloudFormation allows no import in an export's name, so names resolve without seeing any export.
  const scope: Scope = { template, exports: () => undefined, importing: [] };
  return Object.values(outputs).flatMap((output) => {
    const exported = isObject(output) ? own(output, 'Export') : undefined;
    const value = isObject(output) ? own(output, 'Value') : undefined;
    // An output under a condition may not be there.
    if (!isObject(exported) || value === undefined || (isObject(output) && Object.hasOwn(output, 'Condition'))) return [];
    const name = resolve(own(exported, 'Name') ?? null, scope);
    return name.is === 'text' ? [[spell(name.pieces), value] as const] : [];
  });
}
