import type { AssembledStack } from '../assembly/read.ts';
import type { Facts, IngressFact, Resource } from '../facts/facts.ts';
import type { Value } from '../facts/value.ts';

/** Draws who may open a connection to whom, as the security groups say, as a Mermaid flowchart. */
export function reachability({ securityGroups }: Facts): string {
  const nodes = new Map(securityGroups.map((group) => [group.id, shortName(group)]));
  const edges = securityGroups.flatMap((group) => group.ingress.map((rule) => ({ from: sourceOf(rule), to: group.id, label: portsOf(rule) })));
  for (const { from } of edges) if (!nodes.has(from)) nodes.set(from, from);
  return flowchart('LR', nodes, edges);
}

/** Draws the stacks of an assembly with what each holds most of, and which refers to which, as a Mermaid flowchart. */
export function stackReferences(stacks: readonly AssembledStack[]): string {
  const nodes = new Map(stacks.map(({ template }) => [template.stack, `${template.stack}<br/>${template.resources.size} resources`]));
  const edges = stacks.flatMap(({ template, text }) =>
    stacks
      .filter((other) => other.template.stack !== template.stack)
      .map((other) => ({ from: template.stack, to: other.template.stack, count: text.split(`"Fn::ImportValue": "${other.template.stack}:`).length - 1 }))
      .filter(({ count }) => count > 0)
      .map(({ from, to, count }) => ({ from, to, label: `${count} references` })),
  );
  return flowchart('LR', nodes, edges);
}

/** Lists what each stack holds: a row a resource type, a column a stack. */
export function inventory(stacks: readonly AssembledStack[]): string {
  const types = [...new Set(stacks.flatMap(typesOf))].toSorted();
  return [
    `| type | ${stacks.map(({ template }) => template.stack).join(' | ')} |`,
    `|---|${stacks.map(() => '---:|').join('')}`,
    ...types.map((type) => `| ${type} | ${stacks.map((stack) => typesOf(stack).filter((other) => other === type).length || '').join(' | ')} |`),
  ].join('\n');
}

function typesOf({ template }: AssembledStack): readonly string[] {
  return [...template.resources.values()].map(({ type }) => type);
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

function flowchart(direction: 'LR', nodes: ReadonlyMap<string, string>, edges: readonly Edge[]): string {
  const ids = new Map([...nodes.keys()].map((key, index) => [key, `n${index}`]));
  return [
    '```mermaid',
    `flowchart ${direction}`,
    ...[...nodes].map(([key, label]) => `  ${ids.get(key)}["${label}"]`),
    ...edges.map(({ from, to, label }) => `  ${ids.get(from)} -->|"${label}"| ${ids.get(to)}`),
    '```',
  ].join('\n');
}

/** The logical id without its construct's name before it and the digest that the CDK puts behind it. */
function shortName({ logicalId }: Resource): string {
  return logicalId.replace(/^SecurityGroups|[0-9A-F]{8}$/g, '');
}

function sourceOf({ sourceGroup, sourceRange }: IngressFact): string {
  return sourceGroup.is === 'known' ? sourceGroup.value : spelled(sourceRange);
}

function portsOf({ protocol, fromPort, toPort }: IngressFact): string {
  const ports = fromPort.is === 'known' && toPort.is === 'known' && fromPort.value === toPort.value ? spelled(fromPort) : `${spelled(fromPort)}-${spelled(toPort)}`;
  return `${spelled(protocol)} ${ports}`;
}

function spelled(value: Value<string | number>): string {
  return value.is === 'known' ? String(value.value) : value.is;
}
