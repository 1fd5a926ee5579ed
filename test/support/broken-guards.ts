/** A way to break what the walls rest on, and what the catalogue is to say of it. */
export type Broken = readonly [what: string, sql: string, findings: readonly string[]];

const inDatabase = (sql: string) => `DO $$ BEGIN EXECUTE format('${sql.replaceAll("'", "''")}', current_database()); END $$`;

/** Examples of broken guards, grants, policies and settings. */
export const BROKEN_GUARDS: readonly Broken[] = [
  ['an audit log that the API writes by itself', 'GRANT INSERT ON halton.audit_log TO halton_api', ['tables-are-granted-as-said: halton.audit_log', 'grace-is-read-only: halton_api INSERT halton.audit_log']],
  ['keys of the API that support reads whole', 'GRANT SELECT ON halton.api_keys TO halton_support', ['tables-are-granted-as-said: halton.api_keys']],
  ['an audit log that analytics reads', 'GRANT SELECT ON halton.audit_log TO halton_analytics', ['tables-are-granted-as-said: halton.audit_log']],
  ['a workspace of which the API changes any column', 'GRANT UPDATE ON halton.workspaces TO halton_api', ['tables-are-granted-as-said: halton.workspaces']],
  ['a purge that the API says has begun', 'GRANT UPDATE (purge_begun_at) ON halton.workspaces TO halton_api', ['tables-are-granted-as-said: halton.workspaces.purge_begun_at']],
  ['jobs that bring tombstones back', 'GRANT EXECUTE ON FUNCTION halton.import_tombstone(bytea, timestamptz, timestamptz) TO halton_jobs', ['functions-are-granted-as-said: halton.import_tombstone(bytea,timestamp with time zone,timestamp with time zone)']],
  ['a procedure that a login calls', 'GRANT EXECUTE ON PROCEDURE halton.isolate(regclass, text[]) TO halton_api', ['functions-are-granted-as-said: halton.isolate(regclass,text[])']],
  ...['guard_deletion_request', 'guard_begun_purge'].map((guard): Broken => [`a workspace without ${guard}`, `DROP TRIGGER ${guard} ON halton.workspaces`, [`guards-stand: ${guard} on halton.workspaces`]]),
  ['grants that last as long as one likes', 'DROP TRIGGER guard_support_window ON halton.support_grants', ['guards-stand: guard_support_window on halton.support_grants']],
  [
    'a guard that looks the other way',
    'DROP TRIGGER keep_redaction ON halton.requests; CREATE TRIGGER keep_redaction BEFORE UPDATE ON halton.requests FOR EACH ROW WHEN (false) EXECUTE FUNCTION halton.refuse_taking_back(); ALTER TABLE halton.requests ENABLE ALWAYS TRIGGER keep_redaction',
    ['guards-stand: keep_redaction on halton.requests'],
  ],
  ['an audit log that can fork', 'ALTER TABLE halton.audit_log DROP CONSTRAINT audit_log_workspace_id_previous_hash_key', ['chains-cannot-fork: halton.audit_log']],
  ['an audit log that forks until the end of a transaction', 'ALTER TABLE halton.audit_log DROP CONSTRAINT audit_log_workspace_id_previous_hash_key, ADD UNIQUE (workspace_id, previous_hash) DEFERRABLE', ['chains-cannot-fork: halton.audit_log']],
  ['a binding to one workspace for everybody', "CREATE OR REPLACE FUNCTION halton.bound_workspace() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE RETURN '00000000-0000-4000-8000-000000000000'::uuid", ['bindings-read-their-setting: halton.bound_workspace()']],
  ['a binding that is written as text', "CREATE OR REPLACE FUNCTION halton.bound_user() RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'somebody' $$", ['bindings-read-their-setting: halton.bound_user()']],
  ['a table that is written to in grace', 'DROP POLICY writable_insert ON halton.requests', ['grace-is-read-only: halton_api INSERT halton.requests']],
  ['a policy of grace that lets everything pass', 'ALTER POLICY writable_update ON halton.projects WITH CHECK (true)', ['grace-is-read-only: halton_api UPDATE halton.projects']],
  ['a policy of grace that adds where it should take away', 'DROP POLICY writable_delete ON halton.policies; CREATE POLICY writable_delete ON halton.policies FOR DELETE TO halton_api USING ((SELECT halton.workspace_is_writable()))', [
    'policies-bind: policy writable_delete on halton.policies to halton_api: ( SELECT halton.workspace_is_writable() AS workspace_is_writable)',
    'grace-is-read-only: halton_api DELETE halton.policies',
  ]],
  [
    'support that need not enter',
    'ALTER POLICY support ON halton.members USING (workspace_id = (SELECT halton.bound_workspace()))',
    ['policies-bind: policy support on halton.members to halton_support: (workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace))'],
  ],
  [
    'support whose plans count what it does not see',
    'ALTER POLICY support ON halton.members USING (workspace_id = (SELECT halton.bound_workspace()) AND (SELECT halton.support_is_in()))',
    ['policies-bind: policy support on halton.members to halton_support: ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)) AND ( SELECT halton.support_is_in() AS support_is_in))'],
  ],
  ['a table whose rows go nowhere', 'CREATE RULE nowhere AS ON INSERT TO halton.audit_log DO INSTEAD NOTHING', ['tables-are-not-rewritten: nowhere on halton.audit_log']],
  ['a database in which triggers are off', inDatabase("ALTER DATABASE %I SET session_replication_role = 'replica'"), ['the-database-sets-nothing: everybody']],
  ['a login that starts otherwise in the database', inDatabase("ALTER ROLE halton_support IN DATABASE %I SET search_path = 'public'"), ['the-database-sets-nothing: halton_support']],
  ['a login that was given another setting', 'ALTER ROLE halton_api_a SET row_security = off', ['logins-start-with-their-settings: halton_api_a']],
  ['a login that few sessions can have', 'ALTER ROLE halton_analytics CONNECTION LIMIT 0', ['roles-are-modest: halton_analytics']],
];
