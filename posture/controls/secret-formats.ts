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

/** Words that make a variable's or property's name say that it holds a secret, once its separators are gone. */
const SECRET_WORD =
  /SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|CREDENTIAL|APIKEY|PRIVATEKEY|ACCESSKEY|SIGNINGKEY|ENCRYPTIONKEY|FERNET|JWT|CONNECTIONSTRING|(?:DATABASE|POSTGRES|PG|DB|REDIS)UR[IL]|DSN$/;

/** What ends in a short word for a password, which as part of a longer word means something else: `BYPASS`. */
const SHORT_WORD = /(?:^|[^A-Z])(?:PG|DB|USER|ROOT|ADMIN)?(?:PASS|PWD)$/;
/** A key by its name; the public half of a pair and the key of an object or a row are none. */
const KEY_WORD = /(?:^|[^A-Z0-9])(?<!(?:PUBLIC|OBJECT|PARTITION|SORT|S3)_)KEYS?$/;

/** Whether a name says that what it names is a secret. */
export const saysSecret = (name: string): boolean => SECRET_WORD.test(name.toUpperCase().replace(/[^A-Z0-9]/g, '')) || SHORT_WORD.test(snake(name));

/** Whether a variable's name says so; among variables, unlike tags and outputs, a bare key is one that opens something. */
export const saysSecretVariable = (name: string): boolean => saysSecret(name) || KEY_WORD.test(snake(name));

const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
