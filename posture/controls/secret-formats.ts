/** A kind of secret that can be told by its looks. */
export interface SecretFormat {
  readonly name: string;
  readonly pattern: RegExp;
}

/**
 * What no template may hold anywhere.
 *
 * Each pattern is anchored to the secret's own prefix and length, so that asset hashes (64 hexadecimal digits), the
 * CDK's compressed metadata and public keys are left alone.
 */
export const secretFormats: readonly SecretFormat[] = [
  { name: 'a Clerk or Stripe secret key', pattern: /(?<![A-Za-z0-9])[sr]k_(?:live|test)_[A-Za-z0-9]{10,}/ },
  { name: 'a webhook signing secret', pattern: /(?<![A-Za-z0-9])whsec_[A-Za-z0-9+/_-]{16,}/ },
  { name: 'a Halton device token or API key', pattern: /(?<![A-Za-z0-9])hm_(?:sync|key)_[A-Za-z0-9_-]{8,}/ },
  // A password that only the account can spell, `postgres://user:${…}@`, is resolved in plain sight all the same.
  { name: 'a URL with a password', pattern: /(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s:@/]*:(?:\$?\{[^}]*\}+|[^\s@/])+@/ },
  { name: 'a private key', pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { name: 'an AWS access key id', pattern: /(?<![A-Za-z0-9+/])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9+/])/ },
  { name: 'a Fernet key', pattern: /(?<![A-Za-z0-9+/_=-])[A-Za-z0-9_-]{43}=(?![A-Za-z0-9+/_=-])/ },
  { name: 'a JSON Web Token', pattern: /(?<![A-Za-z0-9+/])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\./ },
  { name: 'a GitHub token', pattern: /(?<![A-Za-z0-9])(?:gh[opsur]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})/ },
  { name: 'a Slack token', pattern: /(?<![A-Za-z0-9])xox[abeprs]-[A-Za-z0-9-]{10,}/ },
];
