import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { StartError } from './start-error.ts';

/** The identity provider whose tokens the service takes. */
export interface Identity {
  /** The `azp` of every token: the origin of the dashboard. */
  readonly authorizedParty: string;
  /** The `iss` of every token. @default - any issuer whose key fits */
  readonly issuer?: string;
  /** Where the keys of the tokens are fetched, or the one key. */
  readonly keys: { readonly jwksUrl: string } | { readonly publicKey: KeyObject };
}

/** NIST SP 800-131A allows no shorter modulus for signatures. */
const LEAST_BITS = 2048;

const PEM = /^\s*-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;

/**
 * Tells where the keys of the tokens come from; what stands in the environment is never repeated, since somebody
 * may have put a private key there.
 *
 * @throws StartError `IDENTITY_KEY_UNCLEAR`, `IDENTITY_KEY_INVALID`
 */
export function identityKeys(jwksUrl: string | undefined, pem: string | undefined): Identity['keys'] {
  if (jwksUrl !== undefined && pem === undefined) return { jwksUrl };
  if (jwksUrl === undefined && pem !== undefined) return { publicKey: readPublicKey(pem) };
  throw new StartError('IDENTITY_KEY_UNCLEAR', `Got ${pem === undefined ? 'neither' : 'both'} IDENTITY_JWKS_URL ${pem === undefined ? 'nor' : 'and'} IDENTITY_PUBLIC_KEY, expected one of the two, which alone decides whose tokens are taken. Set one in the environment of the process.`);
}

function readPublicKey(pem: string): KeyObject {
  const key = PEM.test(pem) ? parse(pem) : undefined;
  if (key === undefined) throw invalid('no public key in PEM');
  if (key.asymmetricKeyType !== 'rsa') throw invalid(`a key of type ${key.asymmetricKeyType}`);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_BITS) throw invalid(`an RSA key of ${bits} bits`);
  return key;
}

function invalid(got: string): StartError {
  return new StartError('IDENTITY_KEY_INVALID', `IDENTITY_PUBLIC_KEY: got ${got}, expected one RSA public key of at least ${LEAST_BITS} bits, from BEGIN PUBLIC KEY to END PUBLIC KEY. Copy the one that the identity provider shows.`);
}

function parse(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
