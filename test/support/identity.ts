import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Identity } from '../../api/src/identity.ts';

export const AUTHORIZED_PARTY = 'https://app.haltonmeter.com';
export const ISSUER = 'https://clerk.haltonmeter.com';

/** An identity provider with one key, which signs whatever a test wants signed. */
export class TestIssuer {
  readonly identity: Identity;
  readonly privateKey: KeyObject;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.privateKey = privateKey;
    this.identity = { authorizedParty: AUTHORIZED_PARTY, issuer: ISSUER, keys: { publicKey } };
  }

  /** A token as Clerk makes it; `claims` overrides, and what is undefined in it is left out. */
  token(userId: string, claims: Readonly<Record<string, unknown>> = {}, header: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = { sub: userId, sid: `sess_${randomUUID()}`, azp: AUTHORIZED_PARTY, iss: ISSUER, iat: now, exp: now + 60, ...claims };
    const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'ins_1', typ: 'JWT', ...header }).sign(this.privateKey);
  }
}
