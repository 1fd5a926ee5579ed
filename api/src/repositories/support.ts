import type { ClientBase } from 'pg';

/** That support may read a workspace for a while. */
export interface SupportGrant {
  readonly grantId: string;
  readonly supportEmail: string;
  readonly grantedBy: string;
  readonly grantedAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
  /** How often it was used. */
  readonly uses: number;
  readonly lastUsedAt: Date | null;
}

const COLUMNS = `grant_id AS "grantId", support_email AS "supportEmail", granted_by AS "grantedBy", granted_at AS "grantedAt", expires_at AS "expiresAt",
  revoked_at AS "revokedAt", revoked_by AS "revokedBy",
  (SELECT count(*)::integer FROM halton.support_uses u WHERE u.workspace_id = g.workspace_id AND u.grant_id = g.grant_id) AS uses,
  (SELECT max(used_at) FROM halton.support_uses u WHERE u.workspace_id = g.workspace_id AND u.grant_id = g.grant_id) AS "lastUsedAt"`;

/** Of the bound workspace, the newest first. */
export async function listGrants(client: ClientBase, workspaceId: string): Promise<readonly SupportGrant[]> {
  const { rows } = await client.query<SupportGrant>(`SELECT ${COLUMNS} FROM halton.support_grants g WHERE workspace_id = $1 ORDER BY granted_at DESC`, [workspaceId]);
  return rows;
}

/** What an owner grants. */
export interface NewGrant {
  readonly grantId: string;
  readonly supportEmail: string;
  readonly grantedBy: string;
  readonly hours: number;
}

/** @throws HM004 where it is to last longer than support may be let in at all */
export async function insertGrant(client: ClientBase, workspaceId: string, { grantId, supportEmail, grantedBy, hours }: NewGrant): Promise<SupportGrant> {
  const { rows } = await client.query<SupportGrant>(
    `INSERT INTO halton.support_grants AS g (workspace_id, grant_id, support_email, granted_by, expires_at)
     VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5)) RETURNING ${COLUMNS}`,
    [workspaceId, grantId, supportEmail, grantedBy, hours],
  );
  return onlyOne(rows);
}

/** Ends it now, where it was not before; undefined where there is none. */
export async function revokeGrant(client: ClientBase, workspaceId: string, grantId: string, revokedBy: string): Promise<{ readonly grant: SupportGrant; readonly revokedNow: boolean } | undefined> {
  const revoked = await client.query(
    'UPDATE halton.support_grants SET revoked_at = clock_timestamp(), revoked_by = $3 WHERE workspace_id = $1 AND grant_id = $2 AND revoked_at IS NULL',
    [workspaceId, grantId, revokedBy],
  );
  const { rows: [grant] } = await client.query<SupportGrant>(`SELECT ${COLUMNS} FROM halton.support_grants g WHERE workspace_id = $1 AND grant_id = $2`, [workspaceId, grantId]);
  return grant && { grant, revokedNow: revoked.rowCount === 1 };
}

/** Lets the bound email of support into the bound workspace, and records it; false where nobody granted that. */
export async function enterSupport(client: ClientBase): Promise<boolean> {
  const { rows: [row] } = await client.query<{ entered: boolean }>('SELECT halton.enter_support() AS entered');
  return row?.entered === true;
}

function onlyOne([grant]: readonly SupportGrant[]): SupportGrant {
  if (grant === undefined) throw new Error('Got no grant, expected the one that was written.');
  return grant;
}
