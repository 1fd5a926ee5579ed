import type { ClientBase } from 'pg';
import type { BatchLimits, MeteredRow } from '../usage/batch.ts';

/** What the bound workspace takes now, by the database's clock; of the projects those that it has. */
export async function batchLimits(client: ClientBase, workspaceId: string, projects: readonly string[]): Promise<Omit<BatchLimits, 'maker'>> {
  const { rows: [row] } = await client.query<{ earliest: Date; latest: Date; projects: readonly string[] }>({
    name: 'batch-limits',
    // Days are counted in hours, as where rows expire.
    text: `SELECT clock_timestamp() - make_interval(hours => 24 * retention_days) AS earliest, clock_timestamp() + interval '24 hours' AS latest,
        ARRAY(SELECT project_id::text FROM halton.projects WHERE workspace_id = $1 AND project_id = ANY ($2::uuid[])) AS projects
      FROM halton.workspaces WHERE workspace_id = $1`,
    values: [workspaceId, projects],
  });
  if (row === undefined) throw new Error('Got no workspace, expected the bound one.');
  return { ...row, projects: new Set(row.projects) };
}

/**
 * Stores rows with ids that differ and tells how many were new; of one that stands there already nothing changes but that it
 * may turn out to be redacted.
 */
export async function storeRequests(client: ClientBase, workspaceId: string, deviceId: string | undefined, rows: readonly MeteredRow[]): Promise<number> {
  const { rows: [counted] } = await client.query<{ stored: number }>({
    name: 'store-requests',
    // Only of a row that was new, nobody has locked or replaced anything: its xmax is 0.
    text: `WITH written AS (
        INSERT INTO halton.requests (workspace_id, device_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cached_tokens,
          cost_usd, latency_ms, project_id, user_id, redaction_applied)
        SELECT $1, $2, * FROM unnest($3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[],
          $10::numeric[], $11::integer[], $12::uuid[], $13::text[], $14::boolean[])
        ON CONFLICT (workspace_id, request_id) DO UPDATE SET redaction_applied = true
          WHERE EXCLUDED.redaction_applied AND NOT requests.redaction_applied
        RETURNING xmax = 0 AS is_new
      ) SELECT count(*) FILTER (WHERE is_new)::integer AS stored FROM written`,
    values: [
      workspaceId, deviceId,
      rows.map((row) => row.requestId), rows.map((row) => row.occurredAt), rows.map((row) => row.provider), rows.map((row) => row.model),
      rows.map((row) => row.inputTokens), rows.map((row) => row.outputTokens), rows.map((row) => row.cachedTokens ?? 0),
      rows.map((row) => row.costUsd), rows.map((row) => row.latencyMs ?? null), rows.map((row) => row.projectId ?? null),
      rows.map((row) => row.userId), rows.map((row) => row.redactionApplied),
    ],
  });
  if (counted === undefined) throw new Error('Got no count, expected one of the rows that were stored.');
  return counted.stored;
}
