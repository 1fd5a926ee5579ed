import { randomBytes, randomUUID } from 'node:crypto';
import type { Row, TenantLogin, TenantTable } from './tables.ts';

/** What somebody has at hand: a table, whom to reach for, and rows that somehow came to be known. */
export interface Attempt {
  readonly login: TenantLogin;
  readonly table: TenantTable;
  /** Id of the own workspace, organisation or user, whichever the table goes by; empty where nobody is acted for. */
  readonly own: string;
  /** The same of whom is reached for, and their workspace. */
  readonly victim: string;
  readonly victimWorkspace: string;
  readonly theirs: Row;
}

interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** A way to reach for rows. */
export interface Action {
  readonly name: string;
  /** What its rows are: the table's, which have to be own; none, since it has to be refused or find nothing; or not the table's @default 'own' */
  readonly finds?: 'own' | 'nothing' | 'other things';
  /** It names the other's rows, so that it may change none. */
  readonly names?: true;
  /** It says what it knows of the other's rows, so that an error may say it again. */
  readonly tells?: true;
  /** It may delete own rows. */
  readonly deletes?: true;
  readonly statement: (attempt: Attempt) => Statement;
}

const named = (table: TenantTable) => `halton.${table.name}`;
const columnsFor = ({ columns }: TenantTable, login: TenantLogin, privilege: 'insert' | 'select' | 'update') => {
  const allowed = columns.filter((column) => column[privilege].includes(login));
  return (allowed.length > 0 ? allowed : columns).map(({ name }) => name);
};
const selected = ({ table, login }: Attempt, alias = 't') => columnsFor(table, login, 'select').map((column) => `${alias}.${column}`).join(', ');

function insert({ table, login }: Attempt, row: Row, more = ''): Statement {
  const columns = columnsFor(table, login, 'insert').join(', ');
  return { text: `INSERT INTO ${named(table)} (${columns}) SELECT ${columns} FROM jsonb_populate_record(NULL::${named(table)}, $1) ${more}`, values: [JSON.stringify(row)] };
}

/** @param from a record to take the value from @default the row itself */
function update({ table, login }: Attempt, from = ''): string {
  const column = columnsFor(table, login, 'update')[0] ?? '';
  return `UPDATE ${named(table)} SET ${column} = ${from}${column}`;
}

/** The row with keys of its own. */
export function withNewKeys({ columns }: TenantTable, row: Row): Row {
  return { ...row, ...Object.fromEntries(columns.filter(({ key }) => key).map(({ name, type }) => [name, newKey(type)])) };
}

function newKey(type: string): unknown {
  if (type === 'uuid') return randomUUID();
  if (type === 'bytea') return `\\x${randomBytes(32).toString('hex')}`;
  if (type.startsWith('timestamp')) return new Date(Date.now() + Math.random() * 1e9).toISOString();
  return type === 'bigint' ? Math.floor(Math.random() * 1e9) : randomBytes(8).toString('hex');
}

const theirs = ({ table, victim }: Attempt, text: string, more = ''): Statement => ({ text: `${text} WHERE ${table.owner}::text = $1${more}`, values: [victim] });

/** Every way that is tried. */
export const ACTIONS: readonly Action[] = [
  { name: 'read everything', statement: (a) => ({ text: `SELECT ${selected(a)} FROM ${named(a.table)} t` }) },
  { name: 'read theirs', names: true, statement: (a) => theirs(a, `SELECT ${selected(a)} FROM ${named(a.table)} t`) },
  { name: 'read what is not own', statement: (a) => ({ text: `SELECT ${selected(a)} FROM ${named(a.table)} t WHERE ${a.table.owner}::text <> $1 OR true`, values: [a.own] }) },
  { name: 'join', statement: (a) => ({ text: `SELECT ${selected(a, 'b')} FROM ${named(a.table)} a RIGHT JOIN ${named(a.table)} b ON a.${a.table.owner} <> b.${a.table.owner}` }) },
  { name: 'join the workspaces', statement: (a) => ({ text: `SELECT ${selected(a, 'b')} FROM halton.workspaces w RIGHT JOIN ${named(a.table)} b ON w.workspace_id::text <> b.${a.table.owner}::text` }) },
  { name: 'unite', statement: (a) => ({ text: `SELECT ${selected(a)} FROM ${named(a.table)} t UNION ALL SELECT ${selected(a, 'u')} FROM ${named(a.table)} u` }) },
  { name: 'copy out', statement: (a) => ({ text: `COPY ${named(a.table)} (${columnsFor(a.table, a.login, 'select').join(', ')}) TO STDOUT` }) },
  { name: 'copy out what a query finds', statement: (a) => ({ text: `COPY (SELECT ${selected(a)} FROM ${named(a.table)} t) TO STDOUT` }) },
  { name: 'copy in', finds: 'nothing', statement: (a) => ({ text: `COPY ${named(a.table)} FROM STDIN` }) },
  { name: 'lock theirs', names: true, statement: (a) => theirs(a, `SELECT ${selected(a)} FROM ${named(a.table)} t`, ' FOR UPDATE') },
  { name: 'insert their row', tells: true, statement: (a) => insert(a, a.theirs) },
  { name: 'insert a row as theirs', tells: true, statement: (a) => insert(a, withNewKeys(a.table, a.theirs)) },
  { name: 'insert their row as own', tells: true, statement: (a) => insert(a, { ...a.theirs, [a.table.owner]: a.own }) },
  { name: 'insert a row as own that refers to theirs', tells: true, statement: (a) => insert(a, { ...withNewKeys(a.table, a.theirs), [a.table.owner]: a.own }) },
  { name: 'insert their row unless it is there', tells: true, statement: (a) => insert(a, a.theirs, 'ON CONFLICT DO NOTHING') },
  { name: 'insert their row and read it', tells: true, statement: (a) => insert(a, a.theirs, `RETURNING ${a.table.owner}`) },
  { name: 'update theirs', names: true, statement: (a) => theirs(a, update(a)) },
  { name: 'update everything', statement: (a) => ({ text: update(a) }) },
  // What reads no column is not bound by what may be read.
  { name: 'write over everything', tells: true, statement: (a) => ({ text: update(a, `(jsonb_populate_record(NULL::${named(a.table)}, $1)).`), values: [JSON.stringify(a.theirs)] }) },
  { name: 'give own rows to them', tells: true, statement: (a) => ({ text: `UPDATE ${named(a.table)} SET ${a.table.owner} = $1`, values: [a.victim] }) },
  { name: 'delete theirs', names: true, deletes: true, statement: (a) => theirs(a, `DELETE FROM ${named(a.table)}`) },
  { name: 'delete everything', deletes: true, statement: (a) => ({ text: `DELETE FROM ${named(a.table)}` }) },
  { name: 'delete by a join', deletes: true, statement: (a) => ({ text: `DELETE FROM ${named(a.table)} a USING ${named(a.table)} b WHERE a.${a.table.owner} <> b.${a.table.owner}` }) },
  { name: 'truncate', finds: 'nothing', statement: (a) => ({ text: `TRUNCATE ${named(a.table)} CASCADE` }) },
  { name: 'have an error tell a row', statement: (a) => ({ text: `SELECT FROM ${named(a.table)} t WHERE concat_ws(' ', ${selected(a)})::integer = 0` }) },
  { name: 'have statistics tell a row', finds: 'nothing', statement: (a) => ({ text: "SELECT most_common_vals::text AS told FROM pg_stats WHERE schemaname = 'halton' AND tablename = $1", values: [a.table.name] }) },
  { name: 'switch row-level security off', statement: (a) => ({ text: `SELECT set_config('row_security', 'off', true); SELECT ${selected(a)} FROM ${named(a.table)} t` }) },
  { name: 'become the owner', statement: (a) => ({ text: `SET ROLE halton_owner; SELECT ${selected(a)} FROM ${named(a.table)} t` }) },
  { name: 'become one who may more', statement: (a) => ({ text: `SET ROLE halton_purger; SELECT ${selected(a)} FROM ${named(a.table)} t` }) },
  { name: 'make a view', finds: 'nothing', statement: (a) => ({ text: `CREATE TEMPORARY VIEW seen AS SELECT ${selected(a)} FROM ${named(a.table)} t` }) },
  { name: 'read the view of analytics', finds: 'nothing', statement: () => ({ text: 'SELECT * FROM halton_analytics.last_30_days' }) },
  { name: 'sum up everybody', finds: 'nothing', statement: () => ({ text: "SELECT * FROM halton.usage_by_day('2000-01-01', '2100-01-01')" }) },
  { name: 'verify the audit log', finds: 'other things', statement: () => ({ text: 'SELECT entries FROM halton.verify_audit()' }) },
  { name: 'append to the audit log', finds: 'other things', statement: () => ({ text: "SELECT halton.audit_append('member', 'user_1', 'project.renamed', 'p', '{}')" }) },
  { name: 'enter as support', finds: 'other things', statement: () => ({ text: 'SELECT halton.enter_support()' }) },
  { name: 'purge theirs', finds: 'other things', statement: (a) => ({ text: 'SELECT halton.purge_batch($1, 100)', values: [a.victimWorkspace] }) },
  { name: 'begin to purge theirs', finds: 'nothing', statement: (a) => ({ text: 'SELECT halton.begin_purge($1)', values: [a.victimWorkspace] }) },
];
