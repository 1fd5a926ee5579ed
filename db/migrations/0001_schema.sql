-- What nobody granted, nobody has. Postgres lets everybody call what will be made and use its types; that is taken back
-- before anything is made. What it gives on the database itself, db/bootstrap.ts takes back as its owner.
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TYPES FROM PUBLIC;

CREATE SCHEMA halton;
GRANT USAGE ON SCHEMA halton TO
  halton_api, halton_jobs, halton_support, halton_analytics,
  halton_auditor, halton_pairing, halton_purger, halton_aggregator, halton_migrator;

-- Each migration adds its row: its own number, and the oldest release that still runs on what it leaves behind.
-- A release goes by the number of its last migration.
CREATE TABLE halton.schema_versions (
  version integer PRIMARY KEY CHECK (version > 0),
  serves integer NOT NULL CHECK (serves BETWEEN 1 AND version)
);
GRANT SELECT ON halton.schema_versions TO halton_api, halton_jobs, halton_support, halton_analytics;
INSERT INTO halton.schema_versions (version, serves) VALUES (1, 1);
