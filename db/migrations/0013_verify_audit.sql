-- Verifies the chain of the bound workspace with the rights of whoever asks, who sees this workspace alone. It tells how
-- many entries stand before the first fault, and of that fault the sequence and the kind:
--   missing    no entry has this sequence
--   forked     entries that differ have this sequence
--   changed    the hash is not the one of the fields
--   unlinked   the previous hash is not the one of the entry before
--   duplicate  one entry stands there twice
--   anchor     an entry that was known outside, by its sequence and hash, is not there
--   head       head and last entry disagree
-- db/audit/verify-chain.ts finds the same in an export alone; what that is about is kept honest by there being two.
CREATE FUNCTION halton.verify_audit(anchor_sequence bigint DEFAULT NULL, anchor_hash bytea DEFAULT NULL)
RETURNS TABLE (entries bigint, bad_sequence bigint, fault text) LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
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
$$;
GRANT EXECUTE ON FUNCTION halton.verify_audit(bigint, bytea) TO halton_api, halton_jobs;

INSERT INTO halton.schema_versions (version, serves) VALUES (13, 1);
