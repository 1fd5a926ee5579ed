import { randomBytes } from 'node:crypto';
import type { GeneratedFormat } from './properties.ts';

/** 256 bits for every secret: what a Fernet key takes, and more than anybody can guess. */
const SECRET_BYTES = 32;

/** How a new value of each format is made. */
export const generators: Readonly<Record<GeneratedFormat, () => string>> = {
  /** A list of Fernet keys with a comma between them, of which the first encrypts; it starts with one. */
  'fernet-keys': () => randomBytes(SECRET_BYTES).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
  /** A signing secret as Standard Webhooks writes it. */
  'webhook-secret': () => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
  /** Hexadecimal: RDS refuses `/`, `@`, `"` and spaces, and nothing of it needs escaping in a URL or a shell. */
  password: () => randomBytes(SECRET_BYTES).toString('hex'),
};

/** How a shell makes a value of each format out of anybody's sight, and what the loss of one comes to. */
export const losses: Readonly<Record<GeneratedFormat, { readonly shell: string; readonly means: string }>> = {
  'fernet-keys': {
    shell: `v="$(openssl rand -base64 ${SECRET_BYTES} | tr '+/' '-_')"`,
    means: 'every body sealed with the old keys is lost for good',
  },
  'webhook-secret': {
    shell: `v="whsec_$(openssl rand -base64 ${SECRET_BYTES})"`,
    means: 'receivers refuse the webhooks until they are told the new one',
  },
  password: {
    shell: `v="$(openssl rand -hex ${SECRET_BYTES})"`,
    means: 'nothing is lost once the database knows the new one: give RDS the master password (`aws rds modify-db-instance --apply-immediately --master-user-password "$v"`); a login gets its own by the next migration, and a database/url that names the login has to hold it too',
  },
};
