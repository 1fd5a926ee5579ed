import { ours, TABLES } from './rule.ts';
import type { Rule } from './rule.ts';

/** What refuses a change, as Postgres writes it down, beside what guards the append-only tables. */
const GUARDS = [
  'CREATE TRIGGER guard_begun_purge BEFORE INSERT OR UPDATE ON halton.workspaces FOR EACH ROW EXECUTE FUNCTION halton.guard_begun_purge()',
  'CREATE TRIGGER guard_deletion_request BEFORE UPDATE ON halton.workspaces FOR EACH ROW EXECUTE FUNCTION halton.guard_deletion_request()',
  'CREATE TRIGGER guard_support_window BEFORE INSERT ON halton.support_grants FOR EACH ROW EXECUTE FUNCTION halton.guard_support_window()',
  'CREATE TRIGGER keep_redaction BEFORE UPDATE ON halton.requests FOR EACH ROW WHEN ((old.redaction_applied AND (NOT new.redaction_applied))) EXECUTE FUNCTION halton.refuse_taking_back()',
  ...['halton.api_keys', 'halton.devices', 'halton.support_grants'].map((table) => `CREATE TRIGGER keep_revocation BEFORE UPDATE ON ${table} FOR EACH ROW WHEN (((old.revoked_at IS NOT NULL) AND ((old.revoked_at IS DISTINCT FROM new.revoked_at) OR (old.revoked_by IS DISTINCT FROM new.revoked_by)))) EXECUTE FUNCTION halton.refuse_taking_back()`),
];

/** Keys without which two entries could follow the same one. */
const CHAIN_KEYS = [['halton.audit_log', 'PRIMARY KEY (workspace_id, sequence)'], ['halton.audit_log', 'UNIQUE (workspace_id, previous_hash)'], ['halton.audit_heads', 'PRIMARY KEY (workspace_id)']] as const;

/** What tells whom a transaction acts for. */
const BINDINGS: Readonly<Record<string, string>> = {
  'halton.bound_organisation()': "RETURN (NULLIF(current_setting('halton.organisation_id'::text, true), ''::text))::uuid",
  'halton.bound_support_email()': "RETURN NULLIF(current_setting('halton.support_email'::text, true), ''::text)",
  'halton.bound_user()': "RETURN NULLIF(current_setting('halton.user_id'::text, true), ''::text)",
  'halton.bound_workspace()': "RETURN (NULLIF(current_setting('halton.workspace_id'::text, true), ''::text))::uuid",
};

const WRITABLE = '( SELECT halton.workspace_is_writable() AS workspace_is_writable)';

/** What the other rules rest on is there, and as it was made. */
export const GUARD_RULES: readonly Rule[] = [
  {
    id: 'guards-stand',
    says: 'Every trigger that refuses a change is there, by name, always enabled.',
    offenders: `SELECT split_part(guard, ' ', 3) || ' on ' || (regexp_match(guard, ' ON ([^ ]+)'))[1] AS object, 'it is missing, changed or off' AS why FROM unnest($1::text[]) AS guard
      WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND pg_get_triggerdef(t.oid) = guard)`,
    values: [GUARDS],
  },
  {
    id: 'chains-cannot-fork',
    says: 'Keys keep two entries of an audit log from having one sequence or following the same one.',
    offenders: `SELECT name AS object, 'it lacks ' || key AS why FROM unnest($1::text[], $2::text[]) AS wanted (name, key)
      WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = to_regclass(name) AND k.convalidated AND NOT k.condeferrable AND pg_get_constraintdef(k.oid) = key)`,
    values: [CHAIN_KEYS.map(([name]) => name), CHAIN_KEYS.map(([, key]) => key)],
  },
  {
    id: 'bindings-read-their-setting',
    says: 'The functions that tell whom a transaction acts for read its settings.',
    offenders: `SELECT name AS object, 'it answers something else' AS why FROM unnest($1::text[], $2::text[]) AS wanted (name, body)
      WHERE pg_get_function_sqlbody(to_regprocedure(name)) IS DISTINCT FROM body`,
    values: [Object.keys(BINDINGS), Object.values(BINDINGS)],
  },
  {
    id: 'grace-is-read-only',
    says: "Whatever the API and the jobs may write to a workspace's rows, a restrictive policy refuses while its deletion is awaited.",
    offenders: `WITH ${TABLES} SELECT format('%s %s %s', role, command, name) AS object, 'it is possible while a deletion is awaited' AS why
      FROM tables, unnest('{halton_api,halton_jobs}'::text[]) AS role, (VALUES ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) AS written (command, letter)
      WHERE of_workspace AND to_regrole(role) IS NOT NULL
        AND (has_table_privilege(role, tables.oid, command) OR (command <> 'DELETE' AND has_any_column_privilege(role, tables.oid, command)))
        AND NOT EXISTS (
          SELECT FROM pg_policy p WHERE p.polrelid = tables.oid AND NOT p.polpermissive AND p.polcmd::text IN (letter, '*') AND to_regrole(role)::oid = ANY (p.polroles)
            AND coalesce(pg_get_expr(p.polwithcheck, p.polrelid), pg_get_expr(p.polqual, p.polrelid)) = $1)`,
    values: [WRITABLE],
  },
  {
    id: 'tables-are-not-rewritten',
    says: 'No rule rewrites what is done to a table.',
    offenders: `SELECT format('%I on %I.%I', w.rulename, n.nspname, c.relname) AS object, 'something else is done than what was asked for' AS why
      FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE w.rulename <> '_RETURN' AND ${ours('n.nspname', 'c.oid', 'pg_class')}`,
  },
  {
    id: 'the-database-sets-nothing',
    says: 'The database has no settings of its own, for all of its sessions or for one login.',
    offenders: `SELECT coalesce(r.rolname, 'everybody') AS object, 'it starts with ' || array_to_string(s.setconfig, ', ') AS why
      FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase AND d.datname = current_database() LEFT JOIN pg_roles r ON r.oid = s.setrole`,
  },
];
