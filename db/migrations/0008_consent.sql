-- Consent at the checkout: a user's own record, which belongs to no workspace and outlives them all.
CREATE TABLE halton.checkout_consent_records (
  record_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (length(user_id) BETWEEN 1 AND 255),
  plan text NOT NULL REFERENCES halton.plans,
  period text NOT NULL CHECK (period IN ('monthly', 'annual')),
  wording_hash text NOT NULL CHECK (wording_hash ~ '^[0-9a-f]{64}$'), -- SHA-256 of the strings that were shown
  ip inet NOT NULL,
  user_agent text NOT NULL CHECK (length(user_agent) <= 512),
  "timestamp" timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX checkout_consent_records_user ON halton.checkout_consent_records (user_id);
ALTER TABLE halton.checkout_consent_records ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_records ON halton.checkout_consent_records TO halton_api USING (user_id = (SELECT halton.bound_user()));
GRANT SELECT, INSERT (user_id, plan, period, wording_hash, ip, user_agent) ON halton.checkout_consent_records TO halton_api;

-- A guard of its own, which nothing passes: a record of no workspace has no day on which it goes, and it is kept by no code
-- that other records are kept by.
CREATE FUNCTION halton.refuse_consent_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION '% on halton.checkout_consent_records is refused: it is append-only', TG_OP USING ERRCODE = 'HM003';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON halton.checkout_consent_records FOR EACH ROW EXECUTE FUNCTION halton.refuse_consent_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON halton.checkout_consent_records FOR EACH STATEMENT EXECUTE FUNCTION halton.refuse_consent_change();
ALTER TABLE halton.checkout_consent_records ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE halton.checkout_consent_records ENABLE ALWAYS TRIGGER no_truncate;
GRANT UPDATE, DELETE ON halton.checkout_consent_records TO rds_pgaudit;

INSERT INTO halton.schema_versions (version, serves) VALUES (8, 1);
