import { randomBytes } from 'node:crypto';
import { LOGINS } from '../roles.ts';
import type { Passwords } from '../roles.ts';

/** A password for each login of a database that ends with the process. */
export function newPasswords(): Passwords {
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are exactly the logins
  return Object.fromEntries(LOGINS.map((login) => [login, randomBytes(32).toString('hex')])) as Passwords;
}
