import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Refusal } from './problems.ts';

/** NIST SP 800-131A allows no shorter modulus for signatures. */
const LEAST_BITS = 2048;

const PEM = /^\s*-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;

/** Refuses what is not one RSA public key in PEM, without ever repeating what it got. */
export function judgePublicKey(pem: string): readonly Refusal[] {
  const expected = `one RSA public key of at least ${LEAST_BITS} bits in PEM, from BEGIN PUBLIC KEY to END PUBLIC KEY`;
  if (/PRIVATE KEY/.test(pem)) {
    return [{ got: 'a private key', expected, mend: 'take it out of the file and its history, replace it where it is used, and write the public key instead' }];
  }
  const copy = "copy the public key that the identity provider shows, below `publicKey: |` and indented";
  const key = PEM.test(pem) ? read(pem) : undefined;
  if (key === undefined) return [{ got: 'no public key in PEM', expected, mend: copy }];
  if (key.asymmetricKeyType !== 'rsa') return [{ got: `a key of type ${key.asymmetricKeyType}`, expected, mend: copy }];
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_BITS) return [{ got: `an RSA key of ${bits} bits`, expected, mend: 'have the identity provider sign with a longer key' }];
  return [];
}

function read(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
