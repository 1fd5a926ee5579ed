import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { newKey } from '../../test/support/usage.ts';
import { makeWorkspaces } from '../database/layout.ts';

/** Days that a large workspace has rows of. */
export const YEAR = 365;

/** A workspace and the key by which its daemon sends. */
export interface Sender {
  readonly workspaceId: string;
  readonly token: string;
}

/** Makes so many workspaces, each with an API key. */
export async function makeSenders(superuser: Pool, count: number): Promise<readonly Sender[]> {
  const senders: Sender[] = [];
  for (const workspaceId of await makeWorkspaces(superuser, count)) {
    const { call } = await newKey({ superuser }, { workspaceId, organisationId: workspaceId, ownerId: 'owner' });
    senders.push({ workspaceId, token: call.as ?? '' });
  }
  return senders;
}

/** A workspace with an owner, a project, and so many requests of it over a year. */
export interface LargeWorkspace {
  readonly workspaceId: string;
  readonly projectId: string;
  readonly ownerId: string;
}

/** Makes one. */
export async function makeLargeWorkspace(superuser: Pool, rows: number): Promise<LargeWorkspace> {
  const [workspaceId = ''] = await makeWorkspaces(superuser, 1);
  const [projectId, ownerId] = [randomUUID(), 'user_owner'];
  await superuser.query("INSERT INTO halton.members (workspace_id, user_id, role) VALUES ($1, $2, 'owner')", [workspaceId, ownerId]);
  await superuser.query("INSERT INTO halton.projects (workspace_id, project_id, name) VALUES ($1, $2, 'A project')", [workspaceId, projectId]);
  const client = await superuser.connect();
  await client.query('BEGIN');
  await client.query('SET LOCAL session_replication_role = replica'); // what is referred to is there: a million looks at it would take minutes
  await client.query(
    `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cached_tokens, cost_usd, latency_ms, user_id, project_id)
     SELECT $1, 'filled_' || n, now() - n * make_interval(days => $4) / $3::integer, 'anthropic', 'model-' || n % 5, 1000 + n % 1000, 200 + n % 100, n % 100, 0.0010000001, 300 + n % 300, 'user_' || n % 7, $2
     FROM generate_series(1, $3::integer) AS n`,
    [workspaceId, projectId, rows, YEAR],
  );
  await client.query('COMMIT');
  client.release();
  await superuser.query('VACUUM ANALYZE halton.requests');
  return { workspaceId, projectId, ownerId };
}
