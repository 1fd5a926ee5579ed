import { ours } from './rule.ts';
import type { Rule } from './rule.ts';

/** Who may do what to which table, beside its owner: said a second time, so that a migration cannot grant more unnoticed. */
const TABLE_GRANTS: readonly (readonly [table: string, role: string, privileges: string])[] = [
  ['halton.api_keys', 'halton_api', 'INSERT (created_by, key_id, name, secret_hash, workspace_id), SELECT, UPDATE (revoked_at, revoked_by)'],
  ['halton.api_keys', 'halton_purger', 'DELETE, SELECT'],
  ['halton.api_keys', 'halton_support', 'SELECT (created_at, created_by, key_id, name, revoked_at, revoked_by, workspace_id)'],
  ['halton.audit_heads', 'halton_api', 'SELECT'],
  ['halton.audit_heads', 'halton_auditor', 'INSERT, SELECT, UPDATE'],
  ['halton.audit_heads', 'halton_jobs', 'SELECT'],
  ['halton.audit_heads', 'halton_purger', 'DELETE, SELECT, UPDATE (workspace_id)'],
  ['halton.audit_heads', 'halton_support', 'SELECT'],
  ['halton.audit_heads', 'rds_pgaudit', 'DELETE'],
  ['halton.audit_log', 'halton_api', 'SELECT'],
  ['halton.audit_log', 'halton_auditor', 'INSERT, SELECT'],
  ['halton.audit_log', 'halton_jobs', 'SELECT'],
  ['halton.audit_log', 'halton_purger', 'DELETE, SELECT'],
  ['halton.audit_log', 'halton_support', 'SELECT'],
  ['halton.audit_log', 'rds_pgaudit', 'DELETE, UPDATE'],
  ['halton.billing_events', 'halton_api', 'INSERT (amount_minor, currency, event_id, kind, occurred_at, plan, seats, workspace_id), SELECT'],
  ['halton.billing_events', 'halton_purger', 'DELETE, SELECT'],
  ['halton.billing_events', 'halton_support', 'SELECT'],
  ['halton.billing_events', 'rds_pgaudit', 'DELETE, UPDATE'],
  ['halton.checkout_consent_records', 'halton_api', 'INSERT (ip, period, plan, user_agent, user_id, wording_hash), SELECT'],
  ['halton.checkout_consent_records', 'rds_pgaudit', 'DELETE, UPDATE'],
  ['halton.devices', 'halton_api', 'SELECT, UPDATE (revoked_at, revoked_by)'],
  ['halton.devices', 'halton_pairing', 'INSERT'],
  ['halton.devices', 'halton_purger', 'DELETE, SELECT'],
  ['halton.devices', 'halton_support', 'SELECT (device_id, machine_id, name, paired_at, paired_by, revoked_at, revoked_by, workspace_id)'],
  ['halton.idempotency_keys', 'halton_api', 'INSERT (idempotency_key, request_hash, response, status, workspace_id), SELECT'],
  ['halton.idempotency_keys', 'halton_purger', 'DELETE, SELECT'],
  ['halton.invitations', 'halton_api', 'INSERT (email, expires_at, invitation_id, invited_by, role, token_hash, workspace_id), SELECT, UPDATE (accepted_at, accepted_by, revoked_at)'],
  ['halton.invitations', 'halton_purger', 'DELETE, SELECT'],
  ['halton.members', 'halton_api', 'DELETE, INSERT (role, user_id, workspace_id), SELECT, UPDATE (role)'],
  ['halton.members', 'halton_purger', 'DELETE, SELECT'],
  ['halton.members', 'halton_support', 'SELECT'],
  ['halton.organisation_admins', 'halton_api', 'SELECT'],
  ['halton.organisations', 'halton_api', 'INSERT (name, organisation_id), SELECT'],
  ['halton.organisations', 'halton_purger', 'DELETE, SELECT (organisation_id)'],
  ['halton.pairings', 'halton_pairing', 'DELETE, INSERT, SELECT, UPDATE'],
  ['halton.pairings', 'halton_purger', 'DELETE, SELECT'],
  ['halton.plans', 'halton_api', 'SELECT'],
  ['halton.plans', 'halton_auditor', 'SELECT'],
  ['halton.plans', 'halton_jobs', 'SELECT'],
  ['halton.plans', 'halton_support', 'SELECT'],
  ['halton.policies', 'halton_api', 'DELETE, INSERT (enabled, kind, policy_id, settings, updated_by, workspace_id), SELECT, UPDATE (enabled, settings, updated_at, updated_by)'],
  ['halton.policies', 'halton_purger', 'DELETE, SELECT'],
  ['halton.policies', 'halton_support', 'SELECT'],
  ['halton.pricing_overrides', 'halton_api', 'DELETE, INSERT (cached_rate, effective_from, input_rate, model, output_rate, override_id, provider, updated_by, workspace_id), SELECT, UPDATE (cached_rate, effective_from, input_rate, output_rate, updated_at, updated_by)'],
  ['halton.pricing_overrides', 'halton_purger', 'DELETE, SELECT'],
  ['halton.pricing_overrides', 'halton_support', 'SELECT'],
  ['halton.projects', 'halton_api', 'INSERT (name, project_id, workspace_id), SELECT, UPDATE (archived_at, name)'],
  ['halton.projects', 'halton_purger', 'DELETE, SELECT'],
  ['halton.projects', 'halton_support', 'SELECT'],
  ['halton.prompt_views', 'halton_api', 'INSERT (client_ip, consent_grant_id, reason, request_id, subject_user_id, user_agent, viewer_user_id, workspace_id), SELECT'],
  ['halton.prompt_views', 'halton_purger', 'DELETE, SELECT'],
  ['halton.prompt_views', 'rds_pgaudit', 'DELETE, UPDATE'],
  ['halton.request_bodies', 'halton_api', 'INSERT (request_id, sealed, workspace_id), SELECT, UPDATE (sealed, stored_at)'],
  ['halton.request_bodies', 'halton_jobs', 'SELECT, UPDATE (sealed)'],
  ['halton.request_bodies', 'halton_purger', 'DELETE, SELECT'],
  ['halton.requests', 'halton_aggregator', 'SELECT (cached_tokens, cost_usd, input_tokens, latency_ms, model, occurred_at, output_tokens, provider, workspace_id)'],
  ['halton.requests', 'halton_api', 'INSERT (cached_tokens, cost_usd, device_id, input_tokens, latency_ms, model, occurred_at, output_tokens, project_id, provider, redaction_applied, request_id, user_id, workspace_id), SELECT, UPDATE (redaction_applied)'],
  ['halton.requests', 'halton_purger', 'DELETE, SELECT, UPDATE (workspace_id)'],
  ['halton.requests', 'halton_support', 'SELECT'],
  ['halton.schema_versions', 'halton_analytics', 'SELECT'],
  ['halton.schema_versions', 'halton_api', 'SELECT'],
  ['halton.schema_versions', 'halton_jobs', 'SELECT'],
  ['halton.schema_versions', 'halton_support', 'SELECT'],
  ['halton.service_settings', 'halton_api', 'SELECT'],
  ['halton.service_settings', 'halton_auditor', 'SELECT'],
  ['halton.service_settings', 'halton_support', 'SELECT'],
  ['halton.siem_outbox', 'halton_auditor', 'INSERT, SELECT'],
  ['halton.siem_outbox', 'halton_jobs', 'DELETE, SELECT'],
  ['halton.siem_outbox', 'halton_purger', 'DELETE, SELECT'],
  ['halton.support_grants', 'halton_api', 'INSERT (expires_at, grant_id, granted_by, support_email, workspace_id), SELECT, UPDATE (revoked_at, revoked_by)'],
  ['halton.support_grants', 'halton_auditor', 'SELECT'],
  ['halton.support_grants', 'halton_purger', 'DELETE, SELECT'],
  ['halton.support_uses', 'halton_api', 'SELECT'],
  ['halton.support_uses', 'halton_auditor', 'INSERT, SELECT'],
  ['halton.support_uses', 'halton_purger', 'DELETE, SELECT'],
  ['halton.workspace_tombstones', 'halton_purger', 'INSERT, SELECT, UPDATE'],
  ['halton.workspaces', 'halton_api', 'INSERT (body_sync, name, organisation_id, plan, retention_days, seats, siem_stream, time_zone, workspace_id), SELECT, UPDATE (body_sync, deletion_requested_at, deletion_requested_by, name, plan, retention_days, seats, siem_stream, time_zone)'],
  ['halton.workspaces', 'halton_auditor', 'SELECT (plan, siem_stream, workspace_id)'],
  ['halton.workspaces', 'halton_jobs', 'SELECT'],
  ['halton.workspaces', 'halton_pairing', 'SELECT (deletion_requested_at, workspace_id)'],
  ['halton.workspaces', 'halton_purger', 'DELETE, SELECT, UPDATE (purge_begun_at)'],
  ['halton.workspaces', 'halton_support', 'SELECT'],
  ['halton_analytics.last_30_days', 'halton_analytics', 'SELECT'],
];

/** Who may call which function, beside its owner; a function that is not named is for nobody else. */
const CALLERS: Readonly<Record<string, string>> = {
  'halton.approve_pairing(bytea,text)': 'halton_api',
  'halton.audit_append(text,text,text,text,text)': 'halton_api halton_jobs halton_purger',
  'halton.audit_field(text)': 'halton_api halton_auditor halton_jobs',
  'halton.audit_genesis(uuid)': 'halton_api halton_auditor halton_jobs',
  'halton.audit_hash(uuid,bigint,bytea,timestamp with time zone,text,text,text,text,text)': 'halton_api halton_auditor halton_jobs',
  'halton.begin_purge(uuid)': 'halton_jobs',
  'halton.bound_organisation()': 'halton_aggregator halton_api halton_auditor halton_jobs halton_pairing halton_purger halton_support',
  'halton.bound_support_email()': 'halton_aggregator halton_api halton_auditor halton_jobs halton_pairing halton_purger halton_support',
  'halton.bound_user()': 'halton_aggregator halton_api halton_auditor halton_jobs halton_pairing halton_purger halton_support',
  'halton.bound_workspace()': 'halton_aggregator halton_api halton_auditor halton_jobs halton_pairing halton_purger halton_support',
  'halton.claim_pairing(bytea,uuid,bytea)': 'halton_api',
  'halton.due_workspaces()': 'halton_jobs',
  'halton.enter_support()': 'halton_support',
  'halton.expire_requests(uuid,integer)': 'halton_jobs',
  'halton.import_tombstone(bytea,timestamp with time zone,timestamp with time zone)': 'halton_migrator',
  'halton.is_due(uuid)': 'halton_purger',
  'halton.purge_batch(uuid,integer)': 'halton_jobs',
  'halton.purged_tables()': 'halton_purger',
  'halton.settle_tombstones()': 'halton_migrator',
  'halton.start_pairing(bytea,bytea,text,text)': 'halton_api',
  'halton.stuck_purges()': 'halton_jobs',
  'halton.support_is_in()': 'halton_support',
  'halton.tombstone_handed_over(uuid)': 'halton_jobs',
  'halton.tombstone_hash(uuid)': 'halton_purger',
  'halton.usage_by_day(date,date)': 'halton_analytics',
  'halton.verify_audit(bigint,bytea)': 'halton_api halton_jobs',
  'halton.workspace_ids()': 'halton_jobs',
  'halton.workspace_is_writable()': 'halton_api halton_jobs halton_pairing',
};

/** `SELECT, UPDATE (a, b)` as one line a privilege and column, of which a table's own has none. */
const grants = TABLE_GRANTS.flatMap(([table, role, privileges]) => Array.from(privileges.matchAll(/([A-Z]+)(?: \(([^)]*)\))?/g), ([, privilege = '', columns = '']) => (
  columns.split(', ').map((column) => `${table} ${role} ${privilege} ${column}`)
)).flat());
const calls = Object.entries(CALLERS).flatMap(([name, callers]) => callers.split(' ').map((caller) => `${name} ${caller}`));

/** Nobody has more than is written down twice. PUBLIC, and what takes a whole table, have rules of their own. */
export const GRANTS: readonly Rule[] = [
  {
    id: 'tables-are-granted-as-said',
    says: 'Nobody has a privilege on a table, a view or a column that db/catalogue/grants.ts does not say.',
    offenders: `SELECT held.relation || CASE held.column WHEN '' THEN '' ELSE '.' || held.column END AS object, format('%I has %s', role, privilege) AS why FROM (
        SELECT format('%I.%I', nspname, relname) AS relation, '' AS column, r.rolname AS role, privilege_type AS privilege
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace, aclexplode(relacl) JOIN pg_roles r ON r.oid = grantee
        WHERE grantee <> relowner AND relkind <> 'S' AND ${ours('nspname', 'c.oid', 'pg_class')}
        UNION ALL
        SELECT format('%I.%I', nspname, relname), attname, r.rolname, privilege_type
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute a ON attrelid = c.oid, aclexplode(attacl) JOIN pg_roles r ON r.oid = grantee
        WHERE grantee <> relowner AND ${ours('nspname', 'c.oid', 'pg_class')}
      ) AS held
      WHERE privilege NOT IN ('TRUNCATE', 'TRIGGER', 'REFERENCES') AND format('%s %s %s %s', held.relation, role, privilege, held.column) <> ALL ($1)`,
    values: [grants],
  },
  {
    id: 'functions-are-granted-as-said',
    says: 'Nobody calls a function, beside its owner, whom db/catalogue/grants.ts does not name as its caller.',
    offenders: `SELECT p.oid::regprocedure::text AS object, format('%I may call it', r.rolname) AS why
      FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace, aclexplode(proacl) JOIN pg_roles r ON r.oid = grantee
      WHERE grantee <> proowner AND ${ours('nspname', 'p.oid', 'pg_proc')} AND p.oid::regprocedure || ' ' || r.rolname <> ALL ($1)`,
    values: [calls],
  },
];
