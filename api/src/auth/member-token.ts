import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import type { Identity } from '../identity.ts';

/** Why a token is refused; it stands in the log, and the caller is told 401 alone. */
export type TokenRefusal = 'TOKEN_MALFORMED' | 'TOKEN_EXPIRED' | 'TOKEN_NOT_YET_VALID' | 'TOKEN_ISSUER' | 'TOKEN_AUTHORIZED_PARTY' | 'TOKEN_CLAIMS' | 'TOKEN_SIGNATURE' | 'TOKEN_KEYS_UNAVAILABLE';

export type TokenVerdict =
  | { readonly ok: true; readonly userId: string; readonly sessionId: string; /** In lower case, where the provider has verified it and says so. */ readonly email?: string }
  | { readonly ok: false; readonly refusal: TokenRefusal };

/** Seconds by which clocks may differ: Clerk's own tolerance. */
const TOLERANCE = 5;
/** Milliseconds: keys are fetched anew after ten minutes, or after 30 seconds where a token names one that is not known. */
const JWKS = { cacheMaxAge: 600_000, cooldownDuration: 30_000, timeoutDuration: 5_000 };

/**
 * Verifies tokens of the identity provider: RS256 alone, its issuer, and the dashboard as the party they were made for.
 */
export class MemberTokens {
  readonly #identity: Identity;
  readonly #key: JWTVerifyGetKey;
  readonly #now: () => Date;

  /** @param now @default the machine's clock */
  constructor(identity: Identity, now: () => Date = () => new Date()) {
    this.#identity = identity;
    const { keys } = identity;
    // A pinned key is taken for every key id: there is no other.
    this.#key = 'jwksUrl' in keys ? createRemoteJWKSet(new URL(keys.jwksUrl), JWKS) : () => Promise.resolve(keys.publicKey);
    this.#now = now;
  }

  async verify(jwt: string): Promise<TokenVerdict> {
    const { issuer, authorizedParty } = this.#identity;
    if (!isCanonical(jwt)) return refused('TOKEN_MALFORMED');
    const options: JWTVerifyOptions = {
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'sid', 'azp', 'exp', 'iat', 'iss'],
      clockTolerance: TOLERANCE,
      currentDate: this.#now(),
      ...(issuer !== undefined && { issuer }),
    };
    try {
      const { payload } = await jwtVerify(jwt, this.#key, options);
      const { sub, sid, azp, iat } = payload;
      // Exactly the string: a list that holds it was made for somebody else too.
      if (azp !== authorizedParty) return refused('TOKEN_AUTHORIZED_PARTY');
      if (typeof iat !== 'number' || iat > this.#now().getTime() / 1000 + TOLERANCE) return refused('TOKEN_NOT_YET_VALID');
      if (!isId(sub) || !isId(sid)) return refused('TOKEN_CLAIMS');
      return { ok: true, userId: sub, sessionId: sid, ...emailOf(payload) };
    } catch (error) {
      return refused(refusalOf(error));
    }
  }
}

function refused(refusal: TokenRefusal): TokenVerdict {
  return { ok: false, refusal };
}

/** An id of the provider as it can stand in the database. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value);
}

/** The address that support is let in by; one that nobody has verified is none. */
function emailOf({ email, email_verified: verified }: JWTPayload): { readonly email?: string } {
  return typeof email === 'string' && verified === true && /^[\x21-\x7e]{3,320}$/.test(email) ? { email: email.toLowerCase() } : {};
}

/** Libraries read some base64url that nobody would write: padded, or with stray bits in its last character. */
function isCanonical(jwt: string): boolean {
  const parts = jwt.split('.');
  return parts.length === 3 && parts.every((part) => /^[A-Za-z0-9_-]+$/.test(part) && Buffer.from(part, 'base64url').toString('base64url') === part);
}

function refusalOf(error: unknown): TokenRefusal {
  if (error instanceof errors.JWTExpired) return 'TOKEN_EXPIRED';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return 'TOKEN_ISSUER';
    if (error.claim === 'nbf') return 'TOKEN_NOT_YET_VALID';
    return error.claim === 'azp' ? 'TOKEN_AUTHORIZED_PARTY' : 'TOKEN_CLAIMS';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JOSEAlgNotAllowed) return 'TOKEN_SIGNATURE';
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return 'TOKEN_KEYS_UNAVAILABLE';
  // What jose throws of its own belongs to the token, but for one without a code of its own: an answer other than 200 on the
  // way to the keys, as anything else is the network on that way.
  if (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') return 'TOKEN_KEYS_UNAVAILABLE';
  return error instanceof errors.JOSEError ? 'TOKEN_MALFORMED' : 'TOKEN_KEYS_UNAVAILABLE';
}
