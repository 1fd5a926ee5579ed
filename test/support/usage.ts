import { randomBytes, randomUUID } from 'node:crypto';
import { hashOfSecret } from '../../api/src/auth/api-keys.ts';
import { MACHINE_HEADER } from '../../api/src/auth/caller.ts';
import { hashOfToken, newDeviceToken } from '../../api/src/auth/credential.ts';
import type { ArrivingRow } from '../../api/src/schemas/usage.ts';
import type { ApiCall, TestApi } from './api.ts';
import type { Tenant } from './tenants.ts';

/** A paired machine. */
export interface TestDevice {
  readonly deviceId: string;
  /** Whose requests it sends. */
  readonly userId: string;
  /** What makes a request the device's. */
  readonly call: ApiCall;
}

/** Pairs a machine behind the API's back. */
export async function newDevice(api: TestApi, { workspaceId, ownerId }: Tenant, userId = ownerId): Promise<TestDevice> {
  const [deviceId, machineId, token] = [randomUUID(), randomUUID(), newDeviceToken(randomBytes(32))];
  await api.superuser.query('INSERT INTO halton.devices (workspace_id, device_id, machine_id, name, token_hash, paired_by) VALUES ($1, $2, $3, $4, $5, $6)', [
    workspaceId, deviceId, machineId, 'A machine', hashOfToken(token), userId,
  ]);
  return { deviceId, userId, call: { as: token, headers: { [MACHINE_HEADER]: machineId } } };
}

/** An API key made behind the API's back. */
export interface TestKey {
  readonly keyId: string;
  /** What makes a request the key's. */
  readonly call: ApiCall;
}

/** Makes an API key behind the API's back. */
export async function newKey(api: Pick<TestApi, 'superuser'>, { workspaceId, ownerId }: Tenant): Promise<TestKey> {
  const [keyId, secret] = [randomBytes(8).toString('hex'), randomBytes(32).toString('base64url')];
  await api.superuser.query('INSERT INTO halton.api_keys (workspace_id, key_id, name, secret_hash, created_by) VALUES ($1, $2, $3, $4, $5)', [workspaceId, keyId, 'A key', await hashOfSecret(secret), ownerId]);
  return { keyId, call: { as: `hm_key_${keyId}_${secret}` } };
}

/** A request as a device sends it. */
export function arrivingRow(requestId: string, more: Partial<ArrivingRow> = {}): ArrivingRow {
  return { requestId, occurredAt: new Date().toISOString(), provider: 'anthropic', model: 'a-model', inputTokens: 10, outputTokens: 20, costUsd: '0.0001234567', ...more };
}

/** Asks for the deletion of a workspace, which is read-only from now on. */
export async function awaitDeletion(api: TestApi, { workspaceId }: Tenant): Promise<void> {
  await api.superuser.query("UPDATE halton.workspaces SET deletion_requested_at = now(), deletion_requested_by = 'owner' WHERE workspace_id = $1", [workspaceId]);
}
