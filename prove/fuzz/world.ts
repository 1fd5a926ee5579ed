import { MACHINE_HEADER } from '../../api/src/auth/caller.ts';
import { IDEMPOTENCY_HEADER } from '../../api/src/scope/idempotency.ts';
import { WORKSPACE_HEADER } from '../../api/src/scope/memberships.ts';
import type { TestApi } from '../../test/support/api.ts';
import { approvePairing, startPairing } from '../../test/support/pairing.ts';
import { SUPPORT_EMAIL } from '../../test/support/support-access.ts';
import type { Tenant } from '../../test/support/tenants.ts';
import { arrivingRow, awaitDeletion, newDevice, newKey } from '../../test/support/usage.ts';
import type { Known } from './values.ts';

/** Somebody who sends requests. */
export interface FuzzCaller {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A workspace, who belongs to it, and what is in it. */
export interface Home {
  readonly tenant: Tenant;
  readonly callers: readonly FuzzCaller[];
  readonly known: Known;
}

/** Workspaces, of which the last awaits its deletion, and those who belong to none. */
export interface FuzzWorld {
  readonly homes: readonly Home[];
  readonly others: readonly FuzzCaller[];
}

/** Seconds for which the tokens are good: longer than a batch takes on a slow machine. */
const LIFETIME = 3_600;
/** Keys that were used for something before: a new one that comes twice at the same moment is rightly told to come later. */
const USED_KEYS = ['once', 'twice'];
const PLANS = ['enterprise', 'team', 'enterprise'] as const;

/** Makes workspaces with something of everything in them, and tokens of all who may or may not enter them. */
export async function newFuzzWorld(api: TestApi): Promise<FuzzWorld> {
  const homes = await Promise.all(PLANS.map((plan) => newHome(api, plan)));
  const last = homes.at(-1);
  if (last !== undefined) await awaitDeletion(api, last.tenant);
  const stranger = await tokenOf(api, 'user_stranger');
  return {
    homes,
    others: [
      bearer('a stranger', stranger),
      { name: 'nobody', headers: {} },
      bearer('a garbage token', 'garbage'),
      bearer('an unsigned token', `${stranger.slice(0, stranger.lastIndexOf('.'))}.${'A'.repeat(342)}`),
      bearer('an expired token', await api.issuer.token('user_stranger', { exp: 1 })),
      bearer('an unknown device', `hm_sync_${'A'.repeat(43)}00000000`, { [MACHINE_HEADER]: 'machine' }),
      bearer('an unknown API key', `hm_key_${'0'.repeat(16)}_${'A'.repeat(43)}`),
      bearer('support', await api.issuer.token('user_support', { exp: Math.floor(Date.now() / 1000) + LIFETIME, email: SUPPORT_EMAIL, email_verified: true })),
    ],
  };
}

async function newHome(api: TestApi, plan: string): Promise<Home> {
  const tenant = await api.tenant({ plan });
  const { workspaceId, organisationId, ownerId } = tenant;
  await api.superuser.query('UPDATE halton.workspaces SET body_sync = true WHERE workspace_id = $1', [workspaceId]);
  const owner = await tokenOf(api, ownerId);
  const [admin, member] = [await api.member(tenant, 'admin'), await api.member(tenant, 'member')];
  const organisationAdmin = `${ownerId}_of_the_organisation`;
  await api.superuser.query('INSERT INTO halton.organisation_admins (organisation_id, user_id) VALUES ($1, $2)', [organisationId, organisationAdmin]);
  const [device, key] = [await newDevice(api, tenant, member.userId), await newKey(api, tenant)];
  const callers = [
    bearer('owner', owner),
    bearer('admin', await tokenOf(api, admin.userId)),
    bearer('member', await tokenOf(api, member.userId)),
    bearer('organisation admin', await tokenOf(api, organisationAdmin)),
    bearer('device', device.call.as ?? '', device.call.headers),
    bearer('API key', key.call.as ?? ''),
  ];
  return { tenant, callers, known: await furnished(api, tenant, owner, { userIds: [ownerId, admin.userId, member.userId], deviceId: device.deviceId, keyId: key.keyId }) };
}

interface Makers { readonly userIds: readonly string[]; readonly deviceId: string; readonly keyId: string }

/** Does as a client does, so that what is there is as the service itself makes it. */
async function furnished(api: TestApi, tenant: Tenant, owner: string, { userIds, deviceId, keyId }: Makers): Promise<Known> {
  const { workspaceId } = tenant;
  const make = async (path: string, body: unknown, headers = {}): Promise<Readonly<Record<string, string>>> => {
    const answer = await api.call<Readonly<Record<string, string>>>('POST', `/v1/workspaces/${workspaceId}/${path}`, { as: owner, headers, body });
    if (answer.status !== 201) throw new Error(`Got ${answer.status} for ${path}, expected 201: ${answer.text}`);
    return answer.body;
  };
  const ids: Record<string, string[]> = { project: [], invitation: [], policy: [], override: [], grant: [] };
  const tokens: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    ids['project']?.push((await make('projects', { name: `Project ${round}` }, { [IDEMPOTENCY_HEADER]: USED_KEYS[round] }))['projectId'] ?? '');
    ids['policy']?.push((await make('policies', { kind: 'budget', settings: { limit: round } }))['policyId'] ?? '');
    ids['override']?.push((await make('pricing-overrides', { provider: 'anthropic', model: `model-${round}`, inputRate: '1', outputRate: '2', cachedRate: '0.1', effectiveFrom: '2026-01-01T00:00:00Z' }))['overrideId'] ?? '');
    ids['grant']?.push((await make('support-grants', { supportEmail: SUPPORT_EMAIL, hours: 24 }))['grantId'] ?? '');
    const invitation = await make('invitations', { email: `guest-${round}@example.com`, role: 'member' });
    ids['invitation']?.push(invitation['invitationId'] ?? '');
    tokens.push(invitation['token'] ?? '');
  }
  const requestIds = ['req_1', 'req_2', 'req_3', `req_of_${workspaceId}`];
  await storeUsage(api, tenant, deviceId, requestIds, userIds, ids['project'] ?? []);
  const pairings = [await startPairing(api, 'machine-1'), await startPairing(api, 'machine-2')].map(({ body }) => body);
  await approvePairing(api, tenant, pairings[0]?.userCode ?? '', owner);
  return {
    ...ids,
    'workspace': [workspaceId], [WORKSPACE_HEADER]: [workspaceId], 'device': [deviceId], 'key': [keyId],
    'user': userIds, 'userId': userIds, 'viewer': userIds, 'subject': userIds,
    'request': requestIds, 'requestId': requestIds, 'projectId': ids['project'] ?? [],
    'token': tokens, 'deviceCode': pairings.map(({ deviceCode }) => deviceCode), 'userCode': pairings.map(({ userCode }) => userCode),
    [IDEMPOTENCY_HEADER]: USED_KEYS, 'occurredAt': [arrivingRow('').occurredAt], 'timeZone': ['UTC', 'Europe/London', 'America/New_York', 'Australia/Lord_Howe'], 'supportEmail': [SUPPORT_EMAIL],
  };
}

/** Requests of each user, the first with a body. */
async function storeUsage(api: TestApi, { workspaceId }: Tenant, deviceId: string, requestIds: readonly string[], userIds: readonly string[], projectIds: readonly string[]): Promise<void> {
  for (const [index, requestId] of requestIds.entries()) {
    const { occurredAt } = arrivingRow(requestId);
    await api.superuser.query(
      `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id, project_id, device_id)
       VALUES ($1, $2, $3, 'anthropic', 'a-model', 10, 20, 0.1, $4, $5, $6)`,
      [workspaceId, requestId, occurredAt, userIds[index % userIds.length], projectIds[index % projectIds.length], deviceId],
    );
  }
}

function bearer(name: string, token: string, more: Readonly<Record<string, string>> = {}): FuzzCaller {
  return { name, headers: { authorization: `Bearer ${token}`, ...more } };
}

function tokenOf(api: TestApi, userId: string): Promise<string> {
  return api.issuer.token(userId, { exp: Math.floor(Date.now() / 1000) + LIFETIME });
}
