import type { ClientBase } from 'pg';
import type { Role } from '../scope/permissions.ts';

/** An invitation into the bound workspace. */
export interface Invitation {
  readonly invitationId: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly invitedAt: Date;
  readonly expiresAt: Date;
}

interface Row { readonly invitation_id: string; readonly email: string; readonly role: Role; readonly invited_by: string; readonly invited_at: Date; readonly expires_at: Date }

const COLUMNS = 'invitation_id, email, role, invited_by, invited_at, expires_at';

/** Makes an invitation, which ends after seven days by the database's clock. */
export async function insertInvitation(
  client: ClientBase,
  workspaceId: string,
  { invitationId, email, role, invitedBy, tokenHash }: Pick<Invitation, 'invitationId' | 'email' | 'role' | 'invitedBy'> & { readonly tokenHash: Buffer },
): Promise<Invitation> {
  const { rows: [row] } = await client.query<Row>(
    `INSERT INTO halton.invitations (workspace_id, invitation_id, email, role, invited_by, token_hash, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + interval '168 hours') RETURNING ${COLUMNS}`,
    [workspaceId, invitationId, email, role, invitedBy, tokenHash],
  );
  if (row === undefined) throw new Error('Got no invitation, expected the one that was inserted.');
  return invitationOf(row);
}

/** Those that were neither accepted nor revoked, expired ones too. */
export async function listInvitations(client: ClientBase, workspaceId: string): Promise<readonly Invitation[]> {
  const { rows } = await client.query<Row>(
    `SELECT ${COLUMNS} FROM halton.invitations WHERE workspace_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL ORDER BY invited_at, invitation_id`,
    [workspaceId],
  );
  return rows.map(invitationOf);
}

/** What became of an invitation, which is locked until the transaction ends; undefined where there is none. */
export async function lockInvitation(client: ClientBase, workspaceId: string, invitationId: string): Promise<'open' | 'accepted' | 'revoked' | undefined> {
  const { rows: [row] } = await client.query<{ readonly state: 'open' | 'accepted' | 'revoked' }>(
    `SELECT CASE WHEN accepted_at IS NOT NULL THEN 'accepted' WHEN revoked_at IS NOT NULL THEN 'revoked' ELSE 'open' END AS state
     FROM halton.invitations WHERE workspace_id = $1 AND invitation_id = $2 FOR NO KEY UPDATE`,
    [workspaceId, invitationId],
  );
  return row?.state;
}

/** Revokes what is open. */
export async function revokeInvitation(client: ClientBase, workspaceId: string, invitationId: string): Promise<void> {
  await client.query('UPDATE halton.invitations SET revoked_at = clock_timestamp() WHERE workspace_id = $1 AND invitation_id = $2', [workspaceId, invitationId]);
}

/** Uses an invitation up, once and while it is good; undefined where there is no such one. */
export async function acceptInvitation(client: ClientBase, workspaceId: string, tokenHash: Buffer, acceptedBy: string): Promise<Pick<Invitation, 'invitationId' | 'role' | 'invitedBy'> | undefined> {
  const { rows: [row] } = await client.query<Pick<Row, 'invitation_id' | 'role' | 'invited_by'>>(
    `UPDATE halton.invitations SET accepted_at = clock_timestamp(), accepted_by = $3
     WHERE workspace_id = $1 AND token_hash = $2 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > clock_timestamp() RETURNING invitation_id, role, invited_by`,
    [workspaceId, tokenHash, acceptedBy],
  );
  return row && { invitationId: row.invitation_id, role: row.role, invitedBy: row.invited_by };
}

function invitationOf({ invitation_id, email, role, invited_by, invited_at, expires_at }: Row): Invitation {
  return { invitationId: invitation_id, email, role, invitedBy: invited_by, invitedAt: invited_at, expiresAt: expires_at };
}
