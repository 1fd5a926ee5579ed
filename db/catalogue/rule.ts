/** A rule about the database, as the query that names what breaks it. */
export interface Rule {
  readonly id: string;
  /** One sentence that is true of a database that keeps it. */
  readonly says: string;
  /** A statement that reads pg_catalog alone and answers `object` and `why` of each thing that breaks the rule. */
  readonly offenders: string;
  /** What the statement's `$1` and so on stand for. @default none */
  readonly values?: readonly unknown[];
}

/** One thing that breaks a rule. */
export interface Finding {
  readonly rule: string;
  readonly object: string;
  readonly why: string;
}

/** The condition that something is neither Postgres' own nor brought by an extension; `oid` stands in `catalogue`. */
export function ours(schema: string, oid: string, catalogue: string): string {
  return `${schema} !~ '^pg_' AND ${schema} <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalogue}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;
}

/** Tables, partitions among them, by `oid` and `name`, and whether they carry the workspace's key: a part of a WITH. */
export const TABLES = `tables AS MATERIALIZED (
  SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, n.nspname AS schema, c.relname AS short_name, c.relowner AS owner,
    c.relrowsecurity AND c.relforcerowsecurity AS walled, c.relispartition AS is_partition, c.relacl AS acl,
    EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped) AS of_workspace
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND ${ours('n.nspname', 'c.oid', 'pg_class')}
)`;
