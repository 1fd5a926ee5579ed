-- One row a call of an LLM API. What rollups and policies need stands open; whatever else a client sends is sealed. NaN is
-- above every number to Postgres, so that a cost has to be below it.
CREATE TABLE halton.requests (
  workspace_id uuid NOT NULL,
  request_id text COLLATE "C" NOT NULL CHECK (request_id ~ '^[A-Za-z0-9._:-]+$' AND length(request_id) <= 128), -- {1,128} in the pattern takes 30 times as long
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  provider text NOT NULL CHECK (length(provider) BETWEEN 1 AND 64),
  model text NOT NULL CHECK (length(model) BETWEEN 1 AND 200),
  input_tokens bigint NOT NULL CHECK (input_tokens >= 0),
  output_tokens bigint NOT NULL CHECK (output_tokens >= 0),
  cached_tokens bigint NOT NULL DEFAULT 0 CHECK (cached_tokens >= 0),
  cost_usd numeric(20, 10) NOT NULL CHECK (cost_usd >= 0 AND cost_usd < 'NaN'),
  latency_ms integer CHECK (latency_ms >= 0),
  project_id uuid,
  user_id text NOT NULL CHECK (length(user_id) BETWEEN 1 AND 255),
  device_id uuid,
  redaction_applied boolean NOT NULL DEFAULT false,
  PRIMARY KEY (workspace_id, request_id),
  FOREIGN KEY (workspace_id) REFERENCES halton.workspaces,
  FOREIGN KEY (workspace_id, project_id) REFERENCES halton.projects,
  FOREIGN KEY (workspace_id, device_id) REFERENCES halton.devices
);
-- Ranges of time for export and rollups, and what is older than the retention window.
CREATE INDEX requests_occurred ON halton.requests (workspace_id, occurred_at, request_id);
CALL halton.isolate('halton.requests');
GRANT SELECT, INSERT (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cached_tokens, cost_usd, latency_ms, project_id, user_id, device_id, redaction_applied),
  UPDATE (redaction_applied) ON halton.requests TO halton_api;

CREATE TRIGGER keep_redaction BEFORE UPDATE ON halton.requests FOR EACH ROW
  WHEN (OLD.redaction_applied AND NOT NEW.redaction_applied) EXECUTE FUNCTION halton.refuse_taking_back();
ALTER TABLE halton.requests ENABLE ALWAYS TRIGGER keep_redaction;

-- Free-form metadata and both bodies of a request together, sealed by the service with a Fernet key.
CREATE TABLE halton.request_bodies (
  workspace_id uuid NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  sealed text NOT NULL CHECK (sealed ~ '^gAAAAA[A-Za-z0-9_-]+={0,2}$'), -- a Fernet token: version 0x80, then a time
  stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, request_id),
  FOREIGN KEY (workspace_id, request_id) REFERENCES halton.requests
);
ALTER TABLE halton.request_bodies ALTER sealed SET STORAGE EXTERNAL; -- what is encrypted does not compress
CALL halton.isolate('halton.request_bodies', '{UPDATE}');
-- A new key seals what is there anew, also while a deletion is awaited: otherwise the old one would have to stay that long.
CREATE POLICY writable_update ON halton.request_bodies AS RESTRICTIVE FOR UPDATE TO halton_api
  WITH CHECK ((SELECT halton.workspace_is_writable()));
GRANT SELECT, INSERT (workspace_id, request_id, sealed), UPDATE (sealed, stored_at) ON halton.request_bodies TO halton_api;
GRANT SELECT, UPDATE (sealed) ON halton.request_bodies TO halton_jobs; -- new keys

CREATE TABLE halton.policies (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  policy_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind ~ '^[a-z][a-z_]{0,63}$'),
  settings jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
  enabled boolean NOT NULL DEFAULT true,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_by text NOT NULL,
  PRIMARY KEY (workspace_id, policy_id)
);
CALL halton.isolate('halton.policies');
GRANT SELECT, INSERT (workspace_id, policy_id, kind, settings, enabled, updated_by),
  UPDATE (settings, enabled, updated_at, updated_by), DELETE ON halton.policies TO halton_api;

CREATE TABLE halton.pricing_overrides (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  override_id uuid NOT NULL,
  provider text NOT NULL CHECK (length(provider) BETWEEN 1 AND 64),
  model text NOT NULL CHECK (length(model) BETWEEN 1 AND 200),
  -- US dollars a million tokens
  input_rate numeric(20, 10) NOT NULL CHECK (input_rate >= 0 AND input_rate < 'NaN'),
  output_rate numeric(20, 10) NOT NULL CHECK (output_rate >= 0 AND output_rate < 'NaN'),
  cached_rate numeric(20, 10) NOT NULL CHECK (cached_rate >= 0 AND cached_rate < 'NaN'),
  effective_from timestamptz NOT NULL,
  updated_by text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, override_id),
  UNIQUE (workspace_id, provider, model, effective_from)
);
CALL halton.isolate('halton.pricing_overrides');
GRANT SELECT, INSERT (workspace_id, override_id, provider, model, input_rate, output_rate, cached_rate, effective_from, updated_by),
  UPDATE (input_rate, output_rate, cached_rate, effective_from, updated_by, updated_at), DELETE ON halton.pricing_overrides TO halton_api;

-- What the payment provider told: no card, and nothing that pays.
CREATE TABLE halton.billing_events (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  event_id text NOT NULL CHECK (length(event_id) BETWEEN 1 AND 255), -- the provider's; a second one is a replay
  kind text NOT NULL CHECK (kind ~ '^[a-z][a-z_]*(\.[a-z][a-z_]*)*$' AND length(kind) <= 100),
  plan text REFERENCES halton.plans,
  seats integer CHECK (seats > 0),
  amount_minor bigint,
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, event_id),
  CHECK ((amount_minor IS NULL) = (currency IS NULL))
);
-- The provider goes on telling until a subscription has ended, which is after the deletion was requested.
CALL halton.isolate('halton.billing_events', '{INSERT}');
CALL halton.make_append_only('halton.billing_events');
GRANT SELECT, INSERT (workspace_id, event_id, kind, plan, seats, amount_minor, currency, occurred_at) ON halton.billing_events TO halton_api;

-- The answer to a request that a client may send again.
CREATE TABLE halton.idempotency_keys (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
  request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
  status smallint NOT NULL CHECK (status BETWEEN 200 AND 499),
  response text NOT NULL CHECK (length(response) <= 65536),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, idempotency_key)
);
CREATE INDEX idempotency_keys_age ON halton.idempotency_keys (workspace_id, created_at);
CALL halton.isolate('halton.idempotency_keys', '{INSERT}');
GRANT SELECT, INSERT (workspace_id, idempotency_key, request_hash, status, response) ON halton.idempotency_keys TO halton_api;

INSERT INTO halton.schema_versions (version, serves) VALUES (7, 1);
