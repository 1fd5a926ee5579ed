import type { Pool } from 'pg';
import type { LoginName } from '../../../db/roles.ts';

/** Whose a row is: the workspace's, the organisation's or the user's that it names. */
export type Scope = 'workspace' | 'organisation' | 'user';

/** The logins that act for tenants. */
export const TENANT_LOGINS = ['halton_api_a', 'halton_jobs', 'halton_support'] as const satisfies readonly LoginName[];
export type TenantLogin = (typeof TENANT_LOGINS)[number];

/** A column, and what a login may do to it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  /** Part of a key that nothing else gives: two rows differ in it. */
  readonly key: boolean;
  /** The logins that may name it in an INSERT, and in an UPDATE. */
  readonly insert: readonly TenantLogin[];
  readonly update: readonly TenantLogin[];
  readonly select: readonly TenantLogin[];
}

/** A table in which rows of several tenants stand. */
export interface TenantTable {
  readonly name: string;
  readonly scope: Scope;
  /** The column that says whose a row is. */
  readonly owner: string;
  readonly columns: readonly Column[];
}

const TABLES = `
  WITH tenant AS (
    SELECT c.oid, c.relname AS name, (
      SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attname IN ('workspace_id', 'organisation_id', 'user_id')
      ORDER BY array_position('{workspace_id,organisation_id,user_id}'::name[], attname) LIMIT 1
    ) AS owner
    FROM pg_class c WHERE relnamespace = 'halton'::regnamespace AND relkind IN ('r', 'p')
  )
  SELECT t.name, replace(t.owner, '_id', '') AS scope, t.owner, jsonb_agg(jsonb_build_object(
      'name', attname, 'type', format_type(atttypid, NULL),
      'key', attname <> t.owner
        AND EXISTS (SELECT FROM pg_index WHERE indrelid = t.oid AND indisunique AND attnum = ANY (indkey))
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = t.oid AND contype = 'f' AND attnum = ANY (conkey)),
      'insert', ARRAY(SELECT login FROM unnest($1::name[]) AS login WHERE has_column_privilege(login, t.oid, attnum, 'INSERT')),
      'update', ARRAY(SELECT login FROM unnest($1::name[]) AS login WHERE has_column_privilege(login, t.oid, attnum, 'UPDATE')),
      'select', ARRAY(SELECT login FROM unnest($1::name[]) AS login WHERE has_column_privilege(login, t.oid, attnum, 'SELECT'))
    ) ORDER BY attnum) AS columns
  FROM tenant t JOIN pg_attribute ON attrelid = t.oid AND attnum > 0 AND NOT attisdropped
  WHERE t.owner IS NOT NULL
  GROUP BY t.name, t.owner ORDER BY t.name`;

/** Every table that has tenants' rows, as the catalogue of the database tells: a table that comes later is among them. */
export async function readTables(superuser: Pool): Promise<readonly TenantTable[]> {
  return (await superuser.query<TenantTable>(TABLES, [TENANT_LOGINS])).rows;
}

/** A row as JSON has it. */
export type Row = Readonly<Record<string, unknown>>;

/** One row of each owner in this table, by owner. */
export async function readSeeds(superuser: Pool, { name, owner }: TenantTable): Promise<ReadonlyMap<string, Row>> {
  const { rows } = await superuser.query<{ owner: string; row: Row }>(`SELECT DISTINCT ON (${owner}) ${owner}::text AS owner, to_jsonb(t) AS row FROM halton.${name} t WHERE ${owner} IS NOT NULL ORDER BY ${owner}, t::text`);
  return new Map(rows.map(({ owner: id, row }) => [id, row]));
}
