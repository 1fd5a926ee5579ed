import type { FastifyRequest } from 'fastify';
import type { Pool, PoolClient } from 'pg';
import { appendAudit } from '../../../db/audit/append.ts';
import { inTransaction } from '../../../db/transaction.ts';
import type { ApiKeySecrets } from '../auth/api-keys.ts';
import type { Caller } from '../auth/caller.ts';
import { refused, refuseGuessers } from '../auth/caller.ts';
import type { FailedAttempts } from '../auth/failures.ts';
import { ProblemError } from '../problem.ts';
import { findDevice, findKey, findMember } from '../repositories/principals.ts';
import type { Principal } from './permissions.ts';
import type { Scope, Workspace } from './scope.ts';

/** What is needed to let somebody into a workspace. */
export interface EnterDeps {
  /** Logs in as the API. */
  readonly pool: Pool;
  readonly failures: FailedAttempts;
  readonly secrets: ApiKeySecrets;
}

/** Longest that is kept of what a client calls itself: what the consent records hold. */
const USER_AGENT = 512;

/**
 * Binds a transaction to one workspace, asserts that whoever asks belongs to it, and only then runs the work in it.
 *
 * Whether a token or key was revoked, and what role somebody has, is read in the same transaction.
 *
 * @throws ProblemError `FORBIDDEN` for who is no member, `UNAUTHENTICATED` for a token or key that is none of the
 *   workspace's, `TOO_BUSY`; what the work throws
 */
export async function enter<T>(deps: EnterDeps, request: FastifyRequest, caller: Caller, workspaceId: string, work: (scope: Scope) => Promise<T>): Promise<T> {
  const binding = { workspaceId, ...(caller.kind === 'member' && { userId: caller.userId }) };
  for (;;) {
    const outcome = await inTransaction(deps.pool, binding, async (client) => {
      const found = await find(client, deps.secrets, workspaceId, caller);
      if ('principal' in found) return { result: await work({ client, ...found, ip: request.ip, userAgent: userAgentOf(request) }) };
      // Written down in the workspace whose device it is, which stays although the request is refused.
      if (found.refusal === 'OTHER_MACHINE') await appendAudit(client, { actorKind: 'device', actor: found.deviceId, action: 'device.refused', target: found.deviceId, details: { address: request.ip, userAgent: userAgentOf(request) } });
      return found;
    });
    if ('result' in outcome) return outcome.result;
    if (outcome.refusal === 'NO_MEMBER') {
      request.log.warn({ code: 'SCOPE_REFUSED', workspaceId, address: request.ip }, 'not of this workspace');
      throw new ProblemError('FORBIDDEN');
    }
    if (outcome.refusal !== 'SECRET_TO_COMPARE') throw refused(deps.failures, request, outcome.refusal);
    // Without a connection meanwhile: comparing takes fifty times as long as the rest.
    await compareSecret(deps, request, outcome);
  }
}

type Found = { readonly workspace: Workspace; readonly principal: Principal } | Refusal;
type Refusal =
  | { readonly refusal: 'NO_MEMBER' | 'DEVICE_UNKNOWN' | 'DEVICE_REVOKED' | 'KEY_REVOKED' }
  | { readonly refusal: 'OTHER_MACHINE'; readonly deviceId: string }
  | SecretToCompare;
interface SecretToCompare {
  readonly refusal: 'SECRET_TO_COMPARE';
  /** Undefined where there is no such key, which is to take as long. */
  readonly secretHash: string | undefined;
  readonly keyId: string;
  readonly secret: string;
}

async function find(client: PoolClient, secrets: ApiKeySecrets, workspaceId: string, caller: Caller): Promise<Found> {
  switch (caller.kind) {
    case 'member': {
      const found = await findMember(client, workspaceId, caller.userId);
      if (found?.role !== undefined) return { workspace: found.workspace, principal: { kind: 'member', userId: caller.userId, role: found.role } };
      if (found?.administersOrganisation) return { workspace: found.workspace, principal: { kind: 'organisation_admin', userId: caller.userId } };
      return { refusal: 'NO_MEMBER' };
    }
    case 'device': {
      const found = await findDevice(client, workspaceId, caller.tokenHash);
      if (found === undefined) return { refusal: 'DEVICE_UNKNOWN' };
      if (found.revoked) return { refusal: 'DEVICE_REVOKED' };
      const { workspace, deviceId, machineId, userId } = found;
      if (machineId !== caller.machineId) return { refusal: 'OTHER_MACHINE', deviceId };
      return { workspace, principal: { kind: 'device', deviceId, machineId, userId } };
    }
    case 'api_key': {
      const { keyId, secret } = caller;
      const found = await findKey(client, workspaceId, keyId);
      if (found === undefined || !secrets.matched(found.secretHash, secret)) return { refusal: 'SECRET_TO_COMPARE', secretHash: found?.secretHash, keyId, secret };
      // Told only to who knows the secret.
      return found.revoked ? { refusal: 'KEY_REVOKED' } : { workspace: found.workspace, principal: { kind: 'api_key', keyId } };
    }
  }
}

/** Returns where the secret matched, so that it is known from now on. */
async function compareSecret({ secrets, failures }: EnterDeps, request: FastifyRequest, { secretHash, keyId, secret }: SecretToCompare): Promise<void> {
  // Asked here and not earlier: a key that is in use goes on working while somebody guesses at it.
  refuseGuessers(failures, [`key ${keyId}`]);
  const matches = await secrets.compare(secretHash, secret);
  if (matches === undefined) throw new ProblemError('TOO_BUSY', { retryAfter: 1 });
  if (!matches) throw refused(failures, request, 'KEY_WRONG', keyId);
}

/** What the client calls itself, cut. */
export function userAgentOf(request: FastifyRequest): string {
  return (request.headers['user-agent'] ?? '').slice(0, USER_AGENT);
}
