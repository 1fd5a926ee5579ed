import type { ClientBase } from 'pg';

/** A rule of a workspace that its daemons keep. */
export interface Policy {
  readonly policyId: string;
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

interface Row {
  readonly policy_id: string;
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  readonly updated_at: Date;
  readonly updated_by: string;
}

const COLUMNS = 'policy_id, kind, settings, enabled, updated_at, updated_by';

/** Of the bound workspace, by kind. */
export async function listPolicies(client: ClientBase, workspaceId: string): Promise<readonly Policy[]> {
  const { rows } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.policies WHERE workspace_id = $1 ORDER BY kind, policy_id`, [workspaceId]);
  return rows.map(policyOf);
}

/** Locked until the transaction ends; undefined where there is none. */
export async function lockPolicy(client: ClientBase, workspaceId: string, policyId: string): Promise<Policy | undefined> {
  const { rows: [row] } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.policies WHERE workspace_id = $1 AND policy_id = $2 FOR UPDATE`, [workspaceId, policyId]);
  return row && policyOf(row);
}

export async function insertPolicy(client: ClientBase, workspaceId: string, { policyId, kind, settings, enabled, updatedBy }: Omit<Policy, 'updatedAt'>): Promise<Policy> {
  const { rows } = await client.query<Row>(
    `INSERT INTO halton.policies (workspace_id, policy_id, kind, settings, enabled, updated_by) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
    [workspaceId, policyId, kind, JSON.stringify(settings), enabled, updatedBy],
  );
  return onlyOne(rows);
}

export async function updatePolicy(client: ClientBase, workspaceId: string, { policyId, settings, enabled, updatedBy }: Omit<Policy, 'updatedAt' | 'kind'>): Promise<Policy> {
  const { rows } = await client.query<Row>(
    `UPDATE halton.policies SET settings = $3, enabled = $4, updated_by = $5, updated_at = clock_timestamp() WHERE workspace_id = $1 AND policy_id = $2 RETURNING ${COLUMNS}`,
    [workspaceId, policyId, JSON.stringify(settings), enabled, updatedBy],
  );
  return onlyOne(rows);
}

export async function deletePolicy(client: ClientBase, workspaceId: string, policyId: string): Promise<void> {
  await client.query('DELETE FROM halton.policies WHERE workspace_id = $1 AND policy_id = $2', [workspaceId, policyId]);
}

function onlyOne([row]: readonly Row[]): Policy {
  if (row === undefined) throw new Error('Got no policy, expected the one that was written.');
  return policyOf(row);
}

function policyOf({ policy_id, updated_at, updated_by, ...policy }: Row): Policy {
  return { ...policy, policyId: policy_id, updatedAt: updated_at, updatedBy: updated_by };
}
