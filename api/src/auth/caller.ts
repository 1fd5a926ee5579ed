import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../problem.ts';
import { readCredential } from './credential.ts';
import type { FailedAttempts, FailureName } from './failures.ts';
import type { MemberTokens } from './member-token.ts';

/** Who asks, as far as that can be told before the database is asked. */
export type Caller =
  /** Of a token that was verified. */
  | { readonly kind: 'member'; readonly userId: string; /** Verified by the identity provider. */ readonly email?: string }
  /** Of a token whose device has yet to be found. */
  | { readonly kind: 'device'; readonly tokenHash: Buffer; readonly machineId: string }
  /** Of a key whose secret has yet to be compared. */
  | { readonly kind: 'api_key'; readonly keyId: string; readonly secret: string };

/** Header by which a daemon says on which machine it runs. */
export const MACHINE_HEADER = 'x-halton-machine-id';

/** What is needed to tell who asks. */
export interface CallerDeps {
  readonly tokens: MemberTokens;
  readonly failures: FailedAttempts;
}

/**
 * Tells who asks, by the Authorization header alone and without the database, so that it can stand before the body is
 * read.
 *
 * @throws ProblemError `UNAUTHENTICATED`, `TOO_MANY_ATTEMPTS`, `IDENTITY_UNAVAILABLE`
 */
export async function tellCaller({ tokens, failures }: CallerDeps, request: FastifyRequest): Promise<Caller> {
  refuseGuessers(failures, [`address ${request.ip}`]);
  const credential = readCredential(request.headers.authorization);
  if (credential === undefined) throw refused(failures, request, 'CREDENTIAL_MALFORMED');
  switch (credential.kind) {
    case 'token': {
      const verdict = await tokens.verify(credential.jwt);
      if (verdict.ok) return { kind: 'member', userId: verdict.userId, ...(verdict.email !== undefined && { email: verdict.email }) };
      // Nobody's guess: the keys could not be had.
      if (verdict.refusal === 'TOKEN_KEYS_UNAVAILABLE') throw new ProblemError('IDENTITY_UNAVAILABLE');
      throw refused(failures, request, verdict.refusal);
    }
    case 'device': {
      const machineId = request.headers[MACHINE_HEADER];
      if (typeof machineId !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(machineId)) throw refused(failures, request, 'MACHINE_MISSING');
      return { kind: 'device', tokenHash: credential.tokenHash, machineId };
    }
    case 'api_key':
      return credential;
  }
}

/**
 * Records a failed attempt, by address and where there is one by key, and says so in the log.
 *
 * @param reason for the log; the caller is told 401 alone
 */
export function refused(failures: FailedAttempts, request: FastifyRequest, reason: string, keyId?: string): ProblemError {
  failures.record([`address ${request.ip}`, ...(keyId === undefined ? [] : [`key ${keyId}` as const])]);
  request.log.warn({ code: 'AUTHENTICATION_REFUSED', reason, address: request.ip, ...(keyId !== undefined && { keyId }) }, 'authentication refused');
  return new ProblemError('UNAUTHENTICATED');
}

/** @throws ProblemError `TOO_MANY_ATTEMPTS` where one of the names has failed too often */
export function refuseGuessers(failures: FailedAttempts, names: readonly FailureName[]): void {
  const retryAfter = failures.retryAfter(names);
  if (retryAfter !== undefined) throw new ProblemError('TOO_MANY_ATTEMPTS', { retryAfter });
}
