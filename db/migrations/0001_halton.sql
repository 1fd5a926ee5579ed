-- What nobody granted, nobody has. Postgres lets every login of the instance connect and make temporary tables,
-- and lets everybody call what will be made; all of that is taken back before anything is made.
DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO halton_api', current_database());
END
$$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TYPES FROM PUBLIC;

CREATE SCHEMA halton;
GRANT USAGE ON SCHEMA halton TO halton_api;

-- Each migration adds its row: its own number, and the oldest release that still runs on what it leaves behind.
-- A release goes by the number of its last migration.
CREATE TABLE halton.schema_versions (
  version integer PRIMARY KEY CHECK (version > 0),
  serves integer NOT NULL CHECK (serves BETWEEN 1 AND version)
);
GRANT SELECT ON halton.schema_versions TO halton_api;
INSERT INTO halton.schema_versions (version, serves) VALUES (1, 1);

-- REVOKE by a role that does not own the object warns and goes on.
DO $$
BEGIN
  IF has_database_privilege('public', current_database(), 'CONNECT')
    OR has_database_privilege('public', current_database(), 'TEMPORARY')
    OR has_schema_privilege('public', 'public', 'USAGE')
    OR has_schema_privilege('public', 'public', 'CREATE')
  THEN
    RAISE EXCEPTION 'PUBLIC keeps privileges: % does not own database %', current_user, current_database();
  END IF;
END
$$;
