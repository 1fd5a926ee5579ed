-- How long an owner may let support in at most.
CREATE TABLE halton.service_settings (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  support_window interval NOT NULL DEFAULT interval '24 hours' CHECK (support_window BETWEEN interval '1 hour' AND interval '7 days')
);
INSERT INTO halton.service_settings DEFAULT VALUES;
GRANT SELECT ON halton.service_settings TO halton_api, halton_support, halton_auditor;

CREATE TABLE halton.support_grants (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  grant_id uuid NOT NULL,
  support_email text NOT NULL CHECK (support_email = lower(support_email) AND length(support_email) BETWEEN 3 AND 320),
  granted_by text NOT NULL,
  granted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_by text,
  PRIMARY KEY (workspace_id, grant_id),
  CHECK (expires_at > granted_at),
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CALL halton.isolate('halton.support_grants', '{UPDATE}'); -- a grant can be revoked at any time
CALL halton.keep_revocations('halton.support_grants');
GRANT SELECT, INSERT (workspace_id, grant_id, support_email, granted_by, expires_at), UPDATE (revoked_at, revoked_by)
  ON halton.support_grants TO halton_api;

CREATE FUNCTION halton.guard_support_window() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF NEW.expires_at > NEW.granted_at + (SELECT support_window FROM halton.service_settings) THEN
    RAISE EXCEPTION 'a support grant may not last that long' USING ERRCODE = 'HM004';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER guard_support_window BEFORE INSERT ON halton.support_grants FOR EACH ROW EXECUTE FUNCTION halton.guard_support_window();
ALTER TABLE halton.support_grants ENABLE ALWAYS TRIGGER guard_support_window;

-- Each time support lets itself in. What is read has to follow in another transaction: one that read first and were then
-- rolled back would take its own record with it.
CREATE TABLE halton.support_uses (
  workspace_id uuid NOT NULL,
  grant_id uuid NOT NULL,
  used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (workspace_id, grant_id, used_at),
  FOREIGN KEY (workspace_id, grant_id) REFERENCES halton.support_grants
);
CALL halton.isolate('halton.support_uses', '{INSERT}');
GRANT SELECT ON halton.support_uses TO halton_api;

-- Support reads neither grants nor uses: these two answer for it.
CREATE FUNCTION halton.support_may_enter() RETURNS TABLE (grant_id uuid) LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog
BEGIN ATOMIC
  SELECT g.grant_id FROM halton.support_grants g, halton.service_settings
  WHERE g.workspace_id = halton.bound_workspace() AND g.support_email = halton.bound_support_email() AND g.revoked_at IS NULL
    AND clock_timestamp() < least(g.expires_at, g.granted_at + support_window);
END;

-- Whether the login of support sees the bound workspace now: let in, and recorded and committed in the last five minutes.
CREATE FUNCTION halton.support_is_in() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog
RETURN EXISTS (
  SELECT FROM halton.support_may_enter() g JOIN halton.support_uses u USING (grant_id)
  WHERE u.workspace_id = halton.bound_workspace() AND u.used_at > clock_timestamp() - interval '5 minutes'
    AND u.transaction IS DISTINCT FROM pg_current_xact_id_if_assigned()
);
GRANT EXECUTE ON FUNCTION halton.support_is_in() TO halton_support;

-- Lets the bound support email into the bound workspace for five minutes and records it; false where nobody granted it.
CREATE FUNCTION halton.enter_support() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
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
$$;
GRANT SELECT ON halton.support_grants TO halton_auditor;
GRANT SELECT, INSERT ON halton.support_uses TO halton_auditor;
CREATE POLICY auditor ON halton.support_grants FOR SELECT TO halton_auditor USING (workspace_id = (SELECT halton.bound_workspace()));
CREATE POLICY auditor ON halton.support_uses TO halton_auditor USING (workspace_id = (SELECT halton.bound_workspace()));
GRANT EXECUTE ON FUNCTION halton.enter_support() TO halton_support;
CALL halton.hand_over('halton_auditor', 'halton.support_may_enter()', 'halton.support_is_in()', 'halton.enter_support()');

-- What support reads: neither bodies nor hashes of what somebody holds. Whether it is in stands within the condition that the
-- index looks for: beside it, rows would be found and then left out, and EXPLAIN ANALYZE would tell how many there are.
DO $$
DECLARE
  readable regclass;
BEGIN
  FOREACH readable IN ARRAY '{halton.workspaces,halton.members,halton.projects,halton.requests,halton.policies,halton.pricing_overrides,halton.billing_events,halton.audit_log,halton.audit_heads}'::regclass[] LOOP
    EXECUTE format('GRANT SELECT ON %s TO halton_support', readable);
    EXECUTE format('CREATE POLICY support ON %s FOR SELECT TO halton_support USING (workspace_id = (SELECT CASE WHEN halton.support_is_in() THEN halton.bound_workspace() END))', readable);
  END LOOP;
END
$$;
GRANT SELECT (workspace_id, device_id, machine_id, name, paired_by, paired_at, revoked_at, revoked_by) ON halton.devices TO halton_support;
GRANT SELECT (workspace_id, key_id, name, created_by, created_at, revoked_at, revoked_by) ON halton.api_keys TO halton_support;
CREATE POLICY support ON halton.devices FOR SELECT TO halton_support USING (workspace_id = (SELECT CASE WHEN halton.support_is_in() THEN halton.bound_workspace() END));
CREATE POLICY support ON halton.api_keys FOR SELECT TO halton_support USING (workspace_id = (SELECT CASE WHEN halton.support_is_in() THEN halton.bound_workspace() END));

INSERT INTO halton.schema_versions (version, serves) VALUES (10, 1);
