-- Whom a transaction acts for. The service sets these with set_config(…, true) at its beginning. A setting that was set
-- once reads '' and not NULL after the transaction, in which state nothing may be visible either.
CREATE FUNCTION halton.bound_workspace() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('halton.workspace_id', true), '')::uuid;

CREATE FUNCTION halton.bound_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('halton.organisation_id', true), '')::uuid;

CREATE FUNCTION halton.bound_user() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('halton.user_id', true), '');

CREATE FUNCTION halton.bound_support_email() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('halton.support_email', true), '');

GRANT EXECUTE ON FUNCTION halton.bound_workspace(), halton.bound_organisation(), halton.bound_user(), halton.bound_support_email()
  TO halton_api, halton_jobs, halton_support, halton_auditor, halton_pairing, halton_purger, halton_aggregator;

-- What is sold. Not a tenant's, and changed by migrations only.
CREATE TABLE halton.plans (
  plan text PRIMARY KEY,
  name text NOT NULL,
  rank smallint NOT NULL UNIQUE,
  writes_prompt_views boolean NOT NULL,
  reads_prompt_views boolean NOT NULL,
  streams_to_siem boolean NOT NULL
);
INSERT INTO halton.plans VALUES
  ('solo', 'Solo', 1, false, false, false),
  ('team', 'Team', 2, true, false, false),
  ('business_plus', 'Business+', 3, true, true, true),
  ('enterprise', 'Enterprise', 4, true, true, true);
GRANT SELECT ON halton.plans TO halton_api, halton_jobs, halton_support, halton_auditor;

CREATE TABLE halton.organisations (
  organisation_id uuid PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE halton.workspaces (
  workspace_id uuid PRIMARY KEY,
  organisation_id uuid NOT NULL REFERENCES halton.organisations,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  plan text NOT NULL DEFAULT 'solo' REFERENCES halton.plans,
  seats integer NOT NULL DEFAULT 1 CHECK (seats > 0),
  time_zone text NOT NULL DEFAULT 'UTC' CHECK (length(time_zone) BETWEEN 1 AND 64),
  retention_days integer NOT NULL DEFAULT 365 CHECK (retention_days BETWEEN 1 AND 3650),
  body_sync boolean NOT NULL DEFAULT false,
  siem_stream boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  deletion_requested_at timestamptz,
  deletion_requested_by text,
  purge_begun_at timestamptz,
  CHECK ((deletion_requested_at IS NULL) = (deletion_requested_by IS NULL))
);
CREATE INDEX workspaces_organisation ON halton.workspaces (organisation_id);
CREATE INDEX workspaces_deletion ON halton.workspaces (deletion_requested_at) WHERE deletion_requested_at IS NOT NULL;

-- A workspace whose deletion was requested is read-only until it is purged or the request is cancelled, at once: a snapshot
-- that a transaction keeps from before would not know of the request, so none that keeps one writes. PL/pgSQL keeps the plan
-- for the session: in SQL it would be made anew for each statement, which takes as long as storing a row.
CREATE FUNCTION halton.workspace_is_writable() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM halton.workspaces WHERE workspace_id = halton.bound_workspace() AND deletion_requested_at IS NULL) THEN
    RETURN false;
  END IF;
  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
    RAISE EXCEPTION 'a workspace is written to in READ COMMITTED alone' USING ERRCODE = 'HM008';
  END IF;
  RETURN true;
END
$$;
GRANT EXECUTE ON FUNCTION halton.workspace_is_writable() TO halton_api, halton_jobs, halton_pairing;

-- Puts a table that carries the workspace's key behind its tenant's wall, for the owner too. Who may do what to the
-- table is said by grants; these policies say to which rows. `in_grace` names what a workspace that waits for its
-- deletion may still do: nothing, unless said. A sub-select is evaluated once a statement and not once a row.
CREATE PROCEDURE halton.isolate(tenant_table regclass, in_grace text[] DEFAULT '{}') LANGUAGE plpgsql SET search_path = pg_catalog AS $$
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
$$;

-- Gives functions to a role of their own. It may create in the schema for this moment, since a function passes only to
-- who may. What is granted on them before stays granted.
CREATE PROCEDURE halton.hand_over(new_owner regrole, VARIADIC functions regprocedure[]) LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  handed_over regprocedure;
BEGIN
  EXECUTE format('GRANT CREATE ON SCHEMA halton TO %s', new_owner);
  FOREACH handed_over IN ARRAY functions LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO %s', handed_over, new_owner);
  END LOOP;
  EXECUTE format('REVOKE CREATE ON SCHEMA halton FROM %s', new_owner);
END
$$;

ALTER TABLE halton.organisations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON halton.organisations TO halton_api USING (organisation_id = (SELECT halton.bound_organisation()));
CREATE POLICY purge ON halton.organisations TO halton_purger USING (organisation_id = (SELECT halton.bound_organisation()));
GRANT SELECT, INSERT (organisation_id, name) ON halton.organisations TO halton_api;
GRANT SELECT (organisation_id), DELETE ON halton.organisations TO halton_purger;

CALL halton.isolate('halton.workspaces', '{INSERT,UPDATE}');
-- A foreign key alone would let a workspace be put under anybody's organisation.
CREATE POLICY own_organisation ON halton.workspaces AS RESTRICTIVE FOR INSERT TO halton_api
  WITH CHECK (organisation_id = (SELECT halton.bound_organisation()));
GRANT SELECT, INSERT (workspace_id, organisation_id, name, plan, seats, time_zone, retention_days, body_sync, siem_stream),
  UPDATE (name, plan, seats, time_zone, retention_days, body_sync, siem_stream, deletion_requested_at, deletion_requested_by)
  ON halton.workspaces TO halton_api;
GRANT SELECT ON halton.workspaces TO halton_jobs;

-- The database's clock says when deletion was requested, so that nobody can shorten the 30 days. While the request
-- stands, nothing about the workspace changes but that it is cancelled, or that its purge begins, after which nothing does.
-- That the purge writes the row is what stops a cancellation whose snapshot is older: Postgres refuses it with 40001.
CREATE FUNCTION halton.guard_deletion_request() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
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
$$;
CREATE TRIGGER guard_deletion_request BEFORE UPDATE ON halton.workspaces
  FOR EACH ROW EXECUTE FUNCTION halton.guard_deletion_request();
ALTER TABLE halton.workspaces ENABLE ALWAYS TRIGGER guard_deletion_request;

INSERT INTO halton.schema_versions (version, serves) VALUES (2, 1);
