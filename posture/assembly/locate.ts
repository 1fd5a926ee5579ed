import type { CheckResult, FindingResult, Results } from '../results.ts';
import { isObject, own } from './json.ts';
import { linesOf } from './lines.ts';
import type { Lines } from './lines.ts';
import type { AssembledStack } from './read.ts';
import { sourcesOf } from './sources.ts';
import type { Sources } from './sources.ts';
import type { Template } from './template.ts';

/**
 * Adds to every check that is not a pass where to look: the line in the template and the line of code.
 *
 * @param root the directory that source files are named from
 */
export function locate(results: Results, stacks: readonly AssembledStack[], root: string): Results {
  const places = new Map(stacks.map((stack) => [stack.template.stack, placesOf(stack, root)]));
  return {
    ...results,
    controls: results.controls.map((control) => ({ ...control, findings: control.findings.map((finding) => locateFinding(finding, places)) })),
  };
}

interface Places {
  readonly template: Template;
  readonly lines: () => Lines;
  readonly sources: () => Sources;
}

function placesOf({ template, text, metadata }: AssembledStack, root: string): Places {
  return { template, lines: once(() => linesOf(text)), sources: once(() => sourcesOf(metadata, root)) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function locateFinding(finding: FindingResult, all: ReadonlyMap<string, Places>): FindingResult {
  return { ...finding, checks: finding.checks.map((check) => (check.outcome === 'pass' ? check : locateCheck(check, finding.resource, all))) };
}

function locateCheck(check: CheckResult, bearer: FindingResult['resource'], all: ReadonlyMap<string, Places>): CheckResult {
  // A check may concern another resource, a rule or a route of any stack, and then begins with its id.
  const [, stack = '', other = '', rest = ''] = /^([^\s/:]+)\/([^\s/:]+)(?:: (.*))?$/.exec(check.property) ?? [];
  const concerned = all.get(stack)?.template.resources.has(other) === true;
  const places = all.get(concerned ? stack : bearer.stack);
  if (places === undefined) return check;
  const { template, lines, sources } = places;
  const logicalId = concerned ? other : bearer.logicalId;
  const property = concerned ? rest : check.property;

  const resource = template.resources.get(logicalId);
  const path = resource === undefined ? property.split('.') : ['Resources', logicalId, ...pathInside(resource.body, property)];
  const line = lines().at(...path);
  const source = resource === undefined ? undefined : sources().of(logicalId, topLevel(property));
  return { ...check, template: template.file, ...(line === undefined ? {} : { line }), ...(source === undefined ? {} : { source }) };
}

/** The path of a property inside its resource; checks name it as CloudFormation does, or add words of their own. */
function pathInside(body: Template['body'], property: string): readonly string[] {
  const parts = property.split('.');
  const [first = ''] = parts;
  if (Object.hasOwn(body, first)) return parts;
  const name = topLevel(property);
  const properties = own(body, 'Properties');
  return isObject(properties) && name !== undefined && Object.hasOwn(properties, name) ? ['Properties', name, ...parts.slice(1)] : [];
}

/** `KmsKeyId` of `Properties.KmsKeyId`, of `KmsKeyId: Enabled` and of `KmsKeyId.Ref`. */
function topLevel(property: string): string | undefined {
  return /^(?:Properties\.)?([A-Za-z][A-Za-z0-9]*)/.exec(property)?.[1];
}
