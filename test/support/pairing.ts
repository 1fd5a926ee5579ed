import type { ApiAnswer, TestApi } from './api.ts';
import type { Tenant } from './tenants.ts';

/** Codes that a daemon is given. */
export interface Codes {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly expiresAt: string;
}

/** What a daemon gets at the end. */
export interface Paired {
  readonly workspaceId: string;
  readonly deviceId: string;
  readonly token: string;
}

/** Does what a daemon does to begin. */
export function startPairing(api: TestApi, machineId: string, name = 'Laptop'): Promise<ApiAnswer<Codes>> {
  return api.call('POST', '/v1/pairings', { body: { machineId, name } });
}

/** Does what the browser does. */
export function approvePairing(api: TestApi, { workspaceId }: Tenant, userCode: string, as: string): Promise<ApiAnswer<unknown>> {
  return api.call('POST', `/v1/workspaces/${workspaceId}/pairings/approve`, { as, body: { userCode } });
}

/** Asks for the token as a daemon does. */
export function claimPairing(api: TestApi, deviceCode: string): Promise<ApiAnswer<Paired>> {
  return api.call('POST', '/v1/pairings/claim', { body: { deviceCode } });
}

/** Pairs a machine from beginning to end. */
export async function pair(api: TestApi, tenant: Tenant, as: string, machineId = 'machine-1'): Promise<Paired> {
  const { body } = await startPairing(api, machineId);
  await approvePairing(api, tenant, body.userCode, as);
  return (await claimPairing(api, body.deviceCode)).body;
}
