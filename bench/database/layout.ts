import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';

/** Makes so many workspaces, each with an organisation of its own. */
export async function makeWorkspaces(superuser: Pool, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await superuser.query("INSERT INTO halton.organisations (organisation_id, name) SELECT id, 'An organisation' FROM unnest($1::uuid[]) AS id", [ids]);
  await superuser.query("INSERT INTO halton.workspaces (workspace_id, organisation_id, name, plan) SELECT id, id, 'A workspace', 'enterprise' FROM unnest($1::uuid[]) AS id", [ids]);
  return ids;
}

/** Fills workspaces with so many requests each, one a minute back from now. */
export async function fillWorkspaces(superuser: Pool, workspaces: readonly string[], each: number): Promise<void> {
  const client = await superuser.connect();
  await client.query('BEGIN');
  await client.query('SET LOCAL session_replication_role = replica'); // the workspaces are there: a million looks at them would take minutes
  await client.query(
    `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id)
     SELECT id, 'filled_' || n, now() - make_interval(mins => n), 'anthropic', 'model', 1000, 200, 0.001, 'user'
     FROM unnest($1::uuid[]) AS id, generate_series(1, $2::integer) AS n`,
    [workspaces, each],
  );
  await client.query('COMMIT');
  client.release();
  await superuser.query('VACUUM ANALYZE halton.requests');
}

/**
 * Copies the tables that requests stand in, with their checks, indexes and foreign keys but without policies, so that
 * the same statements can be measured on both: with the rows that are there, without which they would be planned for nothing.
 */
export async function copyWithoutPolicies(superuser: Pool): Promise<void> {
  await superuser.query(`
    CREATE SCHEMA plain;
    CREATE TABLE plain.workspaces (LIKE halton.workspaces INCLUDING ALL);
    CREATE TABLE plain.projects (LIKE halton.projects INCLUDING ALL);
    CREATE TABLE plain.devices (LIKE halton.devices INCLUDING ALL);
    CREATE TABLE plain.requests (LIKE halton.requests INCLUDING ALL,
      FOREIGN KEY (workspace_id) REFERENCES plain.workspaces,
      FOREIGN KEY (workspace_id, project_id) REFERENCES plain.projects,
      FOREIGN KEY (workspace_id, device_id) REFERENCES plain.devices);
    INSERT INTO plain.workspaces SELECT * FROM halton.workspaces;
    INSERT INTO plain.requests SELECT * FROM halton.requests;
    GRANT USAGE ON SCHEMA plain TO halton_api;
    GRANT SELECT, INSERT ON plain.requests TO halton_api`);
  await superuser.query('VACUUM ANALYZE');
}

/** Lets 30 days pass since the deletion of a workspace was requested, which nobody but the superuser can. */
export async function makeDue(superuser: Pool, workspaceId: string): Promise<void> {
  await superuser.query('ALTER TABLE halton.workspaces DISABLE TRIGGER guard_deletion_request');
  await superuser.query("UPDATE halton.workspaces SET deletion_requested_at = now() - interval '31 days', deletion_requested_by = 'owner' WHERE workspace_id = $1", [workspaceId]);
  await superuser.query('ALTER TABLE halton.workspaces ENABLE ALWAYS TRIGGER guard_deletion_request');
}
