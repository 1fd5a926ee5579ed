import type { Control } from '../../posture/controls/control.ts';
import type { Facts } from '../../posture/facts/facts.ts';
import { factsOf, type AssemblyOptions } from './assembly.ts';
import { audit, service } from './fixtures-service.ts';
import { data, network } from './fixtures-templates.ts';

interface JsonObject {
  [key: string]: unknown;
}

export interface Template extends JsonObject {
  Resources: Record<string, JsonObject>;
}

export type Templates = Record<string, Template>;

/** A change to a deployment's templates. */
export type Edit = (templates: Templates) => void;

export const NETWORK = 'halton-hosted-network';
export const DATA = 'halton-hosted-data';
export const SERVICE = 'halton-hosted-service';
export const AUDIT = 'halton-hosted-audit';

/** One whole, minimal deployment that keeps every promise, with changes made to it. */
export function healthy(...edits: readonly Edit[]): Templates {
  // Through JSON, so that resources which share a part in the source do not share a change.
  const templates = JSON.parse(JSON.stringify({ [NETWORK]: network, [DATA]: data, [SERVICE]: service, [AUDIT]: audit })) as Templates;
  for (const edit of edits) edit(templates);
  return templates;
}

/** Where `elsewhere` lands. */
export const ELSEWHERE = { region: 'ap-southeast-2', account: '210987654321' };

/** The same deployment in a customer's own account and region. */
export function elsewhere(): Templates {
  const text = JSON.stringify(healthy()).replaceAll('"kind":"hosted"', '"kind":"enterprise"').replaceAll('hosted', 'bank').replaceAll('eu-west-2', ELSEWHERE.region);
  return JSON.parse(text) as Templates;
}

/** Sets what stands at a dotted path inside a resource: `Properties.PubliclyAccessible`, `Type`. */
export function set(logicalId: string, path: string, value: unknown): Edit {
  return (templates) => put(resource(templates, logicalId), path.split('.'), value);
}

/** Takes out what stands at a dotted path inside a resource. */
export function unset(logicalId: string, path: string): Edit {
  return set(logicalId, path, undefined);
}

/** Adds a resource to the stack of the data, or to another. */
export function add(logicalId: string, type: string, properties: JsonObject, { stack = DATA, ...attributes }: JsonObject & { stack?: string } = {}): Edit {
  return (templates) => {
    stackOf(templates, stack).Resources[logicalId] = { Type: type, Properties: properties, ...attributes };
  };
}

/** Adds a copy of a resource under another logical id, with properties changed. */
export function copy(logicalId: string, as: string, properties: JsonObject): Edit {
  return (templates) => {
    const [, template] = holder(templates, logicalId);
    const original = structuredClone(template.Resources[logicalId] ?? {});
    template.Resources[as] = { ...original, Properties: { ...(original['Properties'] as JsonObject), ...properties } };
  };
}

/** Takes resources out of their stacks. */
export function drop(...logicalIds: readonly string[]): Edit {
  return (templates) => {
    for (const logicalId of logicalIds) delete holder(templates, logicalId)[1].Resources[logicalId];
  };
}

/** Sets a top-level section of a stack's template: `Outputs`, `Metadata`. */
export function section(stack: string, name: string, value: unknown): Edit {
  return (templates) => {
    stackOf(templates, stack)[name] = value;
  };
}

/** Every check that is no pass, as `outcome resource property`, and an empty population. */
export function complaints(control: Control, templates: Templates | Facts, options: AssemblyOptions = {}): readonly string[] {
  const facts = isFacts(templates) ? templates : factsOf(templates, options);
  const findings = control.judge(facts);
  const few = findings.length < control.minimum ? [`empty: ${findings.length} of ${control.minimum}`] : [];
  const bad = findings.flatMap(({ resource: { id }, checks }) =>
    checks.length === 0
      ? [`unchecked ${id}`]
      : checks.filter(({ outcome }) => outcome !== 'pass').map(({ outcome, property }) => `${outcome} ${id} ${property}`),
  );
  return [...few, ...bad].map((line) => line.replaceAll(/halton-hosted-(?:network|data|service|audit)\//g, ''));
}

/** What a control has to complain of in the healthy deployment after some changes. */
export function judging(control: Control): (...edits: readonly Edit[]) => readonly string[] {
  return (...edits) => complaints(control, healthy(...edits));
}

function isFacts(value: Templates | Facts): value is Facts {
  return Array.isArray(value['stacks']);
}

function stackOf(templates: Templates, stack: string): Template {
  const template = templates[stack];
  if (template === undefined) throw new Error(`No stack ${stack}.`);
  return template;
}

function holder(templates: Templates, logicalId: string): readonly [string, Template] {
  const found = Object.entries(templates).find(([, { Resources }]) => Object.hasOwn(Resources, logicalId));
  if (found === undefined) throw new Error(`No template has a resource ${logicalId}.`);
  return found;
}

function resource(templates: Templates, logicalId: string): JsonObject {
  return holder(templates, logicalId)[1].Resources[logicalId] ?? {};
}

function put(target: JsonObject, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length > 0) {
    const next = (target[key] ??= {});
    return put(next as JsonObject, rest, value);
  }
  if (value === undefined) delete target[key];
  else target[key] = value;
}
