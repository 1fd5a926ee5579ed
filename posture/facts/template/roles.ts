import { pick } from '../../assembly/node.ts';
import type { Node } from '../../assembly/node.ts';
import type { ConditionFact, PrincipalFact, RoleFact, StatementFact } from '../tasks.ts';
import { absent, known, unresolved } from '../value.ts';
import type { Value } from '../value.ts';
import { andThen, itemsOf, textOf, textsOf } from './read-node.ts';
import type { Reader, ReadResource } from './reader.ts';
import { MANAGED_POLICY, referenceOf, ROLE } from './reference.ts';

/**
 * Every role with the statements of its policies: its own, the managed ones that it names, and those that name it.
 *
 * A policy for a role that the templates do not settle could be meant for any, so it stands, with nothing known, among
 * the statements of all.
 */
export function roles(reader: Reader): readonly RoleFact[] {
  const separate = reader.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy').map(({ resource, get }) => ({
    id: resource.id,
    roles: rolesOf(get, reader),
    statements: statementsOf(resource.id, 'PolicyDocument', get('PolicyDocument')),
  }));
  const attached = (role: string): readonly StatementFact[] =>
    separate.flatMap(({ id, roles: named, statements }) => {
      if (named.some((value) => value.is === 'known' && value.value === role)) return statements;
      const open = named.find((value) => value.is !== 'known');
      return open === undefined ? [] : [openStatement(id, 'Roles', open)];
    });
  const managed = (role: ReadResource): readonly StatementFact[] =>
    eachOf(role.get('ManagedPolicyArns'), role.resource.id, 'ManagedPolicyArns', (item, path) => {
      const policy = referenceOf(item, MANAGED_POLICY, reader);
      if (policy.is === 'known') return separate.find(({ id }) => id === policy.value)?.statements ?? [];
      return [openStatement(role.resource.id, path, policy)];
    });
  return reader.ofType('AWS::IAM::Role').map((role) => {
    const { resource, get } = role;
    const inline = eachOf(get('Policies'), resource.id, 'Policies', (policy, path) =>
      statementsOf(resource.id, `${path}.PolicyDocument`, pick(policy, 'PolicyDocument')),
    );
    return { ...resource, statements: [...inline, ...managed(role), ...attached(resource.id)], permissionsBoundary: textOf(get('PermissionsBoundary')) };
  });
}

function rolesOf(get: ReadResource['get'], reader: Reader): readonly Value<string>[] {
  const { items, open } = itemsOf(get('Roles'));
  const single = get('RoleName');
  if (open !== undefined) return [unresolved(open)];
  return [...items, ...(single.is === 'absent' ? [] : [single])].map((item) => referenceOf(item, ROLE, reader));
}

/** The statements of a policy document, one of which nothing is known for each that cannot be read. */
export function statementsOf(id: string, path: string, document: Node): readonly StatementFact[] {
  const statements = pick(document, 'Statement');
  // One statement may stand without a list round it.
  if (statements.is === 'map') return [statementOf(id, `${path}.Statement`, statements)];
  return eachOf(statements, id, `${path}.Statement`, (statement, at) => [statementOf(id, at, statement)]);
}

function statementOf(id: string, path: string, statement: Node): StatementFact {
  if (statement.is !== 'map') return openStatement(id, path, unresolved('a statement that cannot be read'));
  return {
    id,
    path,
    effect: textOf(pick(statement, 'Effect')),
    actions: textsOf(pick(statement, 'Action')),
    resources: textsOf(pick(statement, 'Resource')),
    conditions: conditionsOf(pick(statement, 'Condition')),
    principals: principalsOf(statement),
  };
}

function principalsOf(statement: Node): StatementFact['principals'] {
  const principal = pick(statement, 'Principal');
  // Whom it leaves out says that it is for everybody else.
  if (pick(statement, 'NotPrincipal').is !== 'absent') return known([{ kind: '*', name: '*' }]);
  if (principal.is !== 'map') return andThen(textsOf(principal), (names) => known(names.map((name) => ({ kind: '*', name }))));
  const principals: PrincipalFact[] = [];
  for (const [kind, names] of principal.entries) {
    const texts = textsOf(names);
    if (texts.is !== 'known') return texts;
    principals.push(...texts.value.map((name) => ({ kind, name })));
  }
  return known(principals);
}

function conditionsOf(condition: Node): StatementFact['conditions'] {
  if (condition.is === 'absent') return absent;
  if (condition.is !== 'map') return unresolved('a condition that cannot be read');
  const conditions: ConditionFact[] = [];
  for (const [operator, keys] of condition.entries) {
    if (keys.is !== 'map') return unresolved('a condition that cannot be read');
    for (const [key, values] of keys.entries) conditions.push({ operator, key, values: textsOf(values) });
  }
  return known(conditions);
}

/** What each item of a list gives, or one statement of which nothing is known where the list cannot be read. */
function eachOf(
  node: Node,
  id: string,
  path: string,
  statements: (item: Node, path: string) => readonly StatementFact[],
): readonly StatementFact[] {
  const { items, open } = itemsOf(node);
  if (open !== undefined) return [openStatement(id, path, unresolved(open))];
  return items.flatMap((item, index) => statements(item, `${path}.${index}`));
}

/** A statement of which nothing is known, for a policy or a part of one that the templates do not settle. */
export function openStatement(id: string, path: string, part: Value<never>): StatementFact {
  // A reference that is not there at all names no policy, and so nothing that could be read.
  const why = part.is === 'absent' ? unresolved('nothing, where a policy is expected') : part;
  return { id, path, effect: why, actions: why, resources: why, conditions: why, principals: why };
}
