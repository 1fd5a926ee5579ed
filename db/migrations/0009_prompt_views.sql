-- Who looked at a teammate's prompt. It names a request without a foreign key: the record stays when the request goes
-- with its retention window. An administrator may look while a deletion is awaited, and then it is recorded too.
CREATE TABLE halton.prompt_views (
  workspace_id uuid NOT NULL REFERENCES halton.workspaces,
  view_id uuid NOT NULL DEFAULT gen_random_uuid(),
  request_id text COLLATE "C" NOT NULL CHECK (request_id ~ '^[A-Za-z0-9._:-]+$' AND length(request_id) <= 128),
  viewer_user_id text NOT NULL CHECK (length(viewer_user_id) BETWEEN 1 AND 255),
  subject_user_id text NOT NULL CHECK (length(subject_user_id) BETWEEN 1 AND 255),
  consent_grant_id text CHECK (length(consent_grant_id) BETWEEN 1 AND 255),
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  viewed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  client_ip inet NOT NULL,
  user_agent text NOT NULL CHECK (length(user_agent) <= 512),
  PRIMARY KEY (workspace_id, view_id),
  CHECK (viewer_user_id <> subject_user_id)
);
CREATE INDEX prompt_views_viewed ON halton.prompt_views (workspace_id, viewed_at, view_id);
CALL halton.isolate('halton.prompt_views', '{INSERT}');
-- Nobody writes down a view as somebody else's.
CREATE POLICY own_view ON halton.prompt_views AS RESTRICTIVE FOR INSERT TO halton_api WITH CHECK (viewer_user_id = (SELECT halton.bound_user()));
CALL halton.make_append_only('halton.prompt_views');
GRANT SELECT, INSERT (workspace_id, request_id, viewer_user_id, subject_user_id, consent_grant_id, reason, client_ip, user_agent)
  ON halton.prompt_views TO halton_api;

INSERT INTO halton.schema_versions (version, serves) VALUES (9, 1);
