import type { ClientBase } from 'pg';
import type { Binding } from '../../../db/transaction.ts';

/** What of a workspace its administrators set. */
export interface WorkspaceSettings {
  readonly name: string;
  /** By the IANA database. */
  readonly timeZone: string;
  /** Days that requests are kept. */
  readonly retentionDays: number;
  /** Whether bodies of requests are taken in. */
  readonly bodySync: boolean;
}

/** The bound workspace with its plan and settings. */
export interface WorkspaceDetails extends WorkspaceSettings {
  readonly workspaceId: string;
  readonly organisationId: string;
  readonly plan: string;
  readonly seats: number;
  /** Whether the audit log is streamed to a SIEM. */
  readonly siemStream: boolean;
  readonly createdAt: Date;
  readonly deletionRequestedAt: Date | null;
}

interface Row {
  readonly workspace_id: string; readonly organisation_id: string; readonly name: string; readonly plan: string; readonly seats: number;
  readonly time_zone: string; readonly retention_days: number; readonly body_sync: boolean; readonly siem_stream: boolean;
  readonly created_at: Date; readonly deletion_requested_at: Date | null;
}

const COLUMNS = 'workspace_id, organisation_id, name, plan, seats, time_zone, retention_days, body_sync, siem_stream, created_at, deletion_requested_at';

/** What a new workspace is bound to: ids that nobody has yet, and who makes it. */
export type NewBinding = Required<Pick<Binding, 'workspaceId' | 'organisationId' | 'userId'>>;

/** Makes the bound organisation. */
export async function insertOrganisation(client: ClientBase, { organisationId }: NewBinding, name: string): Promise<void> {
  await client.query('INSERT INTO halton.organisations (organisation_id, name) VALUES ($1, $2)', [organisationId, name]);
}

/** Makes the bound workspace, on the smallest plan. */
export async function insertWorkspace(client: ClientBase, { workspaceId, organisationId }: NewBinding, name: string): Promise<WorkspaceDetails> {
  const { rows } = await client.query<Row>(
    `INSERT INTO halton.workspaces (workspace_id, organisation_id, name, plan) VALUES ($1, $2, $3, 'solo') RETURNING ${COLUMNS}`,
    [workspaceId, organisationId, name],
  );
  return onlyOne(rows);
}

/** As it stands. */
export async function readWorkspace(client: ClientBase, workspaceId: string): Promise<WorkspaceDetails> {
  const { rows } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.workspaces WHERE workspace_id = $1`, [workspaceId]);
  return onlyOne(rows);
}

/** Locked until the transaction ends: one change after the other, and no purge meanwhile. */
export async function lockWorkspace(client: ClientBase, workspaceId: string): Promise<WorkspaceDetails> {
  const { rows } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.workspaces WHERE workspace_id = $1 FOR NO KEY UPDATE`, [workspaceId]);
  return onlyOne(rows);
}

/** Sets what its administrators set. */
export async function updateSettings(client: ClientBase, workspaceId: string, { name, timeZone, retentionDays, bodySync }: WorkspaceSettings): Promise<WorkspaceDetails> {
  const { rows } = await client.query<Row>(
    `UPDATE halton.workspaces SET name = $2, time_zone = $3, retention_days = $4, body_sync = $5 WHERE workspace_id = $1 RETURNING ${COLUMNS}`,
    [workspaceId, name, timeZone, retentionDays, bodySync],
  );
  return onlyOne(rows);
}

/** Requests the deletion, at a time that the database tells. */
export async function requestDeletion(client: ClientBase, workspaceId: string, requestedBy: string): Promise<WorkspaceDetails> {
  const { rows } = await client.query<Row>(
    `UPDATE halton.workspaces SET deletion_requested_at = clock_timestamp(), deletion_requested_by = $2 WHERE workspace_id = $1 RETURNING ${COLUMNS}`,
    [workspaceId, requestedBy],
  );
  return onlyOne(rows);
}

/**
 * Takes the request back.
 *
 * @throws an error of code `HM001` once the purge has begun
 */
export async function cancelDeletion(client: ClientBase, workspaceId: string): Promise<WorkspaceDetails> {
  const { rows } = await client.query<Row>(
    `UPDATE halton.workspaces SET deletion_requested_at = NULL, deletion_requested_by = NULL WHERE workspace_id = $1 RETURNING ${COLUMNS}`,
    [workspaceId],
  );
  return onlyOne(rows);
}

/** Whether the database knows a time zone by this very name. */
export async function knowsTimeZone(client: ClientBase, timeZone: string): Promise<boolean> {
  const { rows: [row] } = await client.query<{ known: boolean }>('SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1) AS known', [timeZone]);
  return row?.known === true;
}

function onlyOne([row]: readonly Row[]): WorkspaceDetails {
  if (row === undefined) throw new Error('Got no workspace, expected the one that the transaction is bound to.');
  return {
    workspaceId: row.workspace_id, organisationId: row.organisation_id, name: row.name, plan: row.plan, seats: row.seats, timeZone: row.time_zone,
    retentionDays: row.retention_days, bodySync: row.body_sync, siemStream: row.siem_stream, createdAt: row.created_at, deletionRequestedAt: row.deletion_requested_at,
  };
}
