import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { DatabaseError } from './errors.ts';

/** Postgres' own default (scram_iterations); the passwords are 256 random bits, which no number of rounds improves. */
const ITERATIONS = 4096;
/** Bytes: what Postgres makes itself. */
const SALT_BYTES = 16;
/** Bytes of a SHA-256 hash. */
const KEY_BYTES = 32;

/**
 * The verifier that Postgres keeps of a password for SCRAM-SHA-256 (RFC 5803), from which the password cannot be had.
 *
 * @param salt @default 16 random bytes
 * @throws DatabaseError `PASSWORD_UNUSABLE` for other than printable ASCII, which would have to be normalised first
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(SALT_BYTES)): string {
  if (!/^[!-~]+$/.test(password)) {
    throw new DatabaseError('PASSWORD_UNUSABLE', 'Got a password that is empty or holds other than printable ASCII, expected letters, digits and signs. Store another one.');
  }
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest();
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey.toString('base64')}:${hmac('Server Key').toString('base64')}`;
}
