import type { Place, SealedDocument } from './document.ts';
import { SealError } from './errors.ts';
import { decrypt, encrypt, isSignedWith, readToken } from './fernet.ts';
import type { FernetToken } from './fernet.ts';
import type { FernetKey, FernetKeys } from './keys.ts';
import { readDocument, writeDocument } from './serialize.ts';

/** Seals what is kept of one request, with the newest key. */
export function seal([newest]: FernetKeys, place: Place, document: SealedDocument): string {
  return encrypt(newest, writeDocument(place, document));
}

/**
 * Opens what is kept of one request, with whichever key sealed it.
 *
 * @throws SealError `SEAL_UNREADABLE` where no key fits or it was changed, `SEAL_MALFORMED` where it is no sealed
 *   document, `SEAL_MISPLACED` where it belongs to another request or workspace
 */
export function open(keys: FernetKeys, place: Place, text: string): SealedDocument {
  const token = demandToken(text);
  return readDocument(place, decrypt(demandKey(keys, token), token));
}

/**
 * Seals anew with the newest key what an older one sealed.
 *
 * @returns undefined where the newest key sealed it already
 * @throws SealError as `open`
 */
export function rotate(keys: FernetKeys, place: Place, text: string): string | undefined {
  if (isSignedWith(keys[0], demandToken(text))) return undefined;
  return seal(keys, place, open(keys, place, text));
}

function demandToken(text: string): FernetToken {
  const token = readToken(text);
  if (token !== undefined) return token;
  throw new SealError('SEAL_MALFORMED', 'Got something else than a Fernet token, expected one of version 0x80. It was not written by this service: restore the row from a backup.');
}

function demandKey(keys: FernetKeys, token: FernetToken): FernetKey {
  const fitting = keys.find((key) => isSignedWith(key, token));
  if (fitting !== undefined) return fitting;
  throw new SealError('SEAL_UNREADABLE', `Got a token that none of the ${keys.length} Fernet keys has signed, expected one that has. Either its key is missing from the list in Parameter Store (fernet/keys), where it has to be put back behind the newest, or the row was changed: restore it from a backup.`);
}
