import pg from 'pg';
import type { ClientBase, DatabaseError, QueryResult } from 'pg';
import { errorCode } from '../../../db/errors.ts';
import { inTransaction } from '../../../db/transaction.ts';
import type { Binding } from '../../../db/transaction.ts';
import { ACTIONS } from './actions.ts';
import type { Action } from './actions.ts';
import type { Row, TenantLogin, TenantTable } from './tables.ts';
import { bindingFor, fingerprints, ownerIn, restore } from './world.ts';
import type { Acting, Fingerprints, World } from './world.ts';

/** Somebody reaches for rows of somebody else, or of everybody. */
export interface Operation {
  readonly login: TenantLogin;
  readonly acting: Acting;
  readonly victim: number;
  readonly table: string;
  readonly action: string;
}

/** How operations ended: in own rows, in none, or with an SQLSTATE. */
export type Tally = Map<string, number>;

/** Rows that a user sees of every workspace and organisation, since they tell which there are to choose from. */
const OF_THE_USER = new Set(['members', 'organisation_admins']);

/**
 * Does one operation, and looks at what it found, what it said and what became of everybody's rows.
 *
 * @param before the state before, of which nothing but the own may have changed @returns the state after
 * @throws Error where anything of another tenant was seen or touched
 */
export async function operate(world: World, operation: Operation, before: Fingerprints, tally: Tally): Promise<Fingerprints> {
  const table = found(world.tables, operation.table);
  const action = found(ACTIONS, operation.action);
  const binding = bindingFor(world, operation.acting);
  const own = ownerIn(table.scope, binding);
  const theirBinding = bindingFor(world, operation.victim);
  const victim = ownerIn(table.scope, theirBinding);
  const theirs = world.seeds.get(table.name)?.get(victim);
  if (theirs === undefined) throw new Error(`Expected a row of every tenant in ${table.name}.`);

  const statement = action.statement({ login: operation.login, table, own, victim, victimWorkspace: ownerIn('workspace', theirBinding), theirs });
  const outcome = await send(world, operation, binding, statement).catch((error: DatabaseError) => error);
  const seen = outcome instanceof Error ? seenInError(world, action, table, outcome, binding) : seenInResult(action, outcome, table, own === victim, (row) => isOwn(table, row, own, binding));
  if (!(outcome instanceof Error) && outcome.command === 'COPY' && (outcome.rowCount ?? 0) > (await countOwn(world, table, own, binding))) seen.push(`copied ${outcome.rowCount} rows`);
  const after = await fingerprints(world);
  const touched = [...new Set([...before.keys(), ...after.keys()])].filter((owner) => before.get(owner) !== after.get(owner) && !isBound(owner, binding));
  if (touched.length > 0) seen.push(`changed what belongs to ${touched.join(', ')}`);
  if (seen.length > 0) throw new Error(`${JSON.stringify({ ...operation, statement })} ${seen.join('; ')}`);

  const ended = outcome instanceof Error ? errorCode(outcome) : (outcome.rowCount ?? 0) > 0 ? 'own rows' : 'no rows';
  const line = `${operation.login}, ${action.name}: ${ended}`;
  tally.set(line, (tally.get(line) ?? 0) + 1);
  if (action.deletes !== true || ended !== 'own rows') return after;
  await restore(world, table);
  return fingerprints(world);
}

function found<T extends { readonly name: string }>(among: readonly T[], name: string): T {
  const one = among.find((item) => item.name === name);
  if (one === undefined) throw new Error(`Expected ${name} to be there.`);
  return one;
}

async function send({ pools }: World, { login, acting }: Operation, binding: Binding, { text, values }: { readonly text: string; readonly values?: readonly unknown[] }): Promise<QueryResult<Row>> {
  const run = async (client: ClientBase) => {
    // Several statements at once answer several times; the last one is the one that reads.
    const results = await (values === undefined ? client.query<Row>(text) : client.query<Row>(text, [...values]));
    return Array.isArray(results) ? (results as QueryResult<Row>[]).at(-1) as QueryResult<Row> : results;
  };
  if (acting !== 'never bound') return inTransaction(pools[login], binding, run);
  const client = new pg.Client(pools[login].options);
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

const isOwn = ({ name, owner }: TenantTable, row: Row, own: string, { userId }: Binding) => row[owner] === own || (OF_THE_USER.has(name) && row['user_id'] === userId);
const isBound = (owner: string, { workspaceId, organisationId, userId }: Binding) => [`workspace:${workspaceId}`, `organisation:${organisationId}`, `user:${userId}`].includes(owner);

/** What is copied out goes past the result, which tells its number alone. */
async function countOwn({ superuser }: World, table: TenantTable, own: string, { userId = '' }: Binding): Promise<number> {
  const ofTheUser = OF_THE_USER.has(table.name) ? 'OR user_id = $2' : 'AND $2 = $2';
  const { rows } = await superuser.query<{ count: number }>(`SELECT count(*)::int FROM halton.${table.name} WHERE ${table.owner}::text = $1 ${ofTheUser}`, [own, userId]);
  return rows[0]?.count ?? 0;
}

function seenInResult({ finds = 'own', names }: Action, { rows, rowCount, command }: QueryResult<Row>, table: TenantTable, reachesForOwn: boolean, own: (row: Row) => boolean): string[] {
  const seen: string[] = [];
  if (finds === 'nothing') seen.push(...(rows.length > 0 ? [`found ${rows.length} rows`] : []));
  if (finds === 'own') {
    const strange = rows.filter((row) => !own(row));
    if (strange.length > 0) seen.push(`read ${strange.length} rows that are not own in ${table.name}`);
  }
  if (names && !reachesForOwn && (command === 'UPDATE' || command === 'DELETE') && rowCount !== 0) seen.push(`${command} of ${rowCount} rows of somebody else`);
  return seen;
}

/** An error that says an id which the statement did not. */
function seenInError({ tenants }: World, { tells }: Action, { name }: TenantTable, { message, detail = '', hint = '', where = '' }: DatabaseError, { workspaceId }: Binding): string[] {
  if (tells === true || OF_THE_USER.has(name)) return [];
  const said = `${message} ${detail} ${hint} ${where}`;
  const others = tenants.filter((tenant) => tenant.workspaceId !== workspaceId);
  return others.flatMap((tenant) => [tenant.workspaceId, tenant.organisationId]).filter((id) => said.includes(id)).map((id) => `was told ${id}: ${said}`);
}
