// Queries that answer `relation`, by its full name, and one `line` of what makes it, in order. They want an empty
// search_path, under which Postgres writes every name in full.

/** The relations to describe: what the migrations make, without the books that are kept of them. */
export const DESCRIBED = "n.nspname IN ('halton', 'halton_analytics')";

const FROM_TABLES = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED} AND c.relkind = 'r'`;
const NAME = "format('%I.%I', n.nspname, c.relname)";

/** Columns, then constraints: what stands between the parentheses of CREATE TABLE. */
export const ELEMENTS = `SELECT relation, line FROM (
    SELECT ${NAME} AS relation, 0 AS kind, a.attnum::integer AS place, '' AS name,
      format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
      || CASE WHEN a.attcollation <> t.typcollation THEN format(' COLLATE %I', (SELECT collname FROM pg_collation WHERE oid = a.attcollation)) ELSE '' END
      || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
      || coalesce(CASE a.attgenerated WHEN '' THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) ELSE format(' GENERATED ALWAYS AS (%s) STORED', pg_get_expr(d.adbin, d.adrelid)) END, '') AS line
    ${FROM_TABLES} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    UNION ALL
    -- NOT NULL stands with its column: up to Postgres 17 it is no constraint of its own.
    SELECT ${NAME}, 1, strpos('puxfc', k.contype::text), k.conname, format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid))
    ${FROM_TABLES} JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype <> 'n' AND k.contype <> 't'
  ) elements ORDER BY relation COLLATE "C", kind, place, name COLLATE "C"`;

/** What is said of a table after it is made. */
export const STATEMENTS = `SELECT relation, line FROM (
    SELECT ${NAME} AS relation, 0 AS kind, '' AS name, format('ALTER TABLE %s OWNER TO %I;', ${NAME}, pg_get_userbyid(c.relowner)) AS line ${FROM_TABLES}
    UNION ALL
    SELECT ${NAME}, 1, '', format('ALTER TABLE %s %s ROW LEVEL SECURITY, %s ROW LEVEL SECURITY;', ${NAME},
      CASE WHEN c.relrowsecurity THEN 'ENABLE' ELSE 'DISABLE' END, CASE WHEN c.relforcerowsecurity THEN 'FORCE' ELSE 'NO FORCE' END) ${FROM_TABLES}
    UNION ALL
    SELECT ${NAME}, 2, c.reloptions::text, format('ALTER TABLE %s SET (%s);', ${NAME}, array_to_string(c.reloptions, ', ')) ${FROM_TABLES} AND c.reloptions IS NOT NULL
    UNION ALL
    SELECT ${NAME}, 2, a.attname, format('ALTER TABLE %s ALTER COLUMN %I SET STORAGE %s;', ${NAME}, a.attname,
      CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END)
    ${FROM_TABLES} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid AND t.typstorage <> a.attstorage
    UNION ALL
    SELECT ${NAME}, 3, i.relname, pg_get_indexdef(i.oid) || ';'
    ${FROM_TABLES} JOIN pg_index x ON x.indrelid = c.oid JOIN pg_class i ON i.oid = x.indexrelid WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.conrelid = c.oid)
    UNION ALL
    SELECT ${NAME}, 4, t.tgname, pg_get_triggerdef(t.oid) || ';' || CASE t.tgenabled WHEN 'O' THEN '' ELSE
      format(E'\\nALTER TABLE %s %s TRIGGER %I;', ${NAME}, CASE t.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'DISABLE' END, t.tgname) END
    ${FROM_TABLES} JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
    UNION ALL
    SELECT ${NAME}, 5, p.polname, format('CREATE POLICY %I ON %s%s%s TO %s', p.polname, ${NAME}, CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END,
        CASE p.polcmd WHEN '*' THEN '' WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' ELSE ' FOR DELETE' END,
        (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(role)::text END, ', ' ORDER BY pg_get_userbyid(role)::text COLLATE "C") FROM unnest(p.polroles) AS role))
      || coalesce(E'\\n  USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(E'\\n  WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') || ';'
    ${FROM_TABLES} JOIN pg_policy p ON p.polrelid = c.oid
  ) statements ORDER BY relation COLLATE "C", kind, name COLLATE "C", line COLLATE "C"`;

/** Views, each as the one statement that makes it and the one that gives it to its owner. */
export const VIEWS = `SELECT ${NAME} AS relation, format(E'CREATE VIEW %s%s AS\\n%s\\nALTER VIEW %s OWNER TO %I;', ${NAME},
      ' WITH (' || array_to_string(c.reloptions, ', ') || ')', pg_get_viewdef(c.oid), ${NAME}, pg_get_userbyid(c.relowner)) AS line
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED} AND c.relkind = 'v' ORDER BY n.nspname, c.relname`;
