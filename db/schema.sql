-- What db/migrations make, as Postgres tells it: to be read, and compared after a change. Nothing runs it; it stands in
-- the order of names, roles are those of db/roles.ts, and what an owner has by owning is left out.
-- Written by `npm run docs`.

CREATE SCHEMA halton AUTHORIZATION halton_owner;
GRANT USAGE ON SCHEMA halton TO halton_aggregator;
GRANT USAGE ON SCHEMA halton TO halton_analytics;
GRANT USAGE ON SCHEMA halton TO halton_api;
GRANT USAGE ON SCHEMA halton TO halton_auditor;
GRANT USAGE ON SCHEMA halton TO halton_jobs;
GRANT USAGE ON SCHEMA halton TO halton_migrator;
GRANT USAGE ON SCHEMA halton TO halton_pairing;
GRANT USAGE ON SCHEMA halton TO halton_purger;
GRANT USAGE ON SCHEMA halton TO halton_support;

CREATE SCHEMA halton_analytics AUTHORIZATION halton_owner;
GRANT USAGE ON SCHEMA halton_analytics TO halton_analytics;

-- Default privileges of halton_owner, on functions: {halton_owner=X/halton_owner}
-- Default privileges of halton_owner, on types: {halton_owner=U/halton_owner}

CREATE TABLE halton.api_keys (
  workspace_id uuid NOT NULL,
  key_id text NOT NULL,
  name text NOT NULL,
  secret_hash text NOT NULL,
  created_by text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  revoked_at timestamp with time zone,
  revoked_by text,
  CONSTRAINT api_keys_pkey PRIMARY KEY (workspace_id, key_id),
  CONSTRAINT api_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT api_keys_check CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
  CONSTRAINT api_keys_key_id_check CHECK ((key_id ~ '^[A-Za-z0-9]{8,40}$'::text)),
  CONSTRAINT api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  CONSTRAINT api_keys_secret_hash_check CHECK ((secret_hash ~ '^\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}$'::text))
);
ALTER TABLE halton.api_keys OWNER TO halton_owner;
ALTER TABLE halton.api_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE TRIGGER keep_revocation BEFORE UPDATE ON halton.api_keys FOR EACH ROW WHEN (((old.revoked_at IS NOT NULL) AND ((old.revoked_at IS DISTINCT FROM new.revoked_at) OR (old.revoked_by IS DISTINCT FROM new.revoked_by)))) EXECUTE FUNCTION halton.refuse_taking_back();
ALTER TABLE halton.api_keys ENABLE ALWAYS TRIGGER keep_revocation;
CREATE POLICY own_workspace ON halton.api_keys TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.api_keys TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY support ON halton.api_keys FOR SELECT TO halton_support
  USING ((workspace_id = ( SELECT
        CASE
            WHEN halton.support_is_in() THEN halton.bound_workspace()
            ELSE NULL::uuid
        END AS "case")));
CREATE POLICY writable_delete ON halton.api_keys AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_insert ON halton.api_keys AS RESTRICTIVE FOR INSERT TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, SELECT ON halton.api_keys TO halton_purger;
GRANT INSERT (workspace_id, key_id, name, secret_hash, created_by), SELECT, UPDATE (revoked_at, revoked_by) ON halton.api_keys TO halton_api;
GRANT SELECT (workspace_id, key_id, name, created_by, created_at, revoked_at, revoked_by) ON halton.api_keys TO halton_support;

CREATE TABLE halton.audit_heads (
  workspace_id uuid NOT NULL,
  sequence bigint NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_heads_pkey PRIMARY KEY (workspace_id),
  CONSTRAINT audit_heads_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT audit_heads_hash_check CHECK ((length(hash) = 32)),
  CONSTRAINT audit_heads_sequence_check CHECK (((sequence >= 0) AND (sequence < '1000000000000000000'::bigint)))
);
ALTER TABLE halton.audit_heads OWNER TO halton_owner;
ALTER TABLE halton.audit_heads ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE TRIGGER guard_head BEFORE DELETE OR UPDATE ON halton.audit_heads FOR EACH ROW EXECUTE FUNCTION halton.guard_head();
ALTER TABLE halton.audit_heads ENABLE ALWAYS TRIGGER guard_head;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON halton.audit_heads FOR EACH STATEMENT EXECUTE FUNCTION halton.guard_head();
ALTER TABLE halton.audit_heads ENABLE ALWAYS TRIGGER no_truncate;
CREATE POLICY auditor ON halton.audit_heads TO halton_auditor
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY own_workspace ON halton.audit_heads TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.audit_heads TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY support ON halton.audit_heads FOR SELECT TO halton_support
  USING ((workspace_id = ( SELECT
        CASE
            WHEN halton.support_is_in() THEN halton.bound_workspace()
            ELSE NULL::uuid
        END AS "case")));
GRANT DELETE ON halton.audit_heads TO rds_pgaudit;
GRANT DELETE, SELECT, UPDATE (workspace_id) ON halton.audit_heads TO halton_purger;
GRANT INSERT, SELECT, UPDATE ON halton.audit_heads TO halton_auditor;
GRANT SELECT ON halton.audit_heads TO halton_api;
GRANT SELECT ON halton.audit_heads TO halton_jobs;
GRANT SELECT ON halton.audit_heads TO halton_support;

CREATE TABLE halton.audit_log (
  workspace_id uuid NOT NULL,
  sequence bigint NOT NULL,
  recorded_at timestamp with time zone NOT NULL,
  actor_kind text NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  target text NOT NULL,
  details text NOT NULL,
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_log_pkey PRIMARY KEY (workspace_id, sequence),
  CONSTRAINT audit_log_workspace_id_previous_hash_key UNIQUE (workspace_id, previous_hash),
  CONSTRAINT audit_log_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT audit_log_action_check CHECK (((action ~ '^[a-z][a-z_]*(\.[a-z][a-z_]*)+$'::text) AND (length(action) <= 100))),
  CONSTRAINT audit_log_actor_check CHECK (((length(actor) >= 1) AND (length(actor) <= 512))),
  CONSTRAINT audit_log_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['member'::text, 'device'::text, 'api_key'::text, 'support'::text, 'job'::text, 'provider'::text]))),
  CONSTRAINT audit_log_details_check CHECK (((length(details) <= 65536) AND (jsonb_typeof((details)::jsonb) = 'object'::text))),
  CONSTRAINT audit_log_hash_check CHECK ((length(hash) = 32)),
  CONSTRAINT audit_log_previous_hash_check CHECK ((length(previous_hash) = 32)),
  CONSTRAINT audit_log_recorded_at_check CHECK (((recorded_at >= '0001-01-01 00:00:00+00'::timestamp with time zone) AND (recorded_at < '10000-01-01 00:00:00+00'::timestamp with time zone))),
  CONSTRAINT audit_log_sequence_check CHECK (((sequence > 0) AND (sequence < '1000000000000000000'::bigint))),
  CONSTRAINT audit_log_target_check CHECK ((length(target) <= 512))
);
ALTER TABLE halton.audit_log OWNER TO halton_owner;
ALTER TABLE halton.audit_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE INDEX audit_log_recorded ON halton.audit_log USING btree (workspace_id, recorded_at);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON halton.audit_log FOR EACH ROW EXECUTE FUNCTION halton.refuse_change();
ALTER TABLE halton.audit_log ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON halton.audit_log FOR EACH STATEMENT EXECUTE FUNCTION halton.refuse_change();
ALTER TABLE halton.audit_log ENABLE ALWAYS TRIGGER no_truncate;
CREATE POLICY auditor ON halton.audit_log TO halton_auditor
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY own_workspace ON halton.audit_log TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.audit_log TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY support ON halton.audit_log FOR SELECT TO halton_support
  USING ((workspace_id = ( SELECT
        CASE
            WHEN halton.support_is_in() THEN halton.bound_workspace()
            ELSE NULL::uuid
        END AS "case")));
GRANT DELETE, SELECT ON halton.audit_log TO halton_purger;
GRANT DELETE, UPDATE ON halton.audit_log TO rds_pgaudit;
GRANT INSERT, SELECT ON halton.audit_log TO halton_auditor;
GRANT SELECT ON halton.audit_log TO halton_api;
GRANT SELECT ON halton.audit_log TO halton_jobs;
GRANT SELECT ON halton.audit_log TO halton_support;

CREATE TABLE halton.billing_events (
  workspace_id uuid NOT NULL,
  event_id text NOT NULL,
  kind text NOT NULL,
  plan text,
  seats integer,
  amount_minor bigint,
  currency text,
  occurred_at timestamp with time zone NOT NULL,
  received_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT billing_events_pkey PRIMARY KEY (workspace_id, event_id),
  CONSTRAINT billing_events_plan_fkey FOREIGN KEY (plan) REFERENCES halton.plans(plan),
  CONSTRAINT billing_events_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT billing_events_check CHECK (((amount_minor IS NULL) = (currency IS NULL))),
  CONSTRAINT billing_events_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  CONSTRAINT billing_events_event_id_check CHECK (((length(event_id) >= 1) AND (length(event_id) <= 255))),
  CONSTRAINT billing_events_kind_check CHECK (((kind ~ '^[a-z][a-z_]*(\.[a-z][a-z_]*)*$'::text) AND (length(kind) <= 100))),
  CONSTRAINT billing_events_seats_check CHECK ((seats > 0))
);
ALTER TABLE halton.billing_events OWNER TO halton_owner;
ALTER TABLE halton.billing_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON halton.billing_events FOR EACH ROW EXECUTE FUNCTION halton.refuse_change();
ALTER TABLE halton.billing_events ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON halton.billing_events FOR EACH STATEMENT EXECUTE FUNCTION halton.refuse_change();
ALTER TABLE halton.billing_events ENABLE ALWAYS TRIGGER no_truncate;
CREATE POLICY own_workspace ON halton.billing_events TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.billing_events TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY support ON halton.billing_events FOR SELECT TO halton_support
  USING ((workspace_id = ( SELECT
        CASE
            WHEN halton.support_is_in() THEN halton.bound_workspace()
            ELSE NULL::uuid
        END AS "case")));
CREATE POLICY writable_delete ON halton.billing_events AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_update ON halton.billing_events AS RESTRICTIVE FOR UPDATE TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, SELECT ON halton.billing_events TO halton_purger;
GRANT DELETE, UPDATE ON halton.billing_events TO rds_pgaudit;
GRANT INSERT (workspace_id, event_id, kind, plan, seats, amount_minor, currency, occurred_at), SELECT ON halton.billing_events TO halton_api;
GRANT SELECT ON halton.billing_events TO halton_support;

CREATE TABLE halton.checkout_consent_records (
  record_id uuid NOT NULL DEFAULT gen_random_uuid(),
  user_id text NOT NULL,
  plan text NOT NULL,
  period text NOT NULL,
  wording_hash text NOT NULL,
  ip inet NOT NULL,
  user_agent text NOT NULL,
  "timestamp" timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT checkout_consent_records_pkey PRIMARY KEY (record_id),
  CONSTRAINT checkout_consent_records_plan_fkey FOREIGN KEY (plan) REFERENCES halton.plans(plan),
  CONSTRAINT checkout_consent_records_period_check CHECK ((period = ANY (ARRAY['monthly'::text, 'annual'::text]))),
  CONSTRAINT checkout_consent_records_user_agent_check CHECK ((length(user_agent) <= 512)),
  CONSTRAINT checkout_consent_records_user_id_check CHECK (((length(user_id) >= 1) AND (length(user_id) <= 255))),
  CONSTRAINT checkout_consent_records_wording_hash_check CHECK ((wording_hash ~ '^[0-9a-f]{64}$'::text))
);
ALTER TABLE halton.checkout_consent_records OWNER TO halton_owner;
ALTER TABLE halton.checkout_consent_records ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE INDEX checkout_consent_records_user ON halton.checkout_consent_records USING btree (user_id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON halton.checkout_consent_records FOR EACH ROW EXECUTE FUNCTION halton.refuse_consent_change();
ALTER TABLE halton.checkout_consent_records ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON halton.checkout_consent_records FOR EACH STATEMENT EXECUTE FUNCTION halton.refuse_consent_change();
ALTER TABLE halton.checkout_consent_records ENABLE ALWAYS TRIGGER no_truncate;
CREATE POLICY own_records ON halton.checkout_consent_records TO halton_api
  USING ((user_id = ( SELECT halton.bound_user() AS bound_user)));
GRANT DELETE, UPDATE ON halton.checkout_consent_records TO rds_pgaudit;
GRANT INSERT (user_id, plan, period, wording_hash, ip, user_agent), SELECT ON halton.checkout_consent_records TO halton_api;

CREATE TABLE halton.devices (
  workspace_id uuid NOT NULL,
  device_id uuid NOT NULL,
  machine_id text NOT NULL,
  name text NOT NULL,
  token_hash bytea NOT NULL,
  paired_by text NOT NULL,
  paired_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  revoked_at timestamp with time zone,
  revoked_by text,
  CONSTRAINT devices_pkey PRIMARY KEY (workspace_id, device_id),
  CONSTRAINT devices_workspace_id_token_hash_key UNIQUE (workspace_id, token_hash),
  CONSTRAINT devices_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT devices_check CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
  CONSTRAINT devices_machine_id_check CHECK (((length(machine_id) >= 1) AND (length(machine_id) <= 255))),
  CONSTRAINT devices_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  CONSTRAINT devices_token_hash_check CHECK ((length(token_hash) = 32))
);
ALTER TABLE halton.devices OWNER TO halton_owner;
ALTER TABLE halton.devices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE TRIGGER keep_revocation BEFORE UPDATE ON halton.devices FOR EACH ROW WHEN (((old.revoked_at IS NOT NULL) AND ((old.revoked_at IS DISTINCT FROM new.revoked_at) OR (old.revoked_by IS DISTINCT FROM new.revoked_by)))) EXECUTE FUNCTION halton.refuse_taking_back();
ALTER TABLE halton.devices ENABLE ALWAYS TRIGGER keep_revocation;
CREATE POLICY own_workspace ON halton.devices TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY pairing ON halton.devices FOR INSERT TO halton_pairing
  WITH CHECK ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.devices TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY support ON halton.devices FOR SELECT TO halton_support
  USING ((workspace_id = ( SELECT
        CASE
            WHEN halton.support_is_in() THEN halton.bound_workspace()
            ELSE NULL::uuid
        END AS "case")));
CREATE POLICY writable_delete ON halton.devices AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_insert ON halton.devices AS RESTRICTIVE FOR INSERT TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, SELECT ON halton.devices TO halton_purger;
GRANT INSERT ON halton.devices TO halton_pairing;
GRANT SELECT (workspace_id, device_id, machine_id, name, paired_by, paired_at, revoked_at, revoked_by) ON halton.devices TO halton_support;
GRANT SELECT, UPDATE (revoked_at, revoked_by) ON halton.devices TO halton_api;

CREATE TABLE halton.idempotency_keys (
  workspace_id uuid NOT NULL,
  idempotency_key text NOT NULL,
  request_hash bytea NOT NULL,
  status smallint NOT NULL,
  response text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (workspace_id, idempotency_key),
  CONSTRAINT idempotency_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT idempotency_keys_idempotency_key_check CHECK (((length(idempotency_key) >= 1) AND (length(idempotency_key) <= 255))),
  CONSTRAINT idempotency_keys_request_hash_check CHECK ((length(request_hash) = 32)),
  CONSTRAINT idempotency_keys_response_check CHECK ((length(response) <= 65536)),
  CONSTRAINT idempotency_keys_status_check CHECK (((status >= 200) AND (status <= 499)))
);
ALTER TABLE halton.idempotency_keys OWNER TO halton_owner;
ALTER TABLE halton.idempotency_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE INDEX idempotency_keys_age ON halton.idempotency_keys USING btree (workspace_id, created_at);
CREATE POLICY own_workspace ON halton.idempotency_keys TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.idempotency_keys TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY writable_delete ON halton.idempotency_keys AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_update ON halton.idempotency_keys AS RESTRICTIVE FOR UPDATE TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, SELECT ON halton.idempotency_keys TO halton_purger;
GRANT INSERT (workspace_id, idempotency_key, request_hash, status, response), SELECT ON halton.idempotency_keys TO halton_api;

CREATE TABLE halton.invitations (
  workspace_id uuid NOT NULL,
  invitation_id uuid NOT NULL,
  email text NOT NULL,
  role text NOT NULL,
  token_hash bytea NOT NULL,
  invited_by text NOT NULL,
  invited_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamp with time zone NOT NULL,
  accepted_at timestamp with time zone,
  accepted_by text,
  revoked_at timestamp with time zone,
  CONSTRAINT invitations_pkey PRIMARY KEY (workspace_id, invitation_id),
  CONSTRAINT invitations_workspace_id_token_hash_key UNIQUE (workspace_id, token_hash),
  CONSTRAINT invitations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT invitations_check CHECK ((expires_at > invited_at)),
  CONSTRAINT invitations_check1 CHECK (((accepted_at IS NULL) = (accepted_by IS NULL))),
  CONSTRAINT invitations_check2 CHECK (((accepted_at IS NULL) OR (revoked_at IS NULL))),
  CONSTRAINT invitations_email_check CHECK (((length(email) >= 3) AND (length(email) <= 320))),
  CONSTRAINT invitations_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text]))),
  CONSTRAINT invitations_token_hash_check CHECK ((length(token_hash) = 32))
);
ALTER TABLE halton.invitations OWNER TO halton_owner;
ALTER TABLE halton.invitations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON halton.invitations TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.invitations TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY writable_delete ON halton.invitations AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_insert ON halton.invitations AS RESTRICTIVE FOR INSERT TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_update ON halton.invitations AS RESTRICTIVE FOR UPDATE TO halton_api
  WITH CHECK (((revoked_at IS NOT NULL) OR ( SELECT halton.workspace_is_writable() AS workspace_is_writable)));
GRANT DELETE, SELECT ON halton.invitations TO halton_purger;
GRANT INSERT (workspace_id, invitation_id, email, role, token_hash, invited_by, expires_at), SELECT, UPDATE (accepted_at, accepted_by, revoked_at) ON halton.invitations TO halton_api;

CREATE TABLE halton.members (
  workspace_id uuid NOT NULL,
  user_id text NOT NULL,
  role text NOT NULL,
  joined_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT members_pkey PRIMARY KEY (workspace_id, user_id),
  CONSTRAINT members_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text]))),
  CONSTRAINT members_user_id_check CHECK (((length(user_id) >= 1) AND (length(user_id) <= 255)))
);
ALTER TABLE halton.members OWNER TO halton_owner;
ALTER TABLE halton.members ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE INDEX members_user ON halton.members USING btree (user_id);
CREATE POLICY own_memberships ON halton.members FOR SELECT TO halton_api
  USING ((user_id = ( SELECT halton.bound_user() AS bound_user)));
CREATE POLICY own_workspace ON halton.members TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.members TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY support ON halton.members FOR SELECT TO halton_support
  USING ((workspace_id = ( SELECT
        CASE
            WHEN halton.support_is_in() THEN halton.bound_workspace()
            ELSE NULL::uuid
        END AS "case")));
CREATE POLICY writable_insert ON halton.members AS RESTRICTIVE FOR INSERT TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_update ON halton.members AS RESTRICTIVE FOR UPDATE TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, INSERT (workspace_id, user_id, role), SELECT, UPDATE (role) ON halton.members TO halton_api;
GRANT DELETE, SELECT ON halton.members TO halton_purger;
GRANT SELECT ON halton.members TO halton_support;

CREATE TABLE halton.organisation_admins (
  organisation_id uuid NOT NULL,
  user_id text NOT NULL,
  granted_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT organisation_admins_pkey PRIMARY KEY (organisation_id, user_id),
  CONSTRAINT organisation_admins_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES halton.organisations(organisation_id) ON DELETE CASCADE,
  CONSTRAINT organisation_admins_user_id_check CHECK (((length(user_id) >= 1) AND (length(user_id) <= 255)))
);
ALTER TABLE halton.organisation_admins OWNER TO halton_owner;
ALTER TABLE halton.organisation_admins ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_grants ON halton.organisation_admins FOR SELECT TO halton_api
  USING ((user_id = ( SELECT halton.bound_user() AS bound_user)));
CREATE POLICY own_organisation ON halton.organisation_admins TO halton_api
  USING ((organisation_id = ( SELECT halton.bound_organisation() AS bound_organisation)));
GRANT SELECT ON halton.organisation_admins TO halton_api;

CREATE TABLE halton.organisations (
  organisation_id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT organisations_pkey PRIMARY KEY (organisation_id),
  CONSTRAINT organisations_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
ALTER TABLE halton.organisations OWNER TO halton_owner;
ALTER TABLE halton.organisations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON halton.organisations TO halton_api
  USING ((organisation_id = ( SELECT halton.bound_organisation() AS bound_organisation)));
CREATE POLICY purge ON halton.organisations TO halton_purger
  USING ((organisation_id = ( SELECT halton.bound_organisation() AS bound_organisation)));
GRANT DELETE, SELECT (organisation_id) ON halton.organisations TO halton_purger;
GRANT INSERT (organisation_id, name), SELECT ON halton.organisations TO halton_api;

CREATE TABLE halton.pairings (
  device_code_hash bytea NOT NULL,
  user_code_hash bytea NOT NULL,
  machine_id text NOT NULL,
  name text NOT NULL,
  started_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamp with time zone NOT NULL DEFAULT (clock_timestamp() + '00:10:00'::interval),
  workspace_id uuid,
  approved_by text,
  CONSTRAINT pairings_pkey PRIMARY KEY (device_code_hash),
  CONSTRAINT pairings_user_code_hash_key UNIQUE (user_code_hash),
  CONSTRAINT pairings_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT pairings_check CHECK (((workspace_id IS NULL) = (approved_by IS NULL))),
  CONSTRAINT pairings_device_code_hash_check CHECK ((length(device_code_hash) = 32)),
  CONSTRAINT pairings_machine_id_check CHECK (((length(machine_id) >= 1) AND (length(machine_id) <= 255))),
  CONSTRAINT pairings_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  CONSTRAINT pairings_user_code_hash_check CHECK ((length(user_code_hash) = 32))
);
ALTER TABLE halton.pairings OWNER TO halton_owner;
ALTER TABLE halton.pairings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE INDEX pairings_expiry ON halton.pairings USING btree (expires_at);
CREATE INDEX pairings_workspace ON halton.pairings USING btree (workspace_id);
CREATE POLICY pairing ON halton.pairings TO halton_pairing
  USING (true);
CREATE POLICY purge ON halton.pairings TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
GRANT DELETE, INSERT, SELECT, UPDATE ON halton.pairings TO halton_pairing;
GRANT DELETE, SELECT ON halton.pairings TO halton_purger;

CREATE TABLE halton.plans (
  plan text NOT NULL,
  name text NOT NULL,
  rank smallint NOT NULL,
  writes_prompt_views boolean NOT NULL,
  reads_prompt_views boolean NOT NULL,
  streams_to_siem boolean NOT NULL,
  CONSTRAINT plans_pkey PRIMARY KEY (plan),
  CONSTRAINT plans_rank_key UNIQUE (rank)
);
ALTER TABLE halton.plans OWNER TO halton_owner;
ALTER TABLE halton.plans DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON halton.plans TO halton_api;
GRANT SELECT ON halton.plans TO halton_auditor;
GRANT SELECT ON halton.plans TO halton_jobs;
GRANT SELECT ON halton.plans TO halton_support;

CREATE TABLE halton.policies (
  workspace_id uuid NOT NULL,
  policy_id uuid NOT NULL,
  kind text NOT NULL,
  settings jsonb NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  updated_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  updated_by text NOT NULL,
  CONSTRAINT policies_pkey PRIMARY KEY (workspace_id, policy_id),
  CONSTRAINT policies_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT policies_kind_check CHECK ((kind ~ '^[a-z][a-z_]{0,63}$'::text)),
  CONSTRAINT policies_settings_check CHECK ((jsonb_typeof(settings) = 'object'::text))
);
ALTER TABLE halton.policies OWNER TO halton_owner;
ALTER TABLE halton.policies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON halton.policies TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.policies TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY support ON halton.policies FOR SELECT TO halton_support
  USING ((workspace_id = ( SELECT
        CASE
            WHEN halton.support_is_in() THEN halton.bound_workspace()
            ELSE NULL::uuid
        END AS "case")));
CREATE POLICY writable_delete ON halton.policies AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_insert ON halton.policies AS RESTRICTIVE FOR INSERT TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_update ON halton.policies AS RESTRICTIVE FOR UPDATE TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, INSERT (workspace_id, policy_id, kind, settings, enabled, updated_by), SELECT, UPDATE (settings, enabled, updated_at, updated_by) ON halton.policies TO halton_api;
GRANT DELETE, SELECT ON halton.policies TO halton_purger;
GRANT SELECT ON halton.policies TO halton_support;

CREATE TABLE halton.pricing_overrides (
  workspace_id uuid NOT NULL,
  override_id uuid NOT NULL,
  provider text NOT NULL,
  model text NOT NULL,
  input_rate numeric(20,10) NOT NULL,
  output_rate numeric(20,10) NOT NULL,
  cached_rate numeric(20,10) NOT NULL,
  effective_from timestamp with time zone NOT NULL,
  updated_by text NOT NULL,
  updated_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT pricing_overrides_pkey PRIMARY KEY (workspace_id, override_id),
  CONSTRAINT pricing_overrides_workspace_id_provider_model_effective_fro_key UNIQUE (workspace_id, provider, model, effective_from),
  CONSTRAINT pricing_overrides_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT pricing_overrides_cached_rate_check CHECK (((cached_rate >= (0)::numeric) AND (cached_rate < 'NaN'::numeric))),
  CONSTRAINT pricing_overrides_input_rate_check CHECK (((input_rate >= (0)::numeric) AND (input_rate < 'NaN'::numeric))),
  CONSTRAINT pricing_overrides_model_check CHECK (((length(model) >= 1) AND (length(model) <= 200))),
  CONSTRAINT pricing_overrides_output_rate_check CHECK (((output_rate >= (0)::numeric) AND (output_rate < 'NaN'::numeric))),
  CONSTRAINT pricing_overrides_provider_check CHECK (((length(provider) >= 1) AND (length(provider) <= 64)))
);
ALTER TABLE halton.pricing_overrides OWNER TO halton_owner;
ALTER TABLE halton.pricing_overrides ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON halton.pricing_overrides TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.pricing_overrides TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY support ON halton.pricing_overrides FOR SELECT TO halton_support
  USING ((workspace_id = ( SELECT
        CASE
            WHEN halton.support_is_in() THEN halton.bound_workspace()
            ELSE NULL::uuid
        END AS "case")));
CREATE POLICY writable_delete ON halton.pricing_overrides AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_insert ON halton.pricing_overrides AS RESTRICTIVE FOR INSERT TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_update ON halton.pricing_overrides AS RESTRICTIVE FOR UPDATE TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, INSERT (workspace_id, override_id, provider, model, input_rate, output_rate, cached_rate, effective_from, updated_by), SELECT, UPDATE (input_rate, output_rate, cached_rate, effective_from, updated_by, updated_at) ON halton.pricing_overrides TO halton_api;
GRANT DELETE, SELECT ON halton.pricing_overrides TO halton_purger;
GRANT SELECT ON halton.pricing_overrides TO halton_support;

CREATE TABLE halton.projects (
  workspace_id uuid NOT NULL,
  project_id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  archived_at timestamp with time zone,
  CONSTRAINT projects_pkey PRIMARY KEY (workspace_id, project_id),
  CONSTRAINT projects_workspace_id_name_key UNIQUE (workspace_id, name),
  CONSTRAINT projects_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT projects_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
ALTER TABLE halton.projects OWNER TO halton_owner;
ALTER TABLE halton.projects ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_workspace ON halton.projects TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.projects TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY support ON halton.projects FOR SELECT TO halton_support
  USING ((workspace_id = ( SELECT
        CASE
            WHEN halton.support_is_in() THEN halton.bound_workspace()
            ELSE NULL::uuid
        END AS "case")));
CREATE POLICY writable_delete ON halton.projects AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_insert ON halton.projects AS RESTRICTIVE FOR INSERT TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_update ON halton.projects AS RESTRICTIVE FOR UPDATE TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, SELECT ON halton.projects TO halton_purger;
GRANT INSERT (workspace_id, project_id, name), SELECT, UPDATE (name, archived_at) ON halton.projects TO halton_api;
GRANT SELECT ON halton.projects TO halton_support;

CREATE TABLE halton.prompt_views (
  workspace_id uuid NOT NULL,
  view_id uuid NOT NULL DEFAULT gen_random_uuid(),
  request_id text COLLATE "C" NOT NULL,
  viewer_user_id text NOT NULL,
  subject_user_id text NOT NULL,
  consent_grant_id text,
  reason text NOT NULL,
  viewed_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  client_ip inet NOT NULL,
  user_agent text NOT NULL,
  CONSTRAINT prompt_views_pkey PRIMARY KEY (workspace_id, view_id),
  CONSTRAINT prompt_views_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT prompt_views_check CHECK ((viewer_user_id <> subject_user_id)),
  CONSTRAINT prompt_views_consent_grant_id_check CHECK (((length(consent_grant_id) >= 1) AND (length(consent_grant_id) <= 255))),
  CONSTRAINT prompt_views_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000))),
  CONSTRAINT prompt_views_request_id_check CHECK (((request_id ~ '^[A-Za-z0-9._:-]+$'::text) AND (length(request_id) <= 128))),
  CONSTRAINT prompt_views_subject_user_id_check CHECK (((length(subject_user_id) >= 1) AND (length(subject_user_id) <= 255))),
  CONSTRAINT prompt_views_user_agent_check CHECK ((length(user_agent) <= 512)),
  CONSTRAINT prompt_views_viewer_user_id_check CHECK (((length(viewer_user_id) >= 1) AND (length(viewer_user_id) <= 255)))
);
ALTER TABLE halton.prompt_views OWNER TO halton_owner;
ALTER TABLE halton.prompt_views ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE INDEX prompt_views_viewed ON halton.prompt_views USING btree (workspace_id, viewed_at, view_id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON halton.prompt_views FOR EACH ROW EXECUTE FUNCTION halton.refuse_change();
ALTER TABLE halton.prompt_views ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON halton.prompt_views FOR EACH STATEMENT EXECUTE FUNCTION halton.refuse_change();
ALTER TABLE halton.prompt_views ENABLE ALWAYS TRIGGER no_truncate;
CREATE POLICY own_view ON halton.prompt_views AS RESTRICTIVE FOR INSERT TO halton_api
  WITH CHECK ((viewer_user_id = ( SELECT halton.bound_user() AS bound_user)));
CREATE POLICY own_workspace ON halton.prompt_views TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.prompt_views TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY writable_delete ON halton.prompt_views AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_update ON halton.prompt_views AS RESTRICTIVE FOR UPDATE TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, SELECT ON halton.prompt_views TO halton_purger;
GRANT DELETE, UPDATE ON halton.prompt_views TO rds_pgaudit;
GRANT INSERT (workspace_id, request_id, viewer_user_id, subject_user_id, consent_grant_id, reason, client_ip, user_agent), SELECT ON halton.prompt_views TO halton_api;

CREATE TABLE halton.request_bodies (
  workspace_id uuid NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  sealed text NOT NULL,
  stored_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT request_bodies_pkey PRIMARY KEY (workspace_id, request_id),
  CONSTRAINT request_bodies_workspace_id_request_id_fkey FOREIGN KEY (workspace_id, request_id) REFERENCES halton.requests(workspace_id, request_id),
  CONSTRAINT request_bodies_sealed_check CHECK ((sealed ~ '^gAAAAA[A-Za-z0-9_-]+={0,2}$'::text))
);
ALTER TABLE halton.request_bodies OWNER TO halton_owner;
ALTER TABLE halton.request_bodies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE halton.request_bodies ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE POLICY own_workspace ON halton.request_bodies TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.request_bodies TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY writable_delete ON halton.request_bodies AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_insert ON halton.request_bodies AS RESTRICTIVE FOR INSERT TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_update ON halton.request_bodies AS RESTRICTIVE FOR UPDATE TO halton_api
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, SELECT ON halton.request_bodies TO halton_purger;
GRANT INSERT (workspace_id, request_id, sealed), SELECT, UPDATE (sealed, stored_at) ON halton.request_bodies TO halton_api;
GRANT SELECT, UPDATE (sealed) ON halton.request_bodies TO halton_jobs;

CREATE TABLE halton.requests (
  workspace_id uuid NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  occurred_at timestamp with time zone NOT NULL,
  received_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  provider text NOT NULL,
  model text NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  cached_tokens bigint NOT NULL DEFAULT 0,
  cost_usd numeric(20,10) NOT NULL,
  latency_ms integer,
  project_id uuid,
  user_id text NOT NULL,
  device_id uuid,
  redaction_applied boolean NOT NULL DEFAULT false,
  CONSTRAINT requests_pkey PRIMARY KEY (workspace_id, request_id),
  CONSTRAINT requests_workspace_id_device_id_fkey FOREIGN KEY (workspace_id, device_id) REFERENCES halton.devices(workspace_id, device_id),
  CONSTRAINT requests_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT requests_workspace_id_project_id_fkey FOREIGN KEY (workspace_id, project_id) REFERENCES halton.projects(workspace_id, project_id),
  CONSTRAINT requests_cached_tokens_check CHECK ((cached_tokens >= 0)),
  CONSTRAINT requests_cost_usd_check CHECK (((cost_usd >= (0)::numeric) AND (cost_usd < 'NaN'::numeric))),
  CONSTRAINT requests_input_tokens_check CHECK ((input_tokens >= 0)),
  CONSTRAINT requests_latency_ms_check CHECK ((latency_ms >= 0)),
  CONSTRAINT requests_model_check CHECK (((length(model) >= 1) AND (length(model) <= 200))),
  CONSTRAINT requests_output_tokens_check CHECK ((output_tokens >= 0)),
  CONSTRAINT requests_provider_check CHECK (((length(provider) >= 1) AND (length(provider) <= 64))),
  CONSTRAINT requests_request_id_check CHECK (((request_id ~ '^[A-Za-z0-9._:-]+$'::text) AND (length(request_id) <= 128))),
  CONSTRAINT requests_user_id_check CHECK (((length(user_id) >= 1) AND (length(user_id) <= 255)))
);
ALTER TABLE halton.requests OWNER TO halton_owner;
ALTER TABLE halton.requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE INDEX requests_occurred ON halton.requests USING btree (workspace_id, occurred_at, request_id);
CREATE TRIGGER keep_redaction BEFORE UPDATE ON halton.requests FOR EACH ROW WHEN ((old.redaction_applied AND (NOT new.redaction_applied))) EXECUTE FUNCTION halton.refuse_taking_back();
ALTER TABLE halton.requests ENABLE ALWAYS TRIGGER keep_redaction;
CREATE POLICY aggregate ON halton.requests FOR SELECT TO halton_aggregator
  USING (true);
CREATE POLICY own_workspace ON halton.requests TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.requests TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY support ON halton.requests FOR SELECT TO halton_support
  USING ((workspace_id = ( SELECT
        CASE
            WHEN halton.support_is_in() THEN halton.bound_workspace()
            ELSE NULL::uuid
        END AS "case")));
CREATE POLICY writable_delete ON halton.requests AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_insert ON halton.requests AS RESTRICTIVE FOR INSERT TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_update ON halton.requests AS RESTRICTIVE FOR UPDATE TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, SELECT, UPDATE (workspace_id) ON halton.requests TO halton_purger;
GRANT INSERT (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cached_tokens, cost_usd, latency_ms, project_id, user_id, device_id, redaction_applied), SELECT, UPDATE (redaction_applied) ON halton.requests TO halton_api;
GRANT SELECT (workspace_id, occurred_at, provider, model, input_tokens, output_tokens, cached_tokens, cost_usd, latency_ms) ON halton.requests TO halton_aggregator;
GRANT SELECT ON halton.requests TO halton_support;

CREATE TABLE halton.schema_versions (
  version integer NOT NULL,
  serves integer NOT NULL,
  CONSTRAINT schema_versions_pkey PRIMARY KEY (version),
  CONSTRAINT schema_versions_check CHECK (((serves >= 1) AND (serves <= version))),
  CONSTRAINT schema_versions_version_check CHECK ((version > 0))
);
ALTER TABLE halton.schema_versions OWNER TO halton_owner;
ALTER TABLE halton.schema_versions DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON halton.schema_versions TO halton_analytics;
GRANT SELECT ON halton.schema_versions TO halton_api;
GRANT SELECT ON halton.schema_versions TO halton_jobs;
GRANT SELECT ON halton.schema_versions TO halton_support;

CREATE TABLE halton.service_settings (
  singleton boolean NOT NULL DEFAULT true,
  support_window interval NOT NULL DEFAULT '24:00:00'::interval,
  CONSTRAINT service_settings_pkey PRIMARY KEY (singleton),
  CONSTRAINT service_settings_singleton_check CHECK (singleton),
  CONSTRAINT service_settings_support_window_check CHECK (((support_window >= '01:00:00'::interval) AND (support_window <= '7 days'::interval)))
);
ALTER TABLE halton.service_settings OWNER TO halton_owner;
ALTER TABLE halton.service_settings DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
GRANT SELECT ON halton.service_settings TO halton_api;
GRANT SELECT ON halton.service_settings TO halton_auditor;
GRANT SELECT ON halton.service_settings TO halton_support;

CREATE TABLE halton.siem_outbox (
  workspace_id uuid NOT NULL,
  sequence bigint NOT NULL,
  queued_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT siem_outbox_pkey PRIMARY KEY (workspace_id, sequence),
  CONSTRAINT siem_outbox_workspace_id_sequence_fkey FOREIGN KEY (workspace_id, sequence) REFERENCES halton.audit_log(workspace_id, sequence)
);
ALTER TABLE halton.siem_outbox OWNER TO halton_owner;
ALTER TABLE halton.siem_outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY auditor ON halton.siem_outbox TO halton_auditor
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY own_workspace ON halton.siem_outbox TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.siem_outbox TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
GRANT DELETE, SELECT ON halton.siem_outbox TO halton_jobs;
GRANT DELETE, SELECT ON halton.siem_outbox TO halton_purger;
GRANT INSERT, SELECT ON halton.siem_outbox TO halton_auditor;

CREATE TABLE halton.support_grants (
  workspace_id uuid NOT NULL,
  grant_id uuid NOT NULL,
  support_email text NOT NULL,
  granted_by text NOT NULL,
  granted_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamp with time zone NOT NULL,
  revoked_at timestamp with time zone,
  revoked_by text,
  CONSTRAINT support_grants_pkey PRIMARY KEY (workspace_id, grant_id),
  CONSTRAINT support_grants_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES halton.workspaces(workspace_id),
  CONSTRAINT support_grants_check CHECK ((expires_at > granted_at)),
  CONSTRAINT support_grants_check1 CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
  CONSTRAINT support_grants_support_email_check CHECK (((support_email = lower(support_email)) AND ((length(support_email) >= 3) AND (length(support_email) <= 320))))
);
ALTER TABLE halton.support_grants OWNER TO halton_owner;
ALTER TABLE halton.support_grants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE TRIGGER guard_support_window BEFORE INSERT ON halton.support_grants FOR EACH ROW EXECUTE FUNCTION halton.guard_support_window();
ALTER TABLE halton.support_grants ENABLE ALWAYS TRIGGER guard_support_window;
CREATE TRIGGER keep_revocation BEFORE UPDATE ON halton.support_grants FOR EACH ROW WHEN (((old.revoked_at IS NOT NULL) AND ((old.revoked_at IS DISTINCT FROM new.revoked_at) OR (old.revoked_by IS DISTINCT FROM new.revoked_by)))) EXECUTE FUNCTION halton.refuse_taking_back();
ALTER TABLE halton.support_grants ENABLE ALWAYS TRIGGER keep_revocation;
CREATE POLICY auditor ON halton.support_grants FOR SELECT TO halton_auditor
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY own_workspace ON halton.support_grants TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.support_grants TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY writable_delete ON halton.support_grants AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_insert ON halton.support_grants AS RESTRICTIVE FOR INSERT TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, SELECT ON halton.support_grants TO halton_purger;
GRANT INSERT (workspace_id, grant_id, support_email, granted_by, expires_at), SELECT, UPDATE (revoked_at, revoked_by) ON halton.support_grants TO halton_api;
GRANT SELECT ON halton.support_grants TO halton_auditor;

CREATE TABLE halton.support_uses (
  workspace_id uuid NOT NULL,
  grant_id uuid NOT NULL,
  used_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT support_uses_pkey PRIMARY KEY (workspace_id, grant_id, used_at),
  CONSTRAINT support_uses_workspace_id_grant_id_fkey FOREIGN KEY (workspace_id, grant_id) REFERENCES halton.support_grants(workspace_id, grant_id)
);
ALTER TABLE halton.support_uses OWNER TO halton_owner;
ALTER TABLE halton.support_uses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY auditor ON halton.support_uses TO halton_auditor
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY own_workspace ON halton.support_uses TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.support_uses TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY writable_delete ON halton.support_uses AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
CREATE POLICY writable_update ON halton.support_uses AS RESTRICTIVE FOR UPDATE TO halton_api, halton_jobs
  WITH CHECK (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, SELECT ON halton.support_uses TO halton_purger;
GRANT INSERT, SELECT ON halton.support_uses TO halton_auditor;
GRANT SELECT ON halton.support_uses TO halton_api;

CREATE TABLE halton.workspace_tombstones (
  workspace_hash bytea NOT NULL,
  requested_at timestamp with time zone NOT NULL,
  begun_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  handed_over_at timestamp with time zone,
  purged_at timestamp with time zone,
  imported_at timestamp with time zone,
  rows_deleted bigint NOT NULL DEFAULT 0,
  CONSTRAINT workspace_tombstones_pkey PRIMARY KEY (workspace_hash),
  CONSTRAINT workspace_tombstones_check CHECK ((begun_at >= (requested_at + '720:00:00'::interval))),
  CONSTRAINT workspace_tombstones_workspace_hash_check CHECK ((length(workspace_hash) = 32))
);
ALTER TABLE halton.workspace_tombstones OWNER TO halton_owner;
ALTER TABLE halton.workspace_tombstones ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY purge ON halton.workspace_tombstones TO halton_purger
  USING (true);
GRANT INSERT, SELECT, UPDATE ON halton.workspace_tombstones TO halton_purger;

CREATE TABLE halton.workspaces (
  workspace_id uuid NOT NULL,
  organisation_id uuid NOT NULL,
  name text NOT NULL,
  plan text NOT NULL DEFAULT 'solo'::text,
  seats integer NOT NULL DEFAULT 1,
  time_zone text NOT NULL DEFAULT 'UTC'::text,
  retention_days integer NOT NULL DEFAULT 365,
  body_sync boolean NOT NULL DEFAULT false,
  siem_stream boolean NOT NULL DEFAULT false,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  deletion_requested_at timestamp with time zone,
  deletion_requested_by text,
  purge_begun_at timestamp with time zone,
  CONSTRAINT workspaces_pkey PRIMARY KEY (workspace_id),
  CONSTRAINT workspaces_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES halton.organisations(organisation_id),
  CONSTRAINT workspaces_plan_fkey FOREIGN KEY (plan) REFERENCES halton.plans(plan),
  CONSTRAINT workspaces_check CHECK (((deletion_requested_at IS NULL) = (deletion_requested_by IS NULL))),
  CONSTRAINT workspaces_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  CONSTRAINT workspaces_retention_days_check CHECK (((retention_days >= 1) AND (retention_days <= 3650))),
  CONSTRAINT workspaces_seats_check CHECK ((seats > 0)),
  CONSTRAINT workspaces_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);
ALTER TABLE halton.workspaces OWNER TO halton_owner;
ALTER TABLE halton.workspaces ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE INDEX workspaces_deletion ON halton.workspaces USING btree (deletion_requested_at) WHERE (deletion_requested_at IS NOT NULL);
CREATE INDEX workspaces_organisation ON halton.workspaces USING btree (organisation_id);
CREATE TRIGGER guard_begun_purge BEFORE INSERT OR UPDATE ON halton.workspaces FOR EACH ROW EXECUTE FUNCTION halton.guard_begun_purge();
ALTER TABLE halton.workspaces ENABLE ALWAYS TRIGGER guard_begun_purge;
CREATE TRIGGER guard_deletion_request BEFORE UPDATE ON halton.workspaces FOR EACH ROW EXECUTE FUNCTION halton.guard_deletion_request();
ALTER TABLE halton.workspaces ENABLE ALWAYS TRIGGER guard_deletion_request;
CREATE POLICY auditor ON halton.workspaces FOR SELECT TO halton_auditor
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY every_workspace ON halton.workspaces FOR SELECT TO halton_purger
  USING (true);
CREATE POLICY own_organisation ON halton.workspaces AS RESTRICTIVE FOR INSERT TO halton_api
  WITH CHECK ((organisation_id = ( SELECT halton.bound_organisation() AS bound_organisation)));
CREATE POLICY own_workspace ON halton.workspaces TO halton_api, halton_jobs
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY pairing ON halton.workspaces FOR SELECT TO halton_pairing
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY purge ON halton.workspaces TO halton_purger
  USING ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)));
CREATE POLICY support ON halton.workspaces FOR SELECT TO halton_support
  USING ((workspace_id = ( SELECT
        CASE
            WHEN halton.support_is_in() THEN halton.bound_workspace()
            ELSE NULL::uuid
        END AS "case")));
CREATE POLICY writable_delete ON halton.workspaces AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs
  USING (( SELECT halton.workspace_is_writable() AS workspace_is_writable));
GRANT DELETE, SELECT, UPDATE (purge_begun_at) ON halton.workspaces TO halton_purger;
GRANT INSERT (workspace_id, organisation_id, name, plan, seats, time_zone, retention_days, body_sync, siem_stream), SELECT, UPDATE (name, plan, seats, time_zone, retention_days, body_sync, siem_stream, deletion_requested_at, deletion_requested_by) ON halton.workspaces TO halton_api;
GRANT SELECT (workspace_id, deletion_requested_at) ON halton.workspaces TO halton_pairing;
GRANT SELECT (workspace_id, plan, siem_stream) ON halton.workspaces TO halton_auditor;
GRANT SELECT ON halton.workspaces TO halton_jobs;
GRANT SELECT ON halton.workspaces TO halton_support;

CREATE VIEW halton_analytics.last_30_days WITH (security_invoker=true) AS
 SELECT day,
    provider,
    model,
    workspaces,
    requests,
    input_tokens,
    output_tokens,
    cached_tokens,
    cost_usd,
    mean_latency_ms
   FROM halton.usage_by_day((((now() AT TIME ZONE 'UTC'::text))::date - 30), (((now() AT TIME ZONE 'UTC'::text))::date - 1)) usage_by_day(day, provider, model, workspaces, requests, input_tokens, output_tokens, cached_tokens, cost_usd, mean_latency_ms);
ALTER VIEW halton_analytics.last_30_days OWNER TO halton_owner;
GRANT SELECT ON halton_analytics.last_30_days TO halton_analytics;

CREATE OR REPLACE FUNCTION halton.approve_pairing(user_code_hash bytea, approved_by text)
 RETURNS TABLE(machine_id text, name text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
#variable_conflict use_column
BEGIN
  IF NOT halton.workspace_is_writable() THEN
    RAISE EXCEPTION 'no workspace is bound, or it awaits its deletion' USING ERRCODE = 'HM001';
  END IF;
  RETURN QUERY UPDATE halton.pairings p SET workspace_id = halton.bound_workspace(), approved_by = approve_pairing.approved_by
    WHERE p.user_code_hash = approve_pairing.user_code_hash AND p.workspace_id IS NULL AND p.expires_at > clock_timestamp()
    RETURNING p.machine_id, p.name;
END
$function$;
ALTER ROUTINE halton.approve_pairing(bytea,text) OWNER TO halton_pairing;
GRANT EXECUTE ON ROUTINE halton.approve_pairing(bytea,text) TO halton_api;

CREATE OR REPLACE FUNCTION halton.audit_append(actor_kind text, actor text, action text, target text, details text)
 RETURNS TABLE(sequence bigint, hash bytea)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
#variable_conflict use_column
DECLARE
  workspace constant uuid := halton.bound_workspace();
  head halton.audit_heads;
  at timestamptz;
  next_hash bytea;
BEGIN
  IF workspace IS NULL THEN
    RAISE EXCEPTION 'no workspace is bound' USING ERRCODE = 'HM002';
  END IF;
  SELECT * INTO head FROM halton.audit_heads h WHERE h.workspace_id = workspace FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO halton.audit_heads (workspace_id, sequence, hash) VALUES (workspace, 0, halton.audit_genesis(workspace))
      ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT head FROM halton.audit_heads h WHERE h.workspace_id = workspace FOR UPDATE;
  END IF;
  at := clock_timestamp();
  next_hash := halton.audit_hash(workspace, head.sequence + 1, head.hash, at, actor_kind, actor, action, target, details);
  INSERT INTO halton.audit_log (workspace_id, sequence, recorded_at, actor_kind, actor, action, target, details, previous_hash, hash)
    VALUES (workspace, head.sequence + 1, at, actor_kind, actor, action, target, details, head.hash, next_hash);
  UPDATE halton.audit_heads h SET sequence = head.sequence + 1, hash = next_hash WHERE h.workspace_id = workspace;
  INSERT INTO halton.siem_outbox (workspace_id, sequence)
    SELECT workspace, head.sequence + 1 FROM halton.workspaces w JOIN halton.plans USING (plan)
    WHERE w.workspace_id = workspace AND w.siem_stream AND streams_to_siem;
  RETURN QUERY SELECT head.sequence + 1, next_hash;
END
$function$;
ALTER ROUTINE halton.audit_append(text,text,text,text,text) OWNER TO halton_auditor;
GRANT EXECUTE ON ROUTINE halton.audit_append(text,text,text,text,text) TO halton_api;
GRANT EXECUTE ON ROUTINE halton.audit_append(text,text,text,text,text) TO halton_jobs;
GRANT EXECUTE ON ROUTINE halton.audit_append(text,text,text,text,text) TO halton_purger;

CREATE OR REPLACE FUNCTION halton.audit_field(value text)
 RETURNS bytea
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (int4send(octet_length(convert_to(value, 'UTF8'::name))) || convert_to(value, 'UTF8'::name));
ALTER ROUTINE halton.audit_field(text) OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.audit_field(text) TO halton_api;
GRANT EXECUTE ON ROUTINE halton.audit_field(text) TO halton_auditor;
GRANT EXECUTE ON ROUTINE halton.audit_field(text) TO halton_jobs;

CREATE OR REPLACE FUNCTION halton.audit_genesis(workspace uuid)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN sha256(((convert_to('halton.audit.v1.genesis'::text, 'UTF8'::name) || '\x00'::bytea) || uuid_send(workspace)));
ALTER ROUTINE halton.audit_genesis(uuid) OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.audit_genesis(uuid) TO halton_api;
GRANT EXECUTE ON ROUTINE halton.audit_genesis(uuid) TO halton_auditor;
GRANT EXECUTE ON ROUTINE halton.audit_genesis(uuid) TO halton_jobs;

CREATE OR REPLACE FUNCTION halton.audit_hash(workspace uuid, sequence bigint, previous_hash bytea, recorded_at timestamp with time zone, actor_kind text, actor text, action text, target text, details text)
 RETURNS bytea
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN sha256(((((((((((convert_to('halton.audit.v1.entry'::text, 'UTF8'::name) || '\x00'::bytea) || uuid_send(workspace)) || int8send(sequence)) || previous_hash) || int8send(((EXTRACT(epoch FROM recorded_at) * (1000000)::numeric))::bigint)) || halton.audit_field(actor_kind)) || halton.audit_field(actor)) || halton.audit_field(action)) || halton.audit_field(target)) || halton.audit_field(details)));
ALTER ROUTINE halton.audit_hash(uuid,bigint,bytea,timestamp with time zone,text,text,text,text,text) OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.audit_hash(uuid,bigint,bytea,timestamp with time zone,text,text,text,text,text) TO halton_api;
GRANT EXECUTE ON ROUTINE halton.audit_hash(uuid,bigint,bytea,timestamp with time zone,text,text,text,text,text) TO halton_auditor;
GRANT EXECUTE ON ROUTINE halton.audit_hash(uuid,bigint,bytea,timestamp with time zone,text,text,text,text,text) TO halton_jobs;

CREATE OR REPLACE FUNCTION halton.begin_purge(workspace uuid)
 RETURNS TABLE(workspace_hash bytea, requested_at timestamp with time zone, begun_at timestamp with time zone, handed_over boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
#variable_conflict use_column
BEGIN
  PERFORM set_config('halton.workspace_id', workspace::text, true);
  PERFORM FROM halton.workspaces w WHERE w.workspace_id = workspace FOR NO KEY UPDATE;
  IF NOT halton.is_due(workspace) THEN
    RAISE EXCEPTION 'the workspace is not due' USING ERRCODE = 'HM005';
  END IF;
  UPDATE halton.workspaces w SET purge_begun_at = clock_timestamp() WHERE w.workspace_id = workspace AND w.purge_begun_at IS NULL;
  INSERT INTO halton.workspace_tombstones (workspace_hash, requested_at)
    SELECT halton.tombstone_hash(workspace), w.deletion_requested_at FROM halton.workspaces w
    -- A restored copy may know of no request, or of a later one: there the tombstone is the one that was imported.
    WHERE w.workspace_id = workspace AND w.deletion_requested_at <= clock_timestamp() - interval '720 hours'
    ON CONFLICT DO NOTHING;
  RETURN QUERY SELECT t.workspace_hash, t.requested_at, t.begun_at, t.handed_over_at IS NOT NULL
    FROM halton.workspace_tombstones t WHERE t.workspace_hash = halton.tombstone_hash(workspace);
END
$function$;
ALTER ROUTINE halton.begin_purge(uuid) OWNER TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.begin_purge(uuid) TO halton_jobs;

CREATE OR REPLACE FUNCTION halton.bound_organisation()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('halton.organisation_id'::text, true), ''::text))::uuid;
ALTER ROUTINE halton.bound_organisation() OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.bound_organisation() TO halton_aggregator;
GRANT EXECUTE ON ROUTINE halton.bound_organisation() TO halton_api;
GRANT EXECUTE ON ROUTINE halton.bound_organisation() TO halton_auditor;
GRANT EXECUTE ON ROUTINE halton.bound_organisation() TO halton_jobs;
GRANT EXECUTE ON ROUTINE halton.bound_organisation() TO halton_pairing;
GRANT EXECUTE ON ROUTINE halton.bound_organisation() TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.bound_organisation() TO halton_support;

CREATE OR REPLACE FUNCTION halton.bound_support_email()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('halton.support_email'::text, true), ''::text);
ALTER ROUTINE halton.bound_support_email() OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.bound_support_email() TO halton_aggregator;
GRANT EXECUTE ON ROUTINE halton.bound_support_email() TO halton_api;
GRANT EXECUTE ON ROUTINE halton.bound_support_email() TO halton_auditor;
GRANT EXECUTE ON ROUTINE halton.bound_support_email() TO halton_jobs;
GRANT EXECUTE ON ROUTINE halton.bound_support_email() TO halton_pairing;
GRANT EXECUTE ON ROUTINE halton.bound_support_email() TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.bound_support_email() TO halton_support;

CREATE OR REPLACE FUNCTION halton.bound_user()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('halton.user_id'::text, true), ''::text);
ALTER ROUTINE halton.bound_user() OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.bound_user() TO halton_aggregator;
GRANT EXECUTE ON ROUTINE halton.bound_user() TO halton_api;
GRANT EXECUTE ON ROUTINE halton.bound_user() TO halton_auditor;
GRANT EXECUTE ON ROUTINE halton.bound_user() TO halton_jobs;
GRANT EXECUTE ON ROUTINE halton.bound_user() TO halton_pairing;
GRANT EXECUTE ON ROUTINE halton.bound_user() TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.bound_user() TO halton_support;

CREATE OR REPLACE FUNCTION halton.bound_workspace()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('halton.workspace_id'::text, true), ''::text))::uuid;
ALTER ROUTINE halton.bound_workspace() OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.bound_workspace() TO halton_aggregator;
GRANT EXECUTE ON ROUTINE halton.bound_workspace() TO halton_api;
GRANT EXECUTE ON ROUTINE halton.bound_workspace() TO halton_auditor;
GRANT EXECUTE ON ROUTINE halton.bound_workspace() TO halton_jobs;
GRANT EXECUTE ON ROUTINE halton.bound_workspace() TO halton_pairing;
GRANT EXECUTE ON ROUTINE halton.bound_workspace() TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.bound_workspace() TO halton_support;

CREATE OR REPLACE FUNCTION halton.claim_pairing(device_code_hash bytea, device_id uuid, token_hash bytea)
 RETURNS TABLE(workspace_id uuid, machine_id text, approved_by text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
#variable_conflict use_column
DECLARE
  found_pairing halton.pairings;
BEGIN
  SELECT * INTO found_pairing FROM halton.pairings p
    WHERE p.device_code_hash = claim_pairing.device_code_hash AND p.expires_at > clock_timestamp() FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF found_pairing.workspace_id IS NOT NULL THEN
    PERFORM set_config('halton.workspace_id', found_pairing.workspace_id::text, true);
    IF NOT halton.workspace_is_writable() THEN
      RAISE EXCEPTION 'the workspace awaits its deletion' USING ERRCODE = 'HM001';
    END IF;
    INSERT INTO halton.devices (workspace_id, device_id, machine_id, name, token_hash, paired_by)
      VALUES (found_pairing.workspace_id, claim_pairing.device_id, found_pairing.machine_id, found_pairing.name, claim_pairing.token_hash, found_pairing.approved_by);
    DELETE FROM halton.pairings p WHERE p.device_code_hash = claim_pairing.device_code_hash;
  END IF;
  RETURN QUERY SELECT found_pairing.workspace_id, found_pairing.machine_id, found_pairing.approved_by;
END
$function$;
ALTER ROUTINE halton.claim_pairing(bytea,uuid,bytea) OWNER TO halton_pairing;
GRANT EXECUTE ON ROUTINE halton.claim_pairing(bytea,uuid,bytea) TO halton_api;

CREATE OR REPLACE FUNCTION halton.due_workspaces()
 RETURNS TABLE(workspace_id uuid, requested_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  SELECT w.workspace_id, w.deletion_requested_at FROM halton.workspaces w WHERE halton.is_due(w.workspace_id)
  ORDER BY w.deletion_requested_at, w.workspace_id
$function$;
ALTER ROUTINE halton.due_workspaces() OWNER TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.due_workspaces() TO halton_jobs;

CREATE OR REPLACE FUNCTION halton.enter_support()
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
DECLARE
  granted uuid;
BEGIN
  SELECT grant_id INTO granted FROM halton.support_may_enter() LIMIT 1;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO halton.support_uses (workspace_id, grant_id) VALUES (halton.bound_workspace(), granted);
  PERFORM halton.audit_append('support', halton.bound_support_email(), 'support.entered', granted::text, '{}');
  RETURN true;
END
$function$;
ALTER ROUTINE halton.enter_support() OWNER TO halton_auditor;
GRANT EXECUTE ON ROUTINE halton.enter_support() TO halton_support;

CREATE OR REPLACE FUNCTION halton.expire_requests(workspace uuid, batch integer)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
DECLARE
  days integer;
  expired text[];
  deleted bigint;
  deleted_keys bigint;
BEGIN
  IF batch IS NULL OR batch < 1 THEN
    RAISE EXCEPTION 'a batch is one row or more' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM set_config('halton.workspace_id', workspace::text, true);
  SELECT retention_days INTO days FROM halton.workspaces w WHERE w.workspace_id = workspace;
  SELECT array_agg(request_id) INTO expired FROM (
    SELECT request_id FROM halton.requests
    WHERE workspace_id = workspace AND occurred_at < clock_timestamp() - make_interval(hours => 24 * days)
    ORDER BY occurred_at LIMIT batch FOR UPDATE SKIP LOCKED
  ) oldest;
  DELETE FROM halton.request_bodies WHERE workspace_id = workspace AND request_id = ANY (expired);
  DELETE FROM halton.requests WHERE workspace_id = workspace AND request_id = ANY (expired);
  GET DIAGNOSTICS deleted = ROW_COUNT;
  DELETE FROM halton.idempotency_keys WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM halton.idempotency_keys WHERE workspace_id = workspace AND created_at < clock_timestamp() - interval '24 hours' LIMIT batch
  ));
  GET DIAGNOSTICS deleted_keys = ROW_COUNT;
  IF deleted > 0 THEN
    PERFORM halton.audit_append('job', 'purge', 'usage.expired', workspace::text, jsonb_build_object('requests', deleted, 'retention_days', days)::text);
  END IF;
  RETURN deleted + deleted_keys;
END
$function$;
ALTER ROUTINE halton.expire_requests(uuid,integer) OWNER TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.expire_requests(uuid,integer) TO halton_jobs;

CREATE OR REPLACE FUNCTION halton.guard_begun_purge()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.purge_begun_at IS NULL AND NEW.purge_begun_at IS NOT NULL THEN
    RETURN NEW; -- guard_deletion_request sees to it that nothing else changes
  END IF;
  PERFORM FROM halton.workspace_tombstones WHERE workspace_hash = halton.tombstone_hash(NEW.workspace_id);
  IF NOT FOUND THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    RAISE EXCEPTION 'a workspace of this id was deleted' USING ERRCODE = 'unique_violation';
  END IF;
  RAISE EXCEPTION 'the purge of the workspace has begun' USING ERRCODE = 'HM001';
END
$function$;
ALTER ROUTINE halton.guard_begun_purge() OWNER TO halton_purger;

CREATE OR REPLACE FUNCTION halton.guard_deletion_request()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
BEGIN
  IF OLD.purge_begun_at IS NOT NULL THEN
    RAISE EXCEPTION 'the purge of the workspace has begun' USING ERRCODE = 'HM001';
  END IF;
  IF NEW.purge_begun_at IS NOT NULL THEN
    IF to_jsonb(NEW) - 'purge_begun_at' <> to_jsonb(OLD) - 'purge_begun_at' THEN
      RAISE EXCEPTION 'nothing else changes when a purge begins' USING ERRCODE = 'HM001';
    END IF;
    NEW.purge_begun_at := clock_timestamp();
    RETURN NEW;
  END IF;
  IF OLD.deletion_requested_at IS NULL THEN
    IF NEW.deletion_requested_at IS NOT NULL THEN
      NEW.deletion_requested_at := clock_timestamp();
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.deletion_requested_at IS NULL
    AND to_jsonb(NEW) - 'deletion_requested_at' - 'deletion_requested_by' = to_jsonb(OLD) - 'deletion_requested_at' - 'deletion_requested_by'
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'workspace awaits its deletion' USING ERRCODE = 'HM001', HINT = 'Cancel the deletion first.';
END
$function$;
ALTER ROUTINE halton.guard_deletion_request() OWNER TO halton_owner;

CREATE OR REPLACE FUNCTION halton.guard_head()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.workspace_id = OLD.workspace_id AND NEW.sequence = OLD.sequence + 1 THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND current_user = 'halton_purger' THEN
    IF halton.is_due(OLD.workspace_id) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '% on halton.audit_heads is refused: a head moves on by one', TG_OP USING ERRCODE = 'HM003';
END
$function$;
ALTER ROUTINE halton.guard_head() OWNER TO halton_owner;

CREATE OR REPLACE FUNCTION halton.guard_support_window()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
BEGIN
  IF NEW.expires_at > NEW.granted_at + (SELECT support_window FROM halton.service_settings) THEN
    RAISE EXCEPTION 'a support grant may not last that long' USING ERRCODE = 'HM004';
  END IF;
  RETURN NEW;
END
$function$;
ALTER ROUTINE halton.guard_support_window() OWNER TO halton_owner;

CREATE OR REPLACE PROCEDURE halton.hand_over(IN new_owner regrole, VARIADIC functions regprocedure[])
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $procedure$
DECLARE
  handed_over regprocedure;
BEGIN
  EXECUTE format('GRANT CREATE ON SCHEMA halton TO %s', new_owner);
  FOREACH handed_over IN ARRAY functions LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO %s', handed_over, new_owner);
  END LOOP;
  EXECUTE format('REVOKE CREATE ON SCHEMA halton FROM %s', new_owner);
END
$procedure$;
ALTER ROUTINE halton.hand_over(regrole,regprocedure[]) OWNER TO halton_owner;

CREATE OR REPLACE FUNCTION halton.import_tombstone(hash bytea, requested timestamp with time zone, begun timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
BEGIN
  IF begun > clock_timestamp() THEN
    RAISE EXCEPTION 'the tombstone is from the future' USING ERRCODE = 'HM007';
  END IF;
  INSERT INTO halton.workspace_tombstones (workspace_hash, requested_at, begun_at, handed_over_at, imported_at)
    VALUES (hash, requested, begun, clock_timestamp(), clock_timestamp())
    ON CONFLICT (workspace_hash) DO UPDATE
      SET imported_at = clock_timestamp(), handed_over_at = coalesce(workspace_tombstones.handed_over_at, clock_timestamp());
END
$function$;
ALTER ROUTINE halton.import_tombstone(bytea,timestamp with time zone,timestamp with time zone) OWNER TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.import_tombstone(bytea,timestamp with time zone,timestamp with time zone) TO halton_migrator;

CREATE OR REPLACE FUNCTION halton.is_due(workspace uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN ((EXISTS (SELECT FROM halton.workspaces WHERE ((workspaces.workspace_id = is_due.workspace) AND (workspaces.deletion_requested_at <= (clock_timestamp() - '720:00:00'::interval))))) OR (EXISTS (SELECT FROM halton.workspace_tombstones WHERE ((workspace_tombstones.workspace_hash = halton.tombstone_hash(is_due.workspace)) AND (workspace_tombstones.imported_at IS NOT NULL)))));
ALTER ROUTINE halton.is_due(uuid) OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.is_due(uuid) TO halton_purger;

CREATE OR REPLACE PROCEDURE halton.isolate(IN tenant_table regclass, IN in_grace text[] DEFAULT '{}'::text[])
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $procedure$
DECLARE
  own constant text := 'workspace_id = (SELECT halton.bound_workspace())';
  writable constant text := '(SELECT halton.workspace_is_writable())';
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', tenant_table);
  EXECUTE format('CREATE POLICY own_workspace ON %s TO halton_api, halton_jobs USING (%s)', tenant_table, own);
  EXECUTE format('CREATE POLICY purge ON %s TO halton_purger USING (%s)', tenant_table, own);
  IF NOT 'INSERT' = ANY (in_grace) THEN
    EXECUTE format('CREATE POLICY writable_insert ON %s AS RESTRICTIVE FOR INSERT TO halton_api, halton_jobs WITH CHECK (%s)', tenant_table, writable);
  END IF;
  IF NOT 'UPDATE' = ANY (in_grace) THEN
    EXECUTE format('CREATE POLICY writable_update ON %s AS RESTRICTIVE FOR UPDATE TO halton_api, halton_jobs WITH CHECK (%s)', tenant_table, writable);
  END IF;
  IF NOT 'DELETE' = ANY (in_grace) THEN
    EXECUTE format('CREATE POLICY writable_delete ON %s AS RESTRICTIVE FOR DELETE TO halton_api, halton_jobs USING (%s)', tenant_table, writable);
  END IF;
END
$procedure$;
ALTER ROUTINE halton.isolate(regclass,text[]) OWNER TO halton_owner;

CREATE OR REPLACE PROCEDURE halton.keep_revocations(IN revocable regclass)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $procedure$
BEGIN
  EXECUTE format('CREATE TRIGGER keep_revocation BEFORE UPDATE ON %s FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL AND (OLD.revoked_at, OLD.revoked_by) IS DISTINCT FROM (NEW.revoked_at, NEW.revoked_by)) EXECUTE FUNCTION halton.refuse_taking_back()', revocable);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER keep_revocation', revocable);
END
$procedure$;
ALTER ROUTINE halton.keep_revocations(regclass) OWNER TO halton_owner;

CREATE OR REPLACE PROCEDURE halton.make_append_only(IN append_only regclass)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $procedure$
BEGIN
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION halton.refuse_change()', append_only);
  EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION halton.refuse_change()', append_only);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only', append_only);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER no_truncate', append_only);
  -- Who deletes or changes all the same is written down by pgaudit, which watches what this role may do.
  EXECUTE format('GRANT UPDATE, DELETE ON %s TO rds_pgaudit', append_only);
END
$procedure$;
ALTER ROUTINE halton.make_append_only(regclass) OWNER TO halton_owner;

CREATE OR REPLACE FUNCTION halton.purge_batch(workspace uuid, batch integer)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
DECLARE
  begun timestamptz;
  emptied text;
  chosen tid[];
  deleted integer := 0;
  organisation uuid;
BEGIN
  IF batch IS NULL OR batch < 1 THEN
    RAISE EXCEPTION 'a batch is one row or more' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM set_config('halton.workspace_id', workspace::text, true);
  SELECT purge_begun_at INTO begun FROM halton.workspaces WHERE workspace_id = workspace FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  IF NOT halton.is_due(workspace) THEN
    RAISE EXCEPTION 'the workspace is not due' USING ERRCODE = 'HM005';
  END IF;
  PERFORM FROM halton.workspace_tombstones WHERE workspace_hash = halton.tombstone_hash(workspace) AND handed_over_at IS NOT NULL;
  IF NOT FOUND OR begun IS NULL THEN
    RAISE EXCEPTION 'its purge was not begun, or its tombstone was not handed over' USING ERRCODE = 'HM006';
  END IF;
  PERFORM FROM halton.audit_heads WHERE workspace_id = workspace FOR UPDATE;
  FOREACH emptied IN ARRAY halton.purged_tables() LOOP
    EXECUTE format('SELECT ARRAY(SELECT ctid FROM halton.%I WHERE workspace_id = $1 LIMIT $2)', emptied) INTO chosen USING workspace, batch - deleted;
    EXECUTE format('DELETE FROM halton.%I WHERE ctid = ANY ($1)', emptied) USING chosen;
    deleted := deleted + cardinality(chosen);
    EXIT WHEN deleted >= batch;
  END LOOP;
  UPDATE halton.workspace_tombstones SET rows_deleted = rows_deleted + deleted WHERE workspace_hash = halton.tombstone_hash(workspace);
  IF deleted < batch THEN
    DELETE FROM halton.audit_heads WHERE workspace_id = workspace;
    DELETE FROM halton.workspaces WHERE workspace_id = workspace RETURNING organisation_id INTO organisation;
    PERFORM set_config('halton.organisation_id', organisation::text, true);
    DELETE FROM halton.organisations o WHERE o.organisation_id = organisation
      AND NOT EXISTS (SELECT FROM halton.workspaces w WHERE w.organisation_id = organisation);
    UPDATE halton.workspace_tombstones SET purged_at = clock_timestamp() WHERE workspace_hash = halton.tombstone_hash(workspace);
  END IF;
  RETURN deleted;
END
$function$;
ALTER ROUTINE halton.purge_batch(uuid,integer) OWNER TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.purge_batch(uuid,integer) TO halton_jobs;

CREATE OR REPLACE FUNCTION halton.purged_tables()
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE
RETURN '{request_bodies,requests,prompt_views,siem_outbox,idempotency_keys,invitations,api_keys,pairings,devices,projects,policies,pricing_overrides,billing_events,support_uses,support_grants,members,audit_log}'::text[];
ALTER ROUTINE halton.purged_tables() OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.purged_tables() TO halton_purger;

CREATE OR REPLACE FUNCTION halton.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'halton_purger' THEN
    IF halton.is_due(OLD.workspace_id) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '% on %.% is refused: it is append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'HM003';
END
$function$;
ALTER ROUTINE halton.refuse_change() OWNER TO halton_owner;

CREATE OR REPLACE FUNCTION halton.refuse_consent_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
BEGIN
  RAISE EXCEPTION '% on halton.checkout_consent_records is refused: it is append-only', TG_OP USING ERRCODE = 'HM003';
END
$function$;
ALTER ROUTINE halton.refuse_consent_change() OWNER TO halton_owner;

CREATE OR REPLACE FUNCTION halton.refuse_taking_back()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
BEGIN
  RAISE EXCEPTION 'on %.% what was done is not taken back', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'HM003';
END
$function$;
ALTER ROUTINE halton.refuse_taking_back() OWNER TO halton_owner;

CREATE OR REPLACE FUNCTION halton.settle_tombstones()
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
DECLARE
  settled bigint;
BEGIN
  UPDATE halton.workspace_tombstones SET purged_at = clock_timestamp()
    WHERE imported_at IS NOT NULL AND purged_at IS NULL
      AND workspace_hash NOT IN (SELECT halton.tombstone_hash(w.workspace_id) FROM halton.workspaces w);
  GET DIAGNOSTICS settled = ROW_COUNT;
  RETURN settled;
END
$function$;
ALTER ROUTINE halton.settle_tombstones() OWNER TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.settle_tombstones() TO halton_migrator;

CREATE OR REPLACE FUNCTION halton.start_pairing(device_code_hash bytea, user_code_hash bytea, machine_id text, name text)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
#variable_conflict use_variable
DECLARE
  ends timestamptz;
BEGIN
  -- One that another transaction holds, it removes itself: nobody waits for somebody else's pairing.
  DELETE FROM halton.pairings ended WHERE ended.device_code_hash IN (
    SELECT p.device_code_hash FROM halton.pairings p WHERE p.expires_at < clock_timestamp() FOR UPDATE SKIP LOCKED
  );
  INSERT INTO halton.pairings (device_code_hash, user_code_hash, machine_id, name)
    VALUES (device_code_hash, user_code_hash, machine_id, name)
    ON CONFLICT DO NOTHING RETURNING expires_at INTO ends;
  RETURN ends;
END
$function$;
ALTER ROUTINE halton.start_pairing(bytea,bytea,text,text) OWNER TO halton_pairing;
GRANT EXECUTE ON ROUTINE halton.start_pairing(bytea,bytea,text,text) TO halton_api;

CREATE OR REPLACE FUNCTION halton.stuck_purges()
 RETURNS bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  SELECT count(*) FROM halton.workspaces w
  WHERE NOT halton.is_due(w.workspace_id) AND (w.purge_begun_at IS NOT NULL OR EXISTS (
    SELECT FROM halton.workspace_tombstones t WHERE t.workspace_hash = halton.tombstone_hash(w.workspace_id)
  ))
$function$;
ALTER ROUTINE halton.stuck_purges() OWNER TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.stuck_purges() TO halton_jobs;

CREATE OR REPLACE FUNCTION halton.support_is_in()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
RETURN (EXISTS (SELECT FROM (halton.support_may_enter() g(grant_id) JOIN halton.support_uses u USING (grant_id)) WHERE ((u.workspace_id = halton.bound_workspace()) AND (u.used_at > (clock_timestamp() - '00:05:00'::interval)) AND (u.transaction IS DISTINCT FROM pg_current_xact_id_if_assigned()))));
ALTER ROUTINE halton.support_is_in() OWNER TO halton_auditor;
GRANT EXECUTE ON ROUTINE halton.support_is_in() TO halton_support;

CREATE OR REPLACE FUNCTION halton.support_may_enter()
 RETURNS TABLE(grant_id uuid)
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
BEGIN ATOMIC
 SELECT g.grant_id
    FROM halton.support_grants g,
     halton.service_settings
   WHERE ((g.workspace_id = halton.bound_workspace()) AND (g.support_email = halton.bound_support_email()) AND (g.revoked_at IS NULL) AND (clock_timestamp() < LEAST(g.expires_at, (g.granted_at + service_settings.support_window))));
END;
ALTER ROUTINE halton.support_may_enter() OWNER TO halton_auditor;

CREATE OR REPLACE FUNCTION halton.tombstone_handed_over(workspace uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  UPDATE halton.workspace_tombstones SET handed_over_at = coalesce(handed_over_at, clock_timestamp())
  WHERE workspace_hash = halton.tombstone_hash(workspace)
$function$;
ALTER ROUTINE halton.tombstone_handed_over(uuid) OWNER TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.tombstone_handed_over(uuid) TO halton_jobs;

CREATE OR REPLACE FUNCTION halton.tombstone_hash(workspace uuid)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN sha256(((convert_to('halton.tombstone.v1'::text, 'UTF8'::name) || '\x00'::bytea) || uuid_send(workspace)));
ALTER ROUTINE halton.tombstone_hash(uuid) OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.tombstone_hash(uuid) TO halton_purger;

CREATE OR REPLACE FUNCTION halton.usage_by_day(first_day date, last_day date)
 RETURNS TABLE(day date, provider text, model text, workspaces bigint, requests bigint, input_tokens numeric, output_tokens numeric, cached_tokens numeric, cost_usd numeric, mean_latency_ms numeric)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  WITH one_workspace AS (
    SELECT (occurred_at AT TIME ZONE 'UTC')::date AS day, r.provider, r.model, workspace_id, count(*) AS requests,
      sum(r.input_tokens) AS input_tokens, sum(r.output_tokens) AS output_tokens, sum(r.cached_tokens) AS cached_tokens,
      sum(r.cost_usd) AS cost_usd, sum(latency_ms) AS latency, count(latency_ms) AS timed
    FROM halton.requests r
    WHERE occurred_at >= first_day::timestamp AT TIME ZONE 'UTC' AND occurred_at < (last_day + 1)::timestamp AT TIME ZONE 'UTC'
    GROUP BY 1, 2, 3, 4
  )
  SELECT day, provider, model, count(*), sum(requests), sum(input_tokens), sum(output_tokens), sum(cached_tokens), sum(cost_usd),
    round(sum(latency) / nullif(sum(timed), 0))
  FROM one_workspace
  GROUP BY day, provider, model
  HAVING count(*) >= 5
    AND max(requests) <= 0.8 * sum(requests)
    AND max(input_tokens) <= 0.8 * sum(input_tokens)
    AND max(output_tokens) <= 0.8 * sum(output_tokens)
    AND max(cached_tokens) <= 0.8 * sum(cached_tokens)
    AND max(cost_usd) <= 0.8 * sum(cost_usd)
    AND coalesce(max(latency) <= 0.8 * sum(latency), true) -- where nobody told a latency there is none to show
  ORDER BY day, provider, model
$function$;
ALTER ROUTINE halton.usage_by_day(date,date) OWNER TO halton_aggregator;
GRANT EXECUTE ON ROUTINE halton.usage_by_day(date,date) TO halton_analytics;

CREATE OR REPLACE FUNCTION halton.verify_audit(anchor_sequence bigint DEFAULT NULL::bigint, anchor_hash bytea DEFAULT NULL::bytea)
 RETURNS TABLE(entries bigint, bad_sequence bigint, fault text)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
#variable_conflict use_column
DECLARE
  workspace constant uuid := halton.bound_workspace();
  most constant bigint := 999999999999999999; -- no number above it is computed with, whatever stands in the tables
  last_sequence bigint;
  last_hash bytea;
  head_sequence bigint;
  head_hash bytea;
BEGIN
  -- Nothing is visible without one, and nothing would be found to be at fault.
  IF workspace IS NULL THEN
    RAISE EXCEPTION 'no workspace is bound' USING ERRCODE = 'HM002';
  END IF;
  IF (anchor_sequence IS NULL) <> (anchor_hash IS NULL) OR anchor_sequence < 1 THEN
    RAISE EXCEPTION 'an anchor is a sequence from 1 on and a hash' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT least(e.sequence, most), e.hash INTO last_sequence, last_hash FROM halton.audit_log e
    WHERE e.workspace_id = workspace AND e.sequence IS NOT NULL ORDER BY e.sequence DESC LIMIT 1;
  SELECT least(h.sequence, most), h.hash INTO head_sequence, head_hash FROM halton.audit_heads h WHERE h.workspace_id = workspace;
  IF last_sequence IS NULL THEN
    last_sequence := 0;
    last_hash := halton.audit_genesis(workspace);
  END IF;
  -- The head is made with the first entry.
  IF head_sequence IS NULL THEN
    head_sequence := 0;
    head_hash := halton.audit_genesis(workspace);
  END IF;
  RETURN QUERY
    WITH chain AS (
      SELECT e.sequence, e.hash, e.previous_hash,
        least(coalesce(lag(e.sequence) OVER in_order, 0), most) AS sequence_before,
        (e.sequence BETWEEN 1 AND most) IS NOT TRUE AS unnumbered,
        coalesce(lag(e.hash) OVER in_order, halton.audit_genesis(workspace)) AS hash_before,
        -- A NULL is no hash, and has none; nor has a time that an export cannot write, of which some cannot be computed with.
        (e.hash = CASE WHEN e.recorded_at >= '0001-01-01 00:00:00+00' AND e.recorded_at < '10000-01-01 00:00:00+00' THEN halton.audit_hash(
          workspace, e.sequence, e.previous_hash, e.recorded_at, e.actor_kind, e.actor, e.action, e.target, e.details
        ) END) IS NOT TRUE AS changed
      FROM halton.audit_log e WHERE e.workspace_id = workspace
      WINDOW in_order AS (ORDER BY e.sequence)
    ), faults AS (
      SELECT CASE WHEN c.unnumbered THEN c.sequence_before + 1 ELSE least(c.sequence, c.sequence_before + 1) END AS sequence, CASE
        WHEN c.unnumbered THEN 'changed'
        WHEN c.sequence > c.sequence_before + 1 THEN 'missing'
        WHEN c.sequence <= c.sequence_before AND c.hash IS DISTINCT FROM c.hash_before THEN 'forked'
        WHEN c.changed THEN 'changed'
        WHEN c.sequence <= c.sequence_before THEN 'duplicate'
        WHEN c.previous_hash IS DISTINCT FROM c.hash_before THEN 'unlinked'
      END AS fault
      FROM chain c
      UNION ALL
      SELECT least(anchor_sequence, last_sequence + 1), 'anchor' WHERE anchor_sequence IS NOT NULL AND NOT EXISTS (
        SELECT FROM halton.audit_log e WHERE e.workspace_id = workspace AND e.sequence = anchor_sequence AND e.hash = anchor_hash
      )
      UNION ALL
      SELECT CASE WHEN head_sequence = last_sequence THEN last_sequence ELSE least(head_sequence, last_sequence) + 1 END, 'head'
      WHERE head_sequence <> last_sequence OR head_hash IS DISTINCT FROM last_hash
    ), first_fault AS (
      SELECT f.sequence, f.fault FROM faults f WHERE f.fault IS NOT NULL
      ORDER BY f.sequence, array_position('{missing,forked,changed,unlinked,duplicate,anchor,head}'::text[], f.fault) LIMIT 1
    )
    SELECT coalesce(f.sequence - 1, last_sequence), f.sequence, f.fault FROM (SELECT) once LEFT JOIN first_fault f ON true;
END
$function$;
ALTER ROUTINE halton.verify_audit(bigint,bytea) OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.verify_audit(bigint,bytea) TO halton_api;
GRANT EXECUTE ON ROUTINE halton.verify_audit(bigint,bytea) TO halton_jobs;

CREATE OR REPLACE FUNCTION halton.workspace_ids()
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  SELECT workspace_id FROM halton.workspaces ORDER BY workspace_id
$function$;
ALTER ROUTINE halton.workspace_ids() OWNER TO halton_purger;
GRANT EXECUTE ON ROUTINE halton.workspace_ids() TO halton_jobs;

CREATE OR REPLACE FUNCTION halton.workspace_is_writable()
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
BEGIN
  IF NOT EXISTS (SELECT FROM halton.workspaces WHERE workspace_id = halton.bound_workspace() AND deletion_requested_at IS NULL) THEN
    RETURN false;
  END IF;
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION 'a workspace is written to in READ COMMITTED alone' USING ERRCODE = 'HM008';
  END IF;
  RETURN true;
END
$function$;
ALTER ROUTINE halton.workspace_is_writable() OWNER TO halton_owner;
GRANT EXECUTE ON ROUTINE halton.workspace_is_writable() TO halton_api;
GRANT EXECUTE ON ROUTINE halton.workspace_is_writable() TO halton_jobs;
GRANT EXECUTE ON ROUTINE halton.workspace_is_writable() TO halton_pairing;
