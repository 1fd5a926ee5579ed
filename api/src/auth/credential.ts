import { createHash } from 'node:crypto';

/** What a request shows, before anybody has looked whether it is good. */
export type Credential =
  | { readonly kind: 'token'; readonly jwt: string }
  | { readonly kind: 'device'; readonly tokenHash: Buffer }
  | { readonly kind: 'api_key'; readonly keyId: string; readonly secret: string };

/** `hm_sync_`, 32 random bytes in base64url and a checksum of eight hexadecimal digits. */
const DEVICE_TOKEN = /^hm_sync_([A-Za-z0-9_-]{43})([0-9a-f]{8})$/;
/** `hm_key_`, the id by which the key is found, and the secret; bcrypt reads no more than 72 bytes. */
const API_KEY = /^hm_key_([A-Za-z0-9]{8,40})_([A-Za-z0-9_-]{32,72})$/;
/** Three parts of canonical base64url (RFC 7515), at most 8 KB, whose last character carries no stray bits. */
const JWT = /^[A-Za-z0-9_-]{1,2000}\.[A-Za-z0-9_-]{1,6000}\.[A-Za-z0-9_-]{100,1400}$/;

/** Reads the credential of a request; undefined where there is none, or one of no known form. */
export function readCredential(authorization: string | undefined): Credential | undefined {
  const bearer = /^Bearer ([\x21-\x7e]{1,8192})$/i.exec(authorization ?? '')?.[1];
  if (bearer === undefined) return undefined;
  const device = DEVICE_TOKEN.exec(bearer);
  if (device !== null) return deviceChecksum(device[1] ?? '') === device[2] ? { kind: 'device', tokenHash: hashOfToken(bearer) } : undefined;
  const key = API_KEY.exec(bearer);
  if (key !== null) return { kind: 'api_key', keyId: key[1] ?? '', secret: key[2] ?? '' };
  return JWT.test(bearer) ? { kind: 'token', jwt: bearer } : undefined;
}

/** A device token of 32 random bytes. */
export function newDeviceToken(random: Buffer): string {
  const text = random.toString('base64url');
  return `hm_sync_${text}${deviceChecksum(text)}`;
}

/** What is stored of a token. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Tells a token that was mistyped or cut off without asking the database; it protects nothing. */
function deviceChecksum(text: string): string {
  return createHash('sha256').update(`hm_sync_${text}`).digest('hex').slice(0, 8);
}
