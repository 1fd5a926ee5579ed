import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SealError } from './errors.ts';

/** A Fernet key; its halves are objects that no log and no error prints. */
export interface FernetKey {
  /** 128 bits, for HMAC. */
  readonly signing: KeyObject;
  /** 128 bits, for AES. */
  readonly encryption: KeyObject;
}

/** The keys of a deployment, newest first: the first seals, each opens. */
export type FernetKeys = readonly [newest: FernetKey, ...older: FernetKey[]];

const HALF = 16;
const KEY = /^[A-Za-z0-9_-]{43}=$/;

/**
 * Reads the list of keys as Parameter Store keeps it: with a comma between them, newest first.
 *
 * @throws SealError `SEAL_KEYS_MALFORMED`, which repeats no part of the list
 */
export function parseFernetKeys(list: string): FernetKeys {
  const [newest, ...older] = list.split(',').map((text, index) => parseKey(text.trim(), index + 1));
  if (newest === undefined) throw malformed(1);
  return [newest, ...older];
}

function parseKey(text: string, place: number): FernetKey {
  if (!KEY.test(text)) throw malformed(place);
  const bytes = Buffer.from(text, 'base64url');
  return { signing: createSecretKey(bytes.subarray(0, HALF)), encryption: createSecretKey(bytes.subarray(HALF)) };
}

function malformed(place: number): SealError {
  return new SealError('SEAL_KEYS_MALFORMED', `Got something else as Fernet key ${place} of the list, expected 32 bytes in URL-safe base64, 44 characters with the = at their end, and a comma between keys. Put the list right in Parameter Store (fernet/keys): the newest key stands first, and the older ones stay until nothing is sealed with them.`);
}
