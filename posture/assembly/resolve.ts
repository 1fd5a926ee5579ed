import { isList, isObject, own } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { absentNode, spell, text, unresolvedNode } from './node.ts';
import type { Node, Piece } from './node.ts';
import { partitionOf, suffixOf } from './partition.ts';
import type { Scope } from './scope.ts';
import { split } from './split.ts';

/**
 * Resolves what a template says as far as the assembly's own templates settle it.
 *
 * Whatever they leave open is unresolved: parameters (a default too, since the deployer can change it), conditions,
 * mappings, zone look-ups, intrinsics that nobody here knows.
 */
export function resolve(json: Json, scope: Scope): Node {
  if (json === null) return unresolvedNode('null', 'null, which CloudFormation refuses');
  if (isList(json)) {
    return { is: 'list', items: json.map((item) => resolve(item, scope)).filter((item) => item.is !== 'absent') };
  }
  if (!isObject(json)) return text(String(json));

  const keys = Object.keys(json);
  const name = keys.find(isIntrinsic);
  if (name === undefined) {
    const entries = keys.map((key) => [key, resolve(own(json, key) ?? null, scope)] as const);
    return { is: 'map', entries: new Map(entries.filter(([, value]) => value.is !== 'absent')) };
  }
  if (keys.length > 1) return unresolvedNode(name, `${name} stands beside other keys, which CloudFormation refuses`);
  return intrinsic(name, own(json, name) ?? null, scope);
}

/** Whether a key makes of its object an intrinsic function. */
export function isIntrinsic(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}

function intrinsic(name: string, argument: Json, scope: Scope): Node {
  switch (name) {
    case 'Ref':
      return typeof argument === 'string' ? ref(argument, scope) : malformed(name);
    case 'Fn::GetAtt':
      return getAtt(argument, scope);
    case 'Fn::ImportValue':
      return importValue(argument, scope);
    case 'Fn::Join':
      return join(argument, scope);
    case 'Fn::Sub':
      return sub(argument, scope);
    case 'Fn::Split':
      return splitText(argument, scope);
    case 'Fn::Select':
      return select(argument, scope);
    default:
      return unresolvedNode(name, `${name}, which the templates do not settle`);
  }
}

const malformed = (name: string): Node => unresolvedNode(name, `${name} with arguments that CloudFormation refuses`);

function ref(name: string, scope: Scope): Node {
  if (name.startsWith('AWS::')) return pseudoParameter(name, scope);
  const to = scope.template.resources.get(name);
  if (to !== undefined) return text({ kind: 'reference', to, attribute: undefined });
  const parameters = own(scope.template.body, 'Parameters');
  if (isObject(parameters) && Object.hasOwn(parameters, name)) {
    return unresolvedNode(name, `parameter ${name}, which whoever deploys can change`);
  }
  return unresolvedNode(name, `a reference to ${name}, which ${scope.template.file} does not declare`);
}

function pseudoParameter(name: string, scope: Scope): Node {
  const { stack, account, region } = scope.template;
  if (name === 'AWS::NoValue') return absentNode;
  if (name === 'AWS::StackName') return text(stack);
  if (name === 'AWS::AccountId') return text(account ?? { kind: 'placeholder', name });
  if (name === 'AWS::StackId') return text({ kind: 'placeholder', name: `${stack}/${name}` });
  if (region === undefined) return unresolvedNode(name, `${name}, and the manifest names no region for ${stack}`);
  if (name === 'AWS::Region') return text(region);
  if (name === 'AWS::Partition') return text(partitionOf(region));
  if (name === 'AWS::URLSuffix') return text(suffixOf(region));
  return unresolvedNode(name, `${name}, which the templates do not settle`);
}

function getAtt(argument: Json, scope: Scope): Node {
  const [logicalId, attribute] = typeof argument === 'string' ? cut(argument) : isList(argument) ? argument : [];
  if (typeof logicalId !== 'string' || typeof attribute !== 'string') return malformed('Fn::GetAtt');
  const to = scope.template.resources.get(logicalId);
  if (to !== undefined) return text({ kind: 'reference', to, attribute });
  return unresolvedNode(logicalId, `a reference to ${logicalId}, which ${scope.template.file} does not declare`);
}

function cut(dotted: string): readonly string[] {
  const dot = dotted.indexOf('.');
  return dot < 0 ? [] : [dotted.slice(0, dot), dotted.slice(dot + 1)];
}

function importValue(argument: Json, scope: Scope): Node {
  const name = resolve(argument, scope);
  if (name.is !== 'text') return malformed('Fn::ImportValue');
  const wanted = spell(name.pieces);
  const found = scope.exports(scope.template, wanted);
  if (found === undefined) {
    return unresolvedNode(wanted, `an import of ${wanted}, which exactly one stack of the same account and region has to export`);
  }
  // One and the same output met twice on the way means that stacks import from each other in a circle.
  if (scope.importing.includes(found)) return unresolvedNode(wanted, `an import of ${wanted} that leads back to itself`);
  return resolve(found.value, { ...scope, template: found.template, importing: [...scope.importing, found] });
}

function join(argument: Json, scope: Scope): Node {
  if (!isList(argument) || argument.length !== 2) return malformed('Fn::Join');
  const [delimiter, parts = null] = argument;
  if (typeof delimiter !== 'string') return malformed('Fn::Join');
  const list = resolve(parts, scope);
  if (list.is === 'unresolved') return list;
  if (list.is !== 'list') return malformed('Fn::Join');
  return text(...list.items.flatMap((item, index) => [...(index > 0 ? [delimiter] : []), ...piecesOf(item, 'Fn::Join')]));
}

function piecesOf(node: Node, where: string): readonly Piece[] {
  if (node.is === 'text') return node.pieces;
  if (node.is === 'unresolved') return [{ kind: 'unknown', name: node.name, why: node.why }];
  return [{ kind: 'unknown', name: where, why: `${where} of something that is no text` }];
}

function sub(argument: Json, scope: Scope): Node {
  const [pattern, variables = {}] = isList(argument) ? argument : [argument];
  if (typeof pattern !== 'string' || !isObject(variables)) return malformed('Fn::Sub');
  return text(...pattern.split(/(\$\{[^}]*\})/).flatMap((part) => substitute(part, variables, scope)));
}

function substitute(part: string, variables: JsonObject, scope: Scope): readonly Piece[] {
  if (!part.startsWith('${') || !part.endsWith('}')) return [part];
  const name = part.slice(2, -1);
  if (name.startsWith('!')) return [`\${${name.slice(1)}}`];
  const variable = own(variables, name);
  if (variable !== undefined) return piecesOf(resolve(variable, scope), 'Fn::Sub');
  return piecesOf(name.includes('.') ? getAtt(name, scope) : ref(name, scope), 'Fn::Sub');
}

function splitText(argument: Json, scope: Scope): Node {
  if (!isList(argument) || argument.length !== 2) return malformed('Fn::Split');
  const [delimiter, source = null] = argument;
  const whole = resolve(source, scope);
  if (whole.is === 'unresolved') return whole;
  if (typeof delimiter !== 'string' || delimiter === '' || whole.is !== 'text') return malformed('Fn::Split');
  return split(whole.pieces, delimiter);
}

function select(argument: Json, scope: Scope): Node {
  if (!isList(argument) || argument.length !== 2) return malformed('Fn::Select');
  const [position = null, source = null] = argument;
  const index = resolve(position, scope);
  const list = resolve(source, scope);
  if (index.is === 'unresolved') return index;
  if (list.is === 'unresolved') return list;
  if (index.is !== 'text' || list.is !== 'list' || !/^\d+$/.test(spell(index.pieces))) return malformed('Fn::Select');
  return list.items[Number(spell(index.pieces))] ?? malformed('Fn::Select');
}
