import type { ClientBase } from 'pg';

/** What a workspace pays instead of the list price; rates are US dollars a million tokens, as text. */
export interface PricingOverride {
  readonly overrideId: string;
  readonly provider: string;
  readonly model: string;
  readonly inputRate: string;
  readonly outputRate: string;
  readonly cachedRate: string;
  readonly effectiveFrom: Date;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

/** What of it is written. */
export type WrittenOverride = Omit<PricingOverride, 'updatedAt'>;

const COLUMNS = `override_id AS "overrideId", provider, model, trim_scale(input_rate)::text AS "inputRate", trim_scale(output_rate)::text AS "outputRate",
  trim_scale(cached_rate)::text AS "cachedRate", effective_from AS "effectiveFrom", updated_by AS "updatedBy", updated_at AS "updatedAt"`;

/** Of the bound workspace, the newest of a model first. */
export async function listOverrides(client: ClientBase, workspaceId: string): Promise<readonly PricingOverride[]> {
  const { rows } = await client.query<PricingOverride>(`SELECT ${COLUMNS} FROM halton.pricing_overrides WHERE workspace_id = $1 ORDER BY provider, model, effective_from DESC`, [workspaceId]);
  return rows;
}

/** Locked until the transaction ends; undefined where there is none. */
export async function lockOverride(client: ClientBase, workspaceId: string, overrideId: string): Promise<PricingOverride | undefined> {
  const { rows: [row] } = await client.query<PricingOverride>(`SELECT ${COLUMNS} FROM halton.pricing_overrides WHERE workspace_id = $1 AND override_id = $2 FOR UPDATE`, [workspaceId, overrideId]);
  return row;
}

/** Undefined where there is one of this model from this instant on. */
export async function insertOverride(client: ClientBase, workspaceId: string, override: WrittenOverride): Promise<PricingOverride | undefined> {
  const { overrideId, provider, model, inputRate, outputRate, cachedRate, effectiveFrom, updatedBy } = override;
  const { rows: [row] } = await client.query<PricingOverride>(
    `INSERT INTO halton.pricing_overrides (workspace_id, override_id, provider, model, input_rate, output_rate, cached_rate, effective_from, updated_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (workspace_id, provider, model, effective_from) DO NOTHING RETURNING ${COLUMNS}`,
    [workspaceId, overrideId, provider, model, inputRate, outputRate, cachedRate, effectiveFrom, updatedBy],
  );
  return row;
}

export async function updateOverride(client: ClientBase, workspaceId: string, override: WrittenOverride): Promise<PricingOverride> {
  const { overrideId, inputRate, outputRate, cachedRate, updatedBy } = override;
  const { rows: [row] } = await client.query<PricingOverride>(
    `UPDATE halton.pricing_overrides SET input_rate = $3, output_rate = $4, cached_rate = $5, updated_by = $6, updated_at = clock_timestamp()
     WHERE workspace_id = $1 AND override_id = $2 RETURNING ${COLUMNS}`,
    [workspaceId, overrideId, inputRate, outputRate, cachedRate, updatedBy],
  );
  if (row === undefined) throw new Error('Got no pricing override, expected the one that was locked.');
  return row;
}

export async function deleteOverride(client: ClientBase, workspaceId: string, overrideId: string): Promise<void> {
  await client.query('DELETE FROM halton.pricing_overrides WHERE workspace_id = $1 AND override_id = $2', [workspaceId, overrideId]);
}
