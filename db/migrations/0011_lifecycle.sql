-- The end of a workspace. The job of the service works it off, each call in a transaction of its own:
--   due_workspaces → begin_purge → (hands the tombstone to a store outside) → tombstone_handed_over → purge_batch until 0
-- After a crash the next run begins again at the first step and goes on where the last one ended.
-- Both that change anything lock the workspace first: a cancellation under way ends before anything goes, and two runs take
-- turns. begin_purge also writes it, so that a cancellation with an older snapshot fails. Only who may change something of a
-- row may lock it.
CREATE POLICY every_workspace ON halton.workspaces FOR SELECT TO halton_purger USING (true);
GRANT UPDATE (purge_begun_at) ON halton.workspaces TO halton_purger;
GRANT UPDATE (workspace_id) ON halton.audit_heads TO halton_purger;

-- What a purge empties, those that refer to others first; audit_heads and workspaces follow when these are empty.
CREATE FUNCTION halton.purged_tables() RETURNS text[] LANGUAGE sql IMMUTABLE
RETURN '{request_bodies,requests,prompt_views,siem_outbox,idempotency_keys,invitations,api_keys,pairings,devices,projects,policies,pricing_overrides,billing_events,support_uses,support_grants,members,audit_log}'::text[];

DO $$
DECLARE
  emptied text;
BEGIN
  FOREACH emptied IN ARRAY halton.purged_tables() || '{audit_heads}'::text[] LOOP
    EXECUTE format('GRANT SELECT, DELETE ON halton.%I TO halton_purger', emptied);
  END LOOP;
END
$$;

-- Which workspaces there are to work for: ids and nothing else.
CREATE FUNCTION halton.workspace_ids() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT workspace_id FROM halton.workspaces ORDER BY workspace_id
$$;

CREATE FUNCTION halton.due_workspaces() RETURNS TABLE (workspace_id uuid, requested_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT w.workspace_id, w.deletion_requested_at FROM halton.workspaces w WHERE halton.is_due(w.workspace_id)
  ORDER BY w.deletion_requested_at, w.workspace_id
$$;

-- How many workspaces are stuck: their tombstone stands, and they are not due. No run would ever end their purge.
CREATE FUNCTION halton.stuck_purges() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT count(*) FROM halton.workspaces w
  WHERE NOT halton.is_due(w.workspace_id) AND (w.purge_begun_at IS NOT NULL OR EXISTS (
    SELECT FROM halton.workspace_tombstones t WHERE t.workspace_hash = halton.tombstone_hash(w.workspace_id)
  ))
$$;

-- Once the tombstone stands, the workspace cannot be had back: some of it may be gone, and a restored copy purges it again.
-- That its purge begins is all that passes. Nor is another workspace made of its id, which could not be deleted then.
CREATE FUNCTION halton.guard_begun_purge() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
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
$$;
CREATE TRIGGER guard_begun_purge BEFORE INSERT OR UPDATE ON halton.workspaces FOR EACH ROW EXECUTE FUNCTION halton.guard_begun_purge();
ALTER TABLE halton.workspaces ENABLE ALWAYS TRIGGER guard_begun_purge;

-- Leaves the tombstone, and tells what of it has to be handed over.
CREATE FUNCTION halton.begin_purge(workspace uuid)
RETURNS TABLE (workspace_hash bytea, requested_at timestamptz, begun_at timestamptz, handed_over boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
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
$$;

CREATE FUNCTION halton.tombstone_handed_over(workspace uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE halton.workspace_tombstones SET handed_over_at = coalesce(handed_over_at, clock_timestamp())
  WHERE workspace_hash = halton.tombstone_hash(workspace)
$$;

-- Deletes up to so many rows of a due workspace and tells how many; 0 when nothing of it is left. The last batch takes the
-- workspace along. Its head is locked so long, since with an entry after each batch there would be no last one. Rows are
-- found by index: each batch would otherwise read every tenant's rows, or all of the workspace's, to find some.
CREATE FUNCTION halton.purge_batch(workspace uuid, batch integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET enable_seqscan = off SET enable_bitmapscan = off AS $$
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
$$;

-- Brings a tombstone from the store outside back into a restored copy, in which the workspace may stand as if nobody had
-- asked for its deletion. It is for whoever restores: the service itself must not be able to have anything purged early.
CREATE FUNCTION halton.import_tombstone(hash bytea, requested timestamptz, begun timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF begun > clock_timestamp() THEN
    RAISE EXCEPTION 'the tombstone is from the future' USING ERRCODE = 'HM007';
  END IF;
  INSERT INTO halton.workspace_tombstones (workspace_hash, requested_at, begun_at, handed_over_at, imported_at)
    VALUES (hash, requested, begun, clock_timestamp(), clock_timestamp())
    ON CONFLICT (workspace_hash) DO UPDATE
      SET imported_at = clock_timestamp(), handed_over_at = coalesce(workspace_tombstones.handed_over_at, clock_timestamp());
END
$$;

-- In a restored copy, a tombstone of a workspace that it never had, or has no more, waits for nothing.
CREATE FUNCTION halton.settle_tombstones() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  settled bigint;
BEGIN
  UPDATE halton.workspace_tombstones SET purged_at = clock_timestamp()
    WHERE imported_at IS NOT NULL AND purged_at IS NULL
      AND workspace_hash NOT IN (SELECT halton.tombstone_hash(w.workspace_id) FROM halton.workspaces w);
  GET DIAGNOSTICS settled = ROW_COUNT;
  RETURN settled;
END
$$;

GRANT EXECUTE ON FUNCTION halton.bound_organisation() TO halton_purger;
GRANT EXECUTE ON FUNCTION halton.purged_tables() TO halton_purger;
GRANT EXECUTE ON FUNCTION
  halton.workspace_ids(), halton.due_workspaces(), halton.begin_purge(uuid), halton.tombstone_handed_over(uuid),
  halton.purge_batch(uuid, integer), halton.stuck_purges()
  TO halton_jobs;
GRANT EXECUTE ON FUNCTION halton.import_tombstone(bytea, timestamptz, timestamptz), halton.settle_tombstones() TO halton_migrator;
CALL halton.hand_over('halton_purger',
  'halton.workspace_ids()',
  'halton.due_workspaces()',
  'halton.guard_begun_purge()',
  'halton.begin_purge(uuid)',
  'halton.tombstone_handed_over(uuid)',
  'halton.purge_batch(uuid, integer)',
  'halton.stuck_purges()',
  'halton.settle_tombstones()',
  'halton.import_tombstone(bytea, timestamptz, timestamptz)');

INSERT INTO halton.schema_versions (version, serves) VALUES (11, 1);
