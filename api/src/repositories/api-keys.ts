import type { ClientBase } from 'pg';

/** A key of the bound workspace, without what its secret is compared with. */
export interface ApiKey {
  readonly keyId: string;
  readonly name: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

interface Row { readonly key_id: string; readonly name: string; readonly created_by: string; readonly created_at: Date; readonly revoked_at: Date | null }

const COLUMNS = 'key_id, name, created_by, created_at, revoked_at';

/** All of them, revoked ones too. */
export async function listApiKeys(client: ClientBase, workspaceId: string): Promise<readonly ApiKey[]> {
  const { rows } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.api_keys WHERE workspace_id = $1 ORDER BY created_at, key_id`, [workspaceId]);
  return rows.map(keyOf);
}

/** Makes a key of which nothing but the hash is kept. */
export async function insertApiKey(client: ClientBase, workspaceId: string, { keyId, name, createdBy }: Pick<ApiKey, 'keyId' | 'name' | 'createdBy'>, secretHash: string): Promise<ApiKey> {
  const { rows: [row] } = await client.query<Row>(
    `INSERT INTO halton.api_keys (workspace_id, key_id, name, created_by, secret_hash) VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
    [workspaceId, keyId, name, createdBy, secretHash],
  );
  if (row === undefined) throw new Error('Got no key, expected the one that was inserted.');
  return keyOf(row);
}

/** Locked until the transaction ends; undefined where there is none. */
export async function lockApiKey(client: ClientBase, workspaceId: string, keyId: string): Promise<ApiKey | undefined> {
  const { rows: [row] } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.api_keys WHERE workspace_id = $1 AND key_id = $2 FOR NO KEY UPDATE`, [workspaceId, keyId]);
  return row && keyOf(row);
}

/** Revokes a key for good. */
export async function revokeApiKey(client: ClientBase, workspaceId: string, keyId: string, revokedBy: string): Promise<void> {
  await client.query('UPDATE halton.api_keys SET revoked_at = clock_timestamp(), revoked_by = $3 WHERE workspace_id = $1 AND key_id = $2', [workspaceId, keyId, revokedBy]);
}

function keyOf({ key_id, name, created_by, created_at, revoked_at }: Row): ApiKey {
  return { keyId: key_id, name, createdBy: created_by, createdAt: created_at, revokedAt: revoked_at };
}
