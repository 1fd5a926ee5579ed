import { FUNCTION_ROLES } from '../roles.ts';
import { ours } from './rule.ts';
import type { Rule } from './rule.ts';

/** What a caller has no influence on. */
const PINNED = ['search_path=pg_catalog', 'search_path=""'];

const DEFINERS = `FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner
  WHERE p.prosecdef AND ${ours('n.nspname', 'p.oid', 'pg_proc')}`;

/** Functions that act with another's rights do so for what they are made for. */
export const FUNCTIONS: readonly Rule[] = [
  {
    id: 'definers-pin-their-search-path',
    says: "Every SECURITY DEFINER function looks names up in pg_catalog alone, whatever its caller's search_path is.",
    offenders: `SELECT p.oid::regprocedure::text AS object, 'its search_path is ' || coalesce(array_to_string(p.proconfig, ', '), 'not set') AS why ${DEFINERS}
      AND NOT coalesce(p.proconfig, '{}') && $1::text[]`,
    values: [PINNED],
  },
  {
    id: 'definers-belong-to-function-roles',
    says: 'Every SECURITY DEFINER function belongs to a role that is there for such functions and cannot log in.',
    offenders: `SELECT p.oid::regprocedure::text AS object, format('it acts as %I', r.rolname) AS why ${DEFINERS} AND (r.rolcanlogin OR r.rolname <> ALL ($1))`,
    values: [FUNCTION_ROLES],
  },
  {
    id: 'triggers-fire-always',
    says: 'Every trigger fires also for a session that replays changes (session_replication_role).',
    offenders: `SELECT format('%I on %I.%I', t.tgname, n.nspname, c.relname) AS object, 'it is not ENABLE ALWAYS' AS why
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT t.tgisinternal AND t.tgenabled <> 'A' AND ${ours('n.nspname', 'c.oid', 'pg_class')}`,
  },
];
