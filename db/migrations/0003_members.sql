-- Who belongs to a workspace. Users are the identity provider's: here stands an id, and nothing that could sign in.
CREATE TABLE halton.members (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  user_id text NOT NULL CHECK (length(user_id) BETWEEN 1 AND 255),
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
  joined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX members_user ON halton.members (user_id);
CALL halton.isolate('halton.members', '{DELETE}');
-- A user is told which workspaces there are to choose from before one is chosen.
CREATE POLICY own_memberships ON halton.members FOR SELECT TO halton_api USING (user_id = (SELECT halton.bound_user()));
GRANT SELECT, INSERT (workspace_id, user_id, role), UPDATE (role), DELETE ON halton.members TO halton_api;

-- Administrators of an organisation read what administrators of its workspaces read. Nothing in the service makes one yet.
CREATE TABLE halton.organisation_admins (
  organisation_id uuid NOT NULL REFERENCES halton.organisations ON DELETE CASCADE,
  user_id text NOT NULL CHECK (length(user_id) BETWEEN 1 AND 255),
  granted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (organisation_id, user_id)
);
ALTER TABLE halton.organisation_admins ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON halton.organisation_admins TO halton_api USING (organisation_id = (SELECT halton.bound_organisation()));
CREATE POLICY own_grants ON halton.organisation_admins FOR SELECT TO halton_api USING (user_id = (SELECT halton.bound_user()));
GRANT SELECT ON halton.organisation_admins TO halton_api;

CREATE TABLE halton.invitations (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  invitation_id uuid NOT NULL,
  email text NOT NULL CHECK (length(email) BETWEEN 3 AND 320),
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
  token_hash bytea NOT NULL CHECK (length(token_hash) = 32), -- SHA-256
  invited_by text NOT NULL,
  invited_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  accepted_by text,
  revoked_at timestamptz,
  PRIMARY KEY (workspace_id, invitation_id),
  UNIQUE (workspace_id, token_hash),
  CHECK (expires_at > invited_at),
  CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
  CHECK (accepted_at IS NULL OR revoked_at IS NULL)
);
-- One can be revoked at any time; nobody joins by it while a deletion is awaited.
CALL halton.isolate('halton.invitations', '{UPDATE}');
CREATE POLICY writable_update ON halton.invitations AS RESTRICTIVE FOR UPDATE TO halton_api
  WITH CHECK (revoked_at IS NOT NULL OR (SELECT halton.workspace_is_writable()));
GRANT SELECT, INSERT (workspace_id, invitation_id, email, role, token_hash, invited_by, expires_at),
  UPDATE (accepted_at, accepted_by, revoked_at) ON halton.invitations TO halton_api;

CREATE TABLE halton.projects (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  project_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  archived_at timestamptz, -- its rows stay
  PRIMARY KEY (workspace_id, project_id),
  UNIQUE (workspace_id, name)
);
CALL halton.isolate('halton.projects');
GRANT SELECT, INSERT (workspace_id, project_id, name), UPDATE (name, archived_at) ON halton.projects TO halton_api;

-- What only ever goes one way.
CREATE FUNCTION halton.refuse_taking_back() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'on %.% what was done is not taken back', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'HM003';
END
$$;

-- Who and what was revoked stays so, by whom and since when too.
CREATE PROCEDURE halton.keep_revocations(revocable regclass) LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER keep_revocation BEFORE UPDATE ON %s FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL AND (OLD.revoked_at, OLD.revoked_by) IS DISTINCT FROM (NEW.revoked_at, NEW.revoked_by)) EXECUTE FUNCTION halton.refuse_taking_back()', revocable);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER keep_revocation', revocable);
END
$$;

-- A key is looked up by its id; its secret stands as a bcrypt hash, from which it cannot be had.
CREATE TABLE halton.api_keys (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  key_id text NOT NULL CHECK (key_id ~ '^[A-Za-z0-9]{8,40}$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  secret_hash text NOT NULL CHECK (secret_hash ~ '^\$2[aby]\$(0[4-9]|[12][0-9]|3[01])\$[./A-Za-z0-9]{53}$'),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_at timestamptz,
  revoked_by text,
  PRIMARY KEY (workspace_id, key_id),
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
-- A key can be revoked at any time.
CALL halton.isolate('halton.api_keys', '{UPDATE}');
CALL halton.keep_revocations('halton.api_keys');
GRANT SELECT, INSERT (workspace_id, key_id, name, secret_hash, created_by), UPDATE (revoked_at, revoked_by) ON halton.api_keys TO halton_api;

INSERT INTO halton.schema_versions (version, serves) VALUES (3, 1);
