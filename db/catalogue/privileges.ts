import { OWNER_ROLE } from '../roles.ts';
import { ours, TABLES } from './rule.ts';
import type { Rule } from './rule.ts';

/** Who can do what goes by grants that somebody wrote down. */
export const PRIVILEGES: readonly Rule[] = [
  {
    id: 'public-has-nothing',
    says: 'PUBLIC has no privilege on the database, nor on any schema, relation, column, function or type.',
    // A table's row type and an array have no privileges of their own.
    offenders: `SELECT kind || ' ' || name AS object, 'PUBLIC has ' || string_agg(DISTINCT privilege_type, ', ') AS why FROM (
        SELECT 'database' AS kind, format('%I', datname) AS name, coalesce(datacl, acldefault('d', datdba)) AS acl FROM pg_database WHERE datname = current_database()
        UNION ALL
        SELECT 'schema', format('%I', nspname), coalesce(nspacl, acldefault('n', nspowner)) FROM pg_namespace n WHERE ${ours('nspname', 'n.oid', 'pg_namespace')}
        UNION ALL
        SELECT 'relation', format('%I.%I', nspname, relname), coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE ${ours('nspname', 'c.oid', 'pg_class')}
        UNION ALL
        SELECT 'column', format('%I.%I.%I', nspname, relname, attname), attacl
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE ${ours('nspname', 'c.oid', 'pg_class')}
        UNION ALL
        SELECT 'function', p.oid::regprocedure::text, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE ${ours('nspname', 'p.oid', 'pg_proc')}
        UNION ALL
        SELECT 'type', format('%I.%I', nspname, typname), coalesce(typacl, acldefault('T', typowner)) FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace
        WHERE typelem = 0 AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = typrelid AND c.relkind <> 'c') AND ${ours('nspname', 't.oid', 'pg_type')}
      ) objects, aclexplode(acl)
      WHERE grantee = 0 GROUP BY kind, name`,
  },
  {
    id: 'default-privileges-are-closed',
    says: 'Functions and types that the owner makes are for nobody else until they are granted.',
    offenders: `SELECT format('%s of %I', wanted.kind, $1::text) AS object, 'PUBLIC may use what will be made' AS why
      FROM (VALUES ('functions', 'f'::"char"), ('types', 'T'::"char")) AS wanted (kind, objtype)
      WHERE NOT EXISTS (
        SELECT FROM pg_default_acl a JOIN pg_roles r ON r.oid = a.defaclrole
        WHERE r.rolname = $1 AND a.defaclnamespace = 0 AND a.defaclobjtype = wanted.objtype
          AND NOT EXISTS (SELECT FROM aclexplode(a.defaclacl) WHERE grantee = 0))`,
    values: [OWNER_ROLE],
  },
  {
    id: 'nobody-truncates',
    says: 'Nobody but its owner may empty a table, hook into it or refer to it.',
    offenders: `WITH ${TABLES} SELECT name AS object, coalesce(r.rolname, 'PUBLIC') || ' has ' || string_agg(DISTINCT privilege_type, ', ') AS why
      FROM tables, aclexplode(acl) LEFT JOIN pg_roles r ON r.oid = grantee
      WHERE privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES') AND grantee <> owner GROUP BY name, r.rolname`,
  },
];
