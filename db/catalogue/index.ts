import type { ClientBase } from 'pg';
import { APPEND_ONLY_RULES } from './append-only.ts';
import { CONTENTS } from './contents.ts';
import { EXCEPTIONS } from './exceptions.ts';
import type { Exception } from './exceptions.ts';
import { FUNCTIONS } from './functions.ts';
import { GRANTS } from './grants.ts';
import { GUARD_RULES } from './guards.ts';
import { ISOLATION } from './isolation.ts';
import { PRIVILEGES } from './privileges.ts';
import { ROLE_RULES } from './roles.ts';
import type { Finding, Rule } from './rule.ts';

/** What has to be true of the database, whoever made it as it is. */
export const RULES: readonly Rule[] = [...ISOLATION, ...FUNCTIONS, ...ROLE_RULES, ...PRIVILEGES, ...GRANTS, ...APPEND_ONLY_RULES, ...GUARD_RULES, ...CONTENTS];

/**
 * Names everything in the database that breaks a rule and may not; nothing where all is well.
 *
 * Reads pg_catalog alone, so that any login can ask.
 *
 * @param client gets an empty search_path, so that Postgres writes every name in full
 */
export async function judgeCatalogue(client: ClientBase): Promise<readonly Finding[]> {
  await client.query("SET search_path = ''");
  const found: Finding[] = [];
  for (const { id, offenders, values = [] } of RULES) {
    const { rows } = await client.query<Omit<Finding, 'rule'>>(`${offenders} ORDER BY object, why`, [...values]);
    found.push(...rows.map(({ object, why }) => ({ rule: id, object, why })));
  }
  return [
    ...found.filter((finding) => !EXCEPTIONS.some((exception) => isAbout(exception, finding))),
    ...EXCEPTIONS.filter((exception) => !found.some((finding) => isAbout(exception, finding))).map(({ rule, object }) => (
      { rule: 'exceptions-are-used', object, why: `an exception from ${rule} that nothing needs` }
    )),
  ];
}

function isAbout(exception: Exception, { rule, object }: Finding): boolean {
  return exception.rule === rule && exception.object === object;
}
