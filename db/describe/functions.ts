import { DESCRIBED } from './relations.ts';

/** Functions and procedures by their full name and arguments, with the statement that makes each. */
export const ROUTINES = `SELECT p.oid::regprocedure::text COLLATE "C" AS relation,
    format(E'%s;\\nALTER ROUTINE %s OWNER TO %I;', rtrim(pg_get_functiondef(p.oid), E'\\n'), p.oid::regprocedure, pg_get_userbyid(p.proowner)) AS line
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND ${DESCRIBED} AND p.prokind IN ('f', 'p') ORDER BY relation`;

/** What of the described schemas no query here describes: nothing, as long as the migrations make none of it. */
export const UNDESCRIBED = `SELECT (kind || ' ' || name) COLLATE "C" AS object FROM (
    SELECT 'relation of kind ' || c.relkind::text AS kind, format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED} WHERE c.relkind NOT IN ('r', 'v', 'i') OR c.relispartition OR c.relpersistence <> 'p'
    UNION ALL
    SELECT 'type', format('%I.%I', n.nspname, t.typname) FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace AND ${DESCRIBED}
    WHERE t.typelem = 0 AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind IN ('r', 'v'))
    UNION ALL
    SELECT 'routine', p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND ${DESCRIBED} WHERE p.prokind NOT IN ('f', 'p')
    UNION ALL
    SELECT 'rule', format('%I on %I.%I', w.rulename, n.nspname, c.relname)
    FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED} WHERE w.rulename <> '_RETURN'
    UNION ALL
    SELECT 'statistics', format('%I.%I', n.nspname, s.stxname) FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace AND ${DESCRIBED}
    UNION ALL
    SELECT 'column with an identity', format('%I.%I.%I', n.nspname, c.relname, a.attname)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED} WHERE a.attidentity <> ''
  ) objects ORDER BY object`;
