import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Identity } from '../api/src/identity.ts';

/** Where the demo's tokens say that they are for; nothing listens there. */
const DASHBOARD = 'http://localhost:3001';
const ISSUER = 'http://localhost/demo-issuer';

/** Mints tokens that this process's own service takes, and no other one: its key is made anew at every start. */
export interface DemoIssuer {
  readonly identity: Identity;
  /** @param lifetime as jose reads it @default '12h' */
  token(userId: string, lifetime?: string): Promise<string>;
}

/** Stands in for the identity provider on a laptop. It is no part of the image. */
export function newDemoIssuer(): DemoIssuer {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    identity: { authorizedParty: DASHBOARD, issuer: ISSUER, keys: { publicKey } },
    token: (userId, lifetime = '12h') => new SignJWT({ azp: DASHBOARD, sid: `sess_${randomUUID()}` }).setProtectedHeader({ alg: 'RS256' }).setIssuer(ISSUER).setSubject(userId).setIssuedAt().setExpirationTime(lifetime).sign(privateKey),
  };
}
