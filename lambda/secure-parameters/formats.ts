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
