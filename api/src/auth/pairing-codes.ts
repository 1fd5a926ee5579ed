import { randomInt } from 'node:crypto';
import { hashOfToken } from './credential.ts';

/** Consonants: no two look alike, and no word comes of them (RFC 8628, 6.1). */
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ';

/** What a member may type: as it is shown, or in lower case, or without the hyphen. */
export const USER_CODE = '^[A-Za-z]{4}-?[A-Za-z]{4}$';

/** As `BCDF-GHJK`: 34 bits, which bear guessing at a hundred a minute for the ten minutes that it is good. */
export function newUserCode(): string {
  return `${fourLetters()}-${fourLetters()}`;
}

/** What is stored of a user code, however it was typed. */
export function hashOfUserCode(typed: string): Buffer {
  return hashOfToken(typed.replace('-', '').toUpperCase());
}

function fourLetters(): string {
  return Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
