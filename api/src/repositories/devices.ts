import type { ClientBase } from 'pg';

/** A machine that was paired with the bound workspace. */
export interface Device {
  readonly deviceId: string;
  readonly machineId: string;
  readonly name: string;
  readonly pairedBy: string;
  readonly pairedAt: Date;
  readonly revokedAt: Date | null;
}

interface Row { readonly device_id: string; readonly machine_id: string; readonly name: string; readonly paired_by: string; readonly paired_at: Date; readonly revoked_at: Date | null }

const COLUMNS = 'device_id, machine_id, name, paired_by, paired_at, revoked_at';

/** All of them, revoked ones too. */
export async function listDevices(client: ClientBase, workspaceId: string): Promise<readonly Device[]> {
  const { rows } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.devices WHERE workspace_id = $1 ORDER BY paired_at, device_id`, [workspaceId]);
  return rows.map(deviceOf);
}

/** Locked until the transaction ends; undefined where there is none. */
export async function lockDevice(client: ClientBase, workspaceId: string, deviceId: string): Promise<Device | undefined> {
  const { rows: [row] } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.devices WHERE workspace_id = $1 AND device_id = $2 FOR NO KEY UPDATE`, [workspaceId, deviceId]);
  return row && deviceOf(row);
}

/** Revokes a device; its rows stay. */
export async function revokeDevice(client: ClientBase, workspaceId: string, deviceId: string, revokedBy: string): Promise<void> {
  await client.query('UPDATE halton.devices SET revoked_at = clock_timestamp(), revoked_by = $3 WHERE workspace_id = $1 AND device_id = $2', [workspaceId, deviceId, revokedBy]);
}

/** Revokes all devices that a user has paired, and tells which they were. */
export async function revokeDevicesOf(client: ClientBase, workspaceId: string, userId: string, revokedBy: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ device_id: string }>(
    'UPDATE halton.devices SET revoked_at = clock_timestamp(), revoked_by = $3 WHERE workspace_id = $1 AND paired_by = $2 AND revoked_at IS NULL RETURNING device_id',
    [workspaceId, userId, revokedBy],
  );
  return rows.map(({ device_id }) => device_id);
}

function deviceOf({ device_id, machine_id, name, paired_by, paired_at, revoked_at }: Row): Device {
  return { deviceId: device_id, machineId: machine_id, name, pairedBy: paired_by, pairedAt: paired_at, revokedAt: revoked_at };
}
