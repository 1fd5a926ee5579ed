import { MEMBERSHIP_VALUES, STRAY_MEMBERSHIPS } from '../memberships.ts';
import { FUNCTION_ROLES, LOGIN_SETTINGS, LOGINS, NOINHERIT_ROLES, NOLOGIN_ROLES, OWNER_ROLE } from '../roles.ts';
import { ours } from './rule.ts';
import type { Rule } from './rule.ts';

const ROLES = [...NOLOGIN_ROLES, ...LOGINS];
const SETTINGS = LOGINS.flatMap((login) => Object.entries(LOGIN_SETTINGS[login]).map(([name, value]) => [login, name, value] as const));

/** Roles have no more than db/roles.ts says. */
export const ROLE_RULES: readonly Rule[] = [
  {
    id: 'roles-are-modest',
    says: 'Every role of the service is there with no attribute but the one that it is made with: owners cannot log in, and nobody passes over row-level security.',
    offenders: `SELECT name AS object, CASE WHEN r.oid IS NULL THEN 'it is missing' ELSE concat_ws(' ', 'it has',
          CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
          CASE WHEN r.rolreplication THEN 'REPLICATION' END, CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
          CASE WHEN r.rolcanlogin <> (name = ANY ($2)) THEN CASE WHEN r.rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END END,
          CASE WHEN r.rolconnlimit <> -1 THEN 'CONNECTION LIMIT' END,
          CASE WHEN r.rolinherit = (name = ANY ($3)) THEN CASE WHEN r.rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END END) END AS why
      FROM unnest($1::text[]) AS name LEFT JOIN pg_roles r ON r.rolname = name
      WHERE r.oid IS NULL OR r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
        OR r.rolcanlogin <> (name = ANY ($2)) OR r.rolinherit = (name = ANY ($3)) OR r.rolconnlimit <> -1`,
    values: [ROLES, LOGINS, NOINHERIT_ROLES],
  },
  {
    id: 'memberships-are-as-said',
    says: 'Nobody takes the part of another role of the service than db/roles.ts says.',
    offenders: `SELECT format('%I in %I', member, role) AS object, 'it is a member that nobody said' AS why FROM (${STRAY_MEMBERSHIPS}) AS stray`,
    values: MEMBERSHIP_VALUES,
  },
  {
    id: 'logins-start-with-their-settings',
    says: 'Every login starts with the settings of db/roles.ts, an empty search_path among them, and with no other.',
    // A login can change its own. pgaudit's is set where the server has loaded it.
    offenders: `WITH wanted AS (
        SELECT login, name || '=' || CASE WHEN name = 'search_path' AND value = '' THEN '""' ELSE value END AS setting FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (login, name, value)
      ), held AS (
        SELECT r.rolname AS login, unnest(s.setconfig) AS setting FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = 0 AND r.rolname = ANY ($1)
      )
      SELECT login AS object, CASE WHEN held.setting IS NULL THEN 'it starts without ' || wanted.setting ELSE 'it starts with ' || held.setting END AS why
      FROM wanted FULL JOIN held USING (login, setting)
      WHERE wanted.setting IS NULL AND held.setting <> 'pgaudit.log=none' OR held.setting IS NULL`,
    values: [SETTINGS.map(([login]) => login), SETTINGS.map(([, name]) => name), SETTINGS.map(([, , value]) => value)],
  },
  {
    id: 'logins-own-nothing',
    says: 'No login of the service owns anything.',
    offenders: `SELECT r.rolname AS object, 'it owns ' || pg_describe_object(s.classid, s.objid, s.objsubid) AS why
      FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid AND s.refclassid = 'pg_authid'::regclass
      WHERE s.deptype = 'o' AND s.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) AND r.rolname = ANY ($1)`,
    values: [LOGINS],
  },
  {
    id: 'objects-belong-to-the-owner',
    says: 'Every schema, relation, type and function belongs to the owner role, or, if it is a function, to a role for functions.',
    offenders: `SELECT kind || ' ' || name AS object, format('it belongs to %I', r.rolname) AS why FROM (
        SELECT 'schema' AS kind, format('%I', nspname) AS name, nspowner AS owner FROM pg_namespace n WHERE nspname <> 'public' AND ${ours('nspname', 'n.oid', 'pg_namespace')}
        UNION ALL
        SELECT 'relation', format('%I.%I', nspname, relname), relowner FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE ${ours('nspname', 'c.oid', 'pg_class')}
        UNION ALL
        SELECT 'type', format('%I.%I', nspname, typname), typowner FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE ${ours('nspname', 't.oid', 'pg_type')}
          -- The types of rows, and arrays of these, go with their relations, which stand above.
          AND typrelid = 0 AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typrelid <> 0)
        UNION ALL
        SELECT 'function', p.oid::regprocedure::text, proowner FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE ${ours('nspname', 'p.oid', 'pg_proc')}
      ) objects JOIN pg_roles r ON r.oid = owner
      WHERE r.rolname <> $1 AND NOT (kind = 'function' AND r.rolname = ANY ($2))`,
    values: [OWNER_ROLE, FUNCTION_ROLES],
  },
];
