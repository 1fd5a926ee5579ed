import { DESCRIBED } from './relations.ts';

const OPTION = "CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END";
const GRANTEE = "CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(g.grantee)::text END";
/** What an owner has by owning is not said again. */
const GRANTED = (acl: string, owner: string) => `aclexplode(${acl}) AS g WHERE g.grantee <> ${owner}`;

/** Grants by the object that they are on: all privileges of one role in one statement, those on columns with the columns. */
export const GRANTS = `SELECT relation, line FROM (
    SELECT relation, 0 AS kind, format('GRANT %s ON %s TO %s%s;', string_agg(privilege, ', ' ORDER BY privilege COLLATE "C"), target, grantee, option) AS line FROM (
      SELECT format('%I.%I', n.nspname, c.relname) AS relation, format('%I.%I', n.nspname, c.relname) AS target, ${GRANTEE} AS grantee, g.privilege_type AS privilege, ${OPTION} AS option
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED}, ${GRANTED('c.relacl', 'c.relowner')}
      UNION ALL
      SELECT format('%I.%I', n.nspname, c.relname), format('%I.%I', n.nspname, c.relname), ${GRANTEE},
        format('%s (%s)', g.privilege_type, string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum)), ${OPTION}
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND ${DESCRIBED} JOIN pg_attribute a ON a.attrelid = c.oid, ${GRANTED('a.attacl', 'c.relowner')}
      GROUP BY n.nspname, c.relname, g.grantee, g.privilege_type, g.is_grantable
      UNION ALL
      SELECT p.oid::regprocedure::text, 'ROUTINE ' || p.oid::regprocedure, ${GRANTEE}, g.privilege_type, ${OPTION}
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND ${DESCRIBED}, ${GRANTED("coalesce(p.proacl, acldefault('f', p.proowner))", 'p.proowner')}
      UNION ALL
      SELECT 'SCHEMA ' || n.nspname, 'SCHEMA ' || n.nspname, ${GRANTEE}, g.privilege_type, ${OPTION}
      FROM pg_namespace n, ${GRANTED('n.nspacl', 'n.nspowner')} AND ${DESCRIBED}
    ) granted GROUP BY relation, target, grantee, option
  ) lines ORDER BY relation COLLATE "C", line COLLATE "C"`;

/** Schemas, in order. */
export const SCHEMAS = `SELECT 'SCHEMA ' || n.nspname AS relation, format('CREATE SCHEMA %I AUTHORIZATION %I;', n.nspname, pg_get_userbyid(n.nspowner)) AS line
  FROM pg_namespace n WHERE ${DESCRIBED} ORDER BY n.nspname`;

/** What is granted on whatever the service's roles make later: no statement says it whole, so it stands as Postgres keeps it. */
export const DEFAULTS = `SELECT '' AS relation, format('-- Default privileges of %I%s, on %s: %s', pg_get_userbyid(a.defaclrole),
    ' in schema ' || (SELECT nspname FROM pg_namespace WHERE oid = a.defaclnamespace),
    CASE a.defaclobjtype WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' ELSE 'schemas' END, a.defaclacl::text) AS line
  FROM pg_default_acl a WHERE pg_get_userbyid(a.defaclrole) LIKE 'halton%' ORDER BY line`;
