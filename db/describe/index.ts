import type { ClientBase } from 'pg';
import { ROUTINES, UNDESCRIBED } from './functions.ts';
import { DEFAULTS, GRANTS, SCHEMAS } from './grants.ts';
import { ELEMENTS, STATEMENTS, VIEWS } from './relations.ts';

interface Line {
  readonly relation: string;
  readonly line: string;
}

const HEAD = `-- What db/migrations make, as Postgres tells it: to be read, and compared after a change. Nothing runs it; it stands in
-- the order of names, roles are those of db/roles.ts, and what an owner has by owning is left out.
-- Written by \`npm run docs\`.`;

/**
 * Writes down the schema of a database in SQL, the same for the same schema, whenever and however it was made.
 *
 * @param client gets an empty search_path, so that Postgres writes every name in full
 * @throws Error naming what it cannot describe
 */
export async function describeSchema(client: ClientBase): Promise<string> {
  await client.query("SET search_path = ''");
  const { rows: undescribed } = await client.query<{ object: string }>(UNDESCRIBED);
  if (undescribed.length > 0) throw new Error(`Got ${undescribed.map(({ object }) => object).join(', ')}, expected tables, views and routines alone. Describe it in db/describe/.`);

  const grants = await read(client, GRANTS);
  const withGrants = async (query: string) => (await read(client, query)).map(({ relation, line }) => [line, ...linesOf(grants, relation)].join('\n'));
  const elements = await read(client, ELEMENTS);
  const statements = await read(client, STATEMENTS);
  const tables = [...new Set(statements.map(({ relation }) => relation))].map((table) => [
    `CREATE TABLE ${table} (\n  ${linesOf(elements, table).join(',\n  ')}\n);`,
    ...linesOf(statements, table),
    ...linesOf(grants, table),
  ].join('\n'));
  const defaults = (await read(client, DEFAULTS)).map(({ line }) => line).join('\n');
  return `${[HEAD, ...(await withGrants(SCHEMAS)), defaults, ...tables, ...(await withGrants(VIEWS)), ...(await withGrants(ROUTINES))].join('\n\n')}\n`;
}

async function read(client: ClientBase, query: string): Promise<readonly Line[]> {
  return (await client.query<Line>(query)).rows;
}

function linesOf(lines: readonly Line[], wanted: string): readonly string[] {
  return lines.filter(({ relation }) => relation === wanted).map(({ line }) => line);
}
