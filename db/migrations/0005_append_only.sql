-- What is written into these tables stays as it is. Privileges already forbid everybody else; these triggers hold against
-- the owner too, and under session_replication_role = replica. One thing passes: the purge of a workspace whose deletion
-- was requested 30 days ago by the database's clock, and then for the one role that purges, never for a setting. Days are
-- counted in hours: what '30 days' are depends on the session's time zone, and one can be made up that is days off.
CREATE TABLE halton.workspace_tombstones (
  workspace_hash bytea PRIMARY KEY CHECK (length(workspace_hash) = 32),
  requested_at timestamptz NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  handed_over_at timestamptz, -- to the store outside this database
  purged_at timestamptz,
  imported_at timestamptz, -- from that store, into a restored copy
  rows_deleted bigint NOT NULL DEFAULT 0,
  CHECK (begun_at >= requested_at + interval '720 hours')
);
ALTER TABLE halton.workspace_tombstones ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY purge ON halton.workspace_tombstones TO halton_purger USING (true);
GRANT SELECT, INSERT, UPDATE ON halton.workspace_tombstones TO halton_purger;

-- A random id hashed tells nobody which workspace it was, and recognises it in a restored copy.
CREATE FUNCTION halton.tombstone_hash(workspace uuid) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256(convert_to('halton.tombstone.v1', 'UTF8') || '\x00'::bytea || uuid_send(workspace));

-- Whether a workspace is to be purged now.
CREATE FUNCTION halton.is_due(workspace uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN EXISTS (
    SELECT FROM halton.workspaces
    WHERE workspace_id = workspace AND deletion_requested_at <= clock_timestamp() - interval '720 hours'
  ) OR EXISTS (
    SELECT FROM halton.workspace_tombstones
    WHERE workspace_hash = halton.tombstone_hash(workspace) AND imported_at IS NOT NULL
  );
GRANT EXECUTE ON FUNCTION halton.tombstone_hash(uuid), halton.is_due(uuid) TO halton_purger;
GRANT SELECT, DELETE ON halton.workspaces TO halton_purger;

CREATE FUNCTION halton.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'halton_purger' THEN
    IF halton.is_due(OLD.workspace_id) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '% on %.% is refused: it is append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'HM003';
END
$$;

CREATE PROCEDURE halton.make_append_only(append_only regclass) LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION halton.refuse_change()', append_only);
  EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION halton.refuse_change()', append_only);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only', append_only);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER no_truncate', append_only);
  -- Who deletes or changes all the same is written down by pgaudit, which watches what this role may do.
  EXECUTE format('GRANT UPDATE, DELETE ON %s TO rds_pgaudit', append_only);
END
$$;

CALL halton.make_append_only('halton.audit_log');

-- A head moves on with every entry, but never back, and goes with its log only.
CREATE FUNCTION halton.guard_head() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
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
$$;
CREATE TRIGGER guard_head BEFORE UPDATE OR DELETE ON halton.audit_heads FOR EACH ROW EXECUTE FUNCTION halton.guard_head();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON halton.audit_heads FOR EACH STATEMENT EXECUTE FUNCTION halton.guard_head();
ALTER TABLE halton.audit_heads ENABLE ALWAYS TRIGGER guard_head;
ALTER TABLE halton.audit_heads ENABLE ALWAYS TRIGGER no_truncate;
GRANT DELETE ON halton.audit_heads TO rds_pgaudit;

INSERT INTO halton.schema_versions (version, serves) VALUES (5, 1);
