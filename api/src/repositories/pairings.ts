import type { ClientBase } from 'pg';

/** The machine that wants to be paired, as it names itself. */
export interface Machine {
  readonly machineId: string;
  readonly name: string;
}

/** Tells when the codes end; undefined where the user code is somebody else's at the moment. */
export async function startPairing(client: ClientBase, deviceCodeHash: Buffer, userCodeHash: Buffer, { machineId, name }: Machine): Promise<Date | undefined> {
  const { rows: [row] } = await client.query<{ readonly ends: Date | null }>('SELECT halton.start_pairing($1, $2, $3, $4) AS ends', [deviceCodeHash, userCodeHash, machineId, name]);
  return row?.ends ?? undefined;
}

/** Approves a pairing for the bound workspace; undefined where no such code waits for it. */
export async function approvePairing(client: ClientBase, userCodeHash: Buffer, approvedBy: string): Promise<Machine | undefined> {
  const { rows: [row] } = await client.query<{ readonly machine_id: string; readonly name: string }>('SELECT machine_id, name FROM halton.approve_pairing($1, $2)', [userCodeHash, approvedBy]);
  return row && { machineId: row.machine_id, name: row.name };
}

/** An approved pairing that became a device. */
export interface ClaimedPairing {
  readonly workspaceId: string;
  readonly machineId: string;
  readonly approvedBy: string;
}

/** Makes the device of an approved pairing and binds its workspace; undefined where there is no such code. */
export async function claimPairing(client: ClientBase, deviceCodeHash: Buffer, deviceId: string, tokenHash: Buffer): Promise<ClaimedPairing | 'pending' | undefined> {
  const { rows: [row] } = await client.query<{ readonly workspace_id: string | null; readonly machine_id: string; readonly approved_by: string | null }>(
    'SELECT workspace_id, machine_id, approved_by FROM halton.claim_pairing($1, $2, $3)',
    [deviceCodeHash, deviceId, tokenHash],
  );
  if (row === undefined) return undefined;
  if (row.workspace_id === null || row.approved_by === null) return 'pending';
  return { workspaceId: row.workspace_id, machineId: row.machine_id, approvedBy: row.approved_by };
}
