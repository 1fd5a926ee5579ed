-- A daemon on one machine of one workspace. Its token stands as SHA-256 of 32 random bytes.
CREATE TABLE halton.devices (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  device_id uuid NOT NULL,
  machine_id text NOT NULL CHECK (length(machine_id) BETWEEN 1 AND 255),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
  paired_by text NOT NULL,
  paired_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at timestamptz, -- its rows stay
  revoked_by text,
  PRIMARY KEY (workspace_id, device_id),
  UNIQUE (workspace_id, token_hash),
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
-- A device can be revoked at any time.
CALL halton.isolate('halton.devices', '{UPDATE}');
CALL halton.keep_revocations('halton.devices');
GRANT SELECT, UPDATE (revoked_at, revoked_by) ON halton.devices TO halton_api;

-- A pairing belongs to nobody until a member approves it, so nobody reads or writes this table: three functions do, as a
-- role of their own. Both codes stand as hashes, each is good for one thing, once, for ten minutes.
CREATE TABLE halton.pairings (
  device_code_hash bytea PRIMARY KEY CHECK (length(device_code_hash) = 32),
  user_code_hash bytea NOT NULL UNIQUE CHECK (length(user_code_hash) = 32),
  machine_id text NOT NULL CHECK (length(machine_id) BETWEEN 1 AND 255),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL DEFAULT clock_timestamp() + interval '10 minutes',
  workspace_id uuid REFERENCES halton.workspaces,
  approved_by text,
  CHECK ((workspace_id IS NULL) = (approved_by IS NULL))
);
CREATE INDEX pairings_workspace ON halton.pairings (workspace_id);
CREATE INDEX pairings_expiry ON halton.pairings (expires_at);
ALTER TABLE halton.pairings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY pairing ON halton.pairings TO halton_pairing USING (true);
CREATE POLICY purge ON halton.pairings TO halton_purger USING (workspace_id = (SELECT halton.bound_workspace()));
GRANT SELECT, INSERT, UPDATE, DELETE ON halton.pairings TO halton_pairing;

-- Starts a pairing; it answers when the codes end, or null where the code that the member types is taken at the moment.
CREATE FUNCTION halton.start_pairing(device_code_hash bytea, user_code_hash bytea, machine_id text, name text)
RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
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
$$;

-- Approves a pairing for the bound workspace; it answers which machine, or nothing where there is no such code.
CREATE FUNCTION halton.approve_pairing(user_code_hash bytea, approved_by text)
RETURNS TABLE (machine_id text, name text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
#variable_conflict use_column
BEGIN
  IF NOT halton.workspace_is_writable() THEN
    RAISE EXCEPTION 'no workspace is bound, or it awaits its deletion' USING ERRCODE = 'HM001';
  END IF;
  RETURN QUERY UPDATE halton.pairings p SET workspace_id = halton.bound_workspace(), approved_by = approve_pairing.approved_by
    WHERE p.user_code_hash = approve_pairing.user_code_hash AND p.workspace_id IS NULL AND p.expires_at > clock_timestamp()
    RETURNING p.machine_id, p.name;
END
$$;

-- Makes the device of an approved pairing, once, and binds its workspace for the rest of the transaction. It answers
-- nothing where there is no such code, and a workspace of null while nobody has approved it.
CREATE FUNCTION halton.claim_pairing(device_code_hash bytea, device_id uuid, token_hash bytea)
RETURNS TABLE (workspace_id uuid, machine_id text, approved_by text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
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
$$;

GRANT SELECT (workspace_id, deletion_requested_at) ON halton.workspaces TO halton_pairing;
CREATE POLICY pairing ON halton.workspaces FOR SELECT TO halton_pairing USING (workspace_id = (SELECT halton.bound_workspace()));
GRANT INSERT ON halton.devices TO halton_pairing;
CREATE POLICY pairing ON halton.devices FOR INSERT TO halton_pairing WITH CHECK (workspace_id = (SELECT halton.bound_workspace()));

GRANT EXECUTE ON FUNCTION
  halton.start_pairing(bytea, bytea, text, text), halton.approve_pairing(bytea, text), halton.claim_pairing(bytea, uuid, bytea)
  TO halton_api;
CALL halton.hand_over('halton_pairing',
  'halton.start_pairing(bytea, bytea, text, text)',
  'halton.approve_pairing(bytea, text)',
  'halton.claim_pairing(bytea, uuid, bytea)');

INSERT INTO halton.schema_versions (version, serves) VALUES (6, 1);
