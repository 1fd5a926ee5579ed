-- The audit log: one chain of hashes a workspace, which only halton.audit_append lengthens.
CREATE TABLE halton.audit_heads (
  workspace_id uuid PRIMARY KEY REFERENCES halton.workspaces,
  sequence bigint NOT NULL CHECK (sequence >= 0 AND sequence < 1000000000000000000),
  hash bytea NOT NULL CHECK (length(hash) = 32)
);
CALL halton.isolate('halton.audit_heads', '{INSERT,UPDATE,DELETE}');
GRANT SELECT ON halton.audit_heads TO halton_api, halton_jobs;

CREATE TABLE halton.audit_log (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  sequence bigint NOT NULL CHECK (sequence > 0 AND sequence < 1000000000000000000),
  recorded_at timestamptz NOT NULL CHECK (recorded_at >= '0001-01-01 00:00:00+00' AND recorded_at < '10000-01-01 00:00:00+00'), -- four digits of a year
  actor_kind text NOT NULL CHECK (actor_kind IN ('member', 'device', 'api_key', 'support', 'job', 'provider')),
  actor text NOT NULL CHECK (length(actor) BETWEEN 1 AND 512),
  action text NOT NULL CHECK (action ~ '^[a-z][a-z_]*(\.[a-z][a-z_]*)+$' AND length(action) <= 100),
  target text NOT NULL CHECK (length(target) <= 512),
  details text NOT NULL CHECK (length(details) <= 65536 AND jsonb_typeof(details::jsonb) = 'object'), -- text, since jsonb would not keep the bytes that are hashed
  previous_hash bytea NOT NULL CHECK (length(previous_hash) = 32),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (workspace_id, sequence),
  UNIQUE (workspace_id, previous_hash) -- no two entries follow the same one
);
CREATE INDEX audit_log_recorded ON halton.audit_log (workspace_id, recorded_at);
CALL halton.isolate('halton.audit_log', '{INSERT,UPDATE,DELETE}');
GRANT SELECT ON halton.audit_log TO halton_api, halton_jobs;

-- What waits to be sent to a workspace's SIEM; it holds no copy.
CREATE TABLE halton.siem_outbox (
  workspace_id uuid NOT NULL,
  sequence bigint NOT NULL,
  queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, sequence),
  FOREIGN KEY (workspace_id, sequence) REFERENCES halton.audit_log
);
CALL halton.isolate('halton.siem_outbox', '{INSERT,UPDATE,DELETE}');
GRANT SELECT, DELETE ON halton.siem_outbox TO halton_jobs;

-- What is hashed of one field: its length in bytes, then the bytes, so that no two entries have the same input. To say
-- IMMUTABLE would be true, and would keep Postgres from inlining it, here and below: verifying would take ten times as long.
CREATE FUNCTION halton.audit_field(value text) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8');

-- The hash before the first entry.
CREATE FUNCTION halton.audit_genesis(workspace uuid) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256(convert_to('halton.audit.v1.genesis', 'UTF8') || '\x00'::bytea || uuid_send(workspace));

-- The hash of an entry: domain tag, workspace, sequence, previous hash, microseconds since 1970, then the fields.
CREATE FUNCTION halton.audit_hash(
  workspace uuid, sequence bigint, previous_hash bytea, recorded_at timestamptz,
  actor_kind text, actor text, action text, target text, details text
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(
  convert_to('halton.audit.v1.entry', 'UTF8') || '\x00'::bytea || uuid_send(workspace) || int8send(sequence) || previous_hash
  || int8send((extract(epoch FROM recorded_at) * 1000000)::bigint)
  || halton.audit_field(actor_kind) || halton.audit_field(actor) || halton.audit_field(action)
  || halton.audit_field(target) || halton.audit_field(details)
);
GRANT EXECUTE ON FUNCTION
  halton.audit_field(text), halton.audit_genesis(uuid),
  halton.audit_hash(uuid, bigint, bytea, timestamptz, text, text, text, text, text)
  TO halton_api, halton_jobs, halton_auditor;

-- Appends an entry to the bound workspace's chain. The head is locked until the transaction ends, so this comes last in
-- it; the time is read under the lock, so that order and times agree.
CREATE FUNCTION halton.audit_append(actor_kind text, actor text, action text, target text, details text)
RETURNS TABLE (sequence bigint, hash bytea) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
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
$$;

GRANT SELECT, INSERT, UPDATE ON halton.audit_heads TO halton_auditor;
GRANT SELECT, INSERT ON halton.audit_log, halton.siem_outbox TO halton_auditor;
GRANT SELECT (workspace_id, plan, siem_stream) ON halton.workspaces TO halton_auditor;
CREATE POLICY auditor ON halton.audit_heads TO halton_auditor USING (workspace_id = (SELECT halton.bound_workspace()));
CREATE POLICY auditor ON halton.audit_log TO halton_auditor USING (workspace_id = (SELECT halton.bound_workspace()));
CREATE POLICY auditor ON halton.siem_outbox TO halton_auditor USING (workspace_id = (SELECT halton.bound_workspace()));
CREATE POLICY auditor ON halton.workspaces FOR SELECT TO halton_auditor USING (workspace_id = (SELECT halton.bound_workspace()));

GRANT EXECUTE ON FUNCTION halton.audit_append(text, text, text, text, text) TO halton_api, halton_jobs, halton_purger;
CALL halton.hand_over('halton_auditor', 'halton.audit_append(text, text, text, text, text)');

INSERT INTO halton.schema_versions (version, serves) VALUES (4, 1);
