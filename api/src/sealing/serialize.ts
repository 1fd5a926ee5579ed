import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Json, JsonObject, Place, SealedDocument } from './document.ts';
import { SealError } from './errors.ts';

/** A later release may write more, which an earlier one keeps as it is: that one may have to serve again. */
const Written = Type.Object({
  workspace_id: Type.String(),
  request_id: Type.String(),
  metadata: Type.Optional(Type.Unsafe<JsonObject>(Type.Record(Type.String(), Type.Unknown()))),
  request: Type.Optional(Type.Unsafe<Json>({})),
  response: Type.Optional(Type.Unsafe<Json>({})),
});

/** The message that is sealed: the document and whose it is, as JSON in UTF-8. */
export function writeDocument({ workspaceId, requestId }: Place, document: SealedDocument): Buffer {
  return Buffer.from(JSON.stringify({ workspace_id: workspaceId, request_id: requestId, ...document }));
}

/**
 * Reads a message that was sealed.
 *
 * @param message undefined where what is sealed could not be deciphered
 * @throws SealError `SEAL_MALFORMED` or `SEAL_MISPLACED`
 */
export function readDocument(place: Place, message: Buffer | undefined): SealedDocument {
  const written = message && parse(message.toString());
  if (!Value.Check(Written, written)) {
    throw new SealError('SEAL_MALFORMED', 'Got something sealed that is no document, expected JSON with workspace_id and request_id. A service of another kind has the same key: find out which, and restore the row from a backup.');
  }
  const { workspace_id, request_id, ...document } = written;
  if (workspace_id === place.workspaceId && request_id === place.requestId) return document;
  throw new SealError('SEAL_MISPLACED', `Got what was sealed for another request or workspace, expected request ${place.requestId} of workspace ${place.workspaceId}. The row was copied within the database: restore it from a backup, and find out who did it (AUDIT lines of the log).`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an error of JSON.parse quotes what it read
  }
}
