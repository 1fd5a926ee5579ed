import type { ClientBase } from 'pg';
import type { Role } from '../scope/permissions.ts';

/** Somebody who belongs to the bound workspace. */
export interface Member {
  readonly userId: string;
  readonly role: Role;
  readonly joinedAt: Date;
}

interface Row { readonly user_id: string; readonly role: Role; readonly joined_at: Date }

const COLUMNS = 'user_id, role, joined_at';

/** All of them, who came first first. */
export async function listMembers(client: ClientBase, workspaceId: string): Promise<readonly Member[]> {
  const { rows } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.members WHERE workspace_id = $1 ORDER BY joined_at, user_id`, [workspaceId]);
  return rows.map(memberOf);
}

/** Undefined for who is no member. */
export async function readMember(client: ClientBase, workspaceId: string, userId: string): Promise<Member | undefined> {
  const { rows: [row] } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.members WHERE workspace_id = $1 AND user_id = $2`, [workspaceId, userId]);
  return row && memberOf(row);
}

/** Whether somebody is a member, and stays one until the transaction ends. */
export async function holdMember(client: ClientBase, workspaceId: string, userId: string): Promise<boolean> {
  const { rows } = await client.query('SELECT FROM halton.members WHERE workspace_id = $1 AND user_id = $2 FOR KEY SHARE', [workspaceId, userId]);
  return rows.length > 0;
}

/** How many owners there are. */
export async function countOwners(client: ClientBase, workspaceId: string): Promise<number> {
  const { rows: [row] } = await client.query<{ owners: number }>("SELECT count(*)::integer AS owners FROM halton.members WHERE workspace_id = $1 AND role = 'owner'", [workspaceId]);
  return row?.owners ?? 0;
}

/** Undefined where he is a member already, and stays what he is. */
export async function insertMember(client: ClientBase, workspaceId: string, userId: string, role: Role): Promise<Member | undefined> {
  const { rows: [row] } = await client.query<Row>(
    `INSERT INTO halton.members (workspace_id, user_id, role) VALUES ($1, $2, $3) ON CONFLICT (workspace_id, user_id) DO NOTHING RETURNING ${COLUMNS}`,
    [workspaceId, userId, role],
  );
  return row && memberOf(row);
}

/** Gives a member another role. */
export async function updateRole(client: ClientBase, workspaceId: string, userId: string, role: Role): Promise<Member> {
  const { rows: [row] } = await client.query<Row>(`UPDATE halton.members SET role = $3 WHERE workspace_id = $1 AND user_id = $2 RETURNING ${COLUMNS}`, [workspaceId, userId, role]);
  if (row === undefined) throw new Error('Got no member, expected the one who was found while the workspace was locked.');
  return memberOf(row);
}

/** Takes a member out. */
export async function deleteMember(client: ClientBase, workspaceId: string, userId: string): Promise<void> {
  await client.query('DELETE FROM halton.members WHERE workspace_id = $1 AND user_id = $2', [workspaceId, userId]);
}

function memberOf({ user_id, role, joined_at }: Row): Member {
  return { userId: user_id, role, joinedAt: joined_at };
}
