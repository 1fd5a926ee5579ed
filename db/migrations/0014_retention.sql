-- Requests go once they are older than their workspace keeps them, and its audit log tells how many did.
-- Only who may change something of a row may lock it.
GRANT UPDATE (workspace_id) ON halton.requests TO halton_purger;

-- Deletes up to so many requests that are older than the workspace keeps them, with their bodies, and up to so many keys
-- older than a day; it tells how many of both. Requests are locked before their bodies, as whoever stores a body does it, and
-- one that somebody holds is passed over: the next run sees it.
CREATE FUNCTION halton.expire_requests(workspace uuid, batch integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
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
$$;
GRANT EXECUTE ON FUNCTION halton.expire_requests(uuid, integer) TO halton_jobs;
CALL halton.hand_over('halton_purger', 'halton.expire_requests(uuid, integer)');

INSERT INTO halton.schema_versions (version, serves) VALUES (14, 1);
