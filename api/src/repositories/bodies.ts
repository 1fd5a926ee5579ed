import { isDeepStrictEqual } from 'node:util';
import type { ClientBase } from 'pg';
import { merge } from '../sealing/document.ts';
import type { SealedDocument } from '../sealing/document.ts';
import { SealError } from '../sealing/errors.ts';
import type { FernetKeys } from '../sealing/keys.ts';
import { open, rotate, seal } from '../sealing/seal.ts';

/** The part of a transaction's binding that bodies are kept by. */
export interface BoundWorkspace {
  readonly workspaceId: string;
}

/** What arrives for one request: metadata, one direction or both. */
export interface ArrivingBody extends SealedDocument {
  readonly requestId: string;
  /** Whether the client took anything out of what arrives. */
  readonly redactionApplied: boolean;
}

/** Why a body was not stored, or that it was. */
export type StoredBody = 'stored' | 'REQUEST_UNKNOWN' | 'BODY_SYNC_OFF';

/** Where a run of the rotation is. */
export interface RotationProgress {
  /** Request after which the next batch begins; undefined when all of the workspace's bodies were seen. */
  readonly next?: string;
  /** How many of the batch were sealed anew. */
  readonly rotated: number;
  /** How many of it somebody else was just writing: no old key may go while there are any. */
  readonly passedOver: number;
  /** How many of it none of the keys opens, or do not stand where they were sealed for; they stay as they are. */
  readonly unreadable: number;
}

/**
 * Joins what arrives with what stands for the request, in the bound transaction.
 *
 * The lock on the request lets one direction after the other in, also where nothing is sealed yet that could be locked.
 *
 * @throws SealError where what stands cannot be opened; it is left as it is
 */
export async function storeBody(client: ClientBase, keys: FernetKeys, { workspaceId }: BoundWorkspace, arriving: ArrivingBody): Promise<StoredBody> {
  const { requestId, redactionApplied, ...document } = arriving;
  const { rows } = await client.query<{ workspace_id: string; body_sync: boolean }>(
    `SELECT workspace_id, body_sync FROM halton.requests JOIN halton.workspaces USING (workspace_id)
     WHERE workspace_id = $1 AND request_id = $2 FOR NO KEY UPDATE OF requests`,
    [workspaceId, requestId],
  );
  const [found] = rows;
  if (found === undefined) return 'REQUEST_UNKNOWN';
  if (!found.body_sync && (document.request !== undefined || document.response !== undefined)) return 'BODY_SYNC_OFF';
  if (redactionApplied) await markRedacted(client, workspaceId, requestId);
  const place = { workspaceId: found.workspace_id, requestId }; // an id in capitals is the same one to Postgres
  const sealed = await readSealed(client, workspaceId, requestId, 'FOR UPDATE');
  const standing = sealed === undefined ? {} : open(keys, place, sealed.sealed);
  const merged = merge(standing, document);
  if (isDeepStrictEqual(merged, standing)) return 'stored'; // sent again, as a client may
  await client.query(
    `INSERT INTO halton.request_bodies (workspace_id, request_id, sealed) VALUES ($1, $2, $3)
     ON CONFLICT (workspace_id, request_id) DO UPDATE SET sealed = EXCLUDED.sealed, stored_at = clock_timestamp()`,
    [workspaceId, requestId, seal(keys, place, merged)],
  );
  return 'stored';
}

/**
 * Opens what is sealed of a request; undefined where nothing is.
 *
 * @throws SealError
 */
export async function readBody(client: ClientBase, keys: FernetKeys, { workspaceId }: BoundWorkspace, requestId: string): Promise<SealedDocument | undefined> {
  const sealed = await readSealed(client, workspaceId, requestId);
  return sealed === undefined ? undefined : open(keys, { workspaceId: sealed.workspace_id, requestId }, sealed.sealed);
}

/**
 * Seals the bound workspace's next bodies anew with the newest key, where an older one sealed them.
 *
 * A body that somebody is just writing is passed over, so that neither waits for the other; the next run sees it. One that
 * cannot be opened is counted, and keeps the others from nothing.
 *
 * @param after request after which the batch begins @default the beginning
 */
export async function rotateBodies(client: ClientBase, keys: FernetKeys, { workspaceId }: BoundWorkspace, batch: number, after = ''): Promise<RotationProgress> {
  const { rows: seen } = await client.query<{ request_id: string }>(
    'SELECT request_id FROM halton.request_bodies WHERE workspace_id = $1 AND request_id > $2 ORDER BY request_id LIMIT $3',
    [workspaceId, after, batch],
  );
  const { rows } = await client.query<SealedRow & { readonly request_id: string }>(
    'SELECT workspace_id, request_id, sealed FROM halton.request_bodies WHERE workspace_id = $1 AND request_id = ANY ($2) FOR UPDATE SKIP LOCKED',
    [workspaceId, seen.map(({ request_id }) => request_id)],
  );
  let unreadable = 0;
  const old = rows.flatMap(({ workspace_id, request_id, sealed }) => {
    try {
      const anew = rotate(keys, { workspaceId: workspace_id, requestId: request_id }, sealed);
      return anew === undefined ? [] : [{ request_id, anew }];
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      unreadable += 1;
      return [];
    }
  });
  if (old.length > 0) {
    await client.query(
      `UPDATE halton.request_bodies b SET sealed = anew FROM unnest($2::text[], $3::text[]) AS rotated (request_id, anew)
       WHERE b.workspace_id = $1 AND b.request_id = rotated.request_id`,
      [workspaceId, old.map(({ request_id }) => request_id), old.map(({ anew }) => anew)],
    );
  }
  const next = seen.length < batch ? undefined : seen.at(-1)?.request_id;
  return { rotated: old.length, passedOver: seen.length - rows.length, unreadable, ...(next !== undefined && { next }) };
}

async function markRedacted(client: ClientBase, workspaceId: string, requestId: string): Promise<void> {
  await client.query('UPDATE halton.requests SET redaction_applied = true WHERE workspace_id = $1 AND request_id = $2 AND NOT redaction_applied', [workspaceId, requestId]);
}

interface SealedRow { readonly workspace_id: string; readonly sealed: string }

async function readSealed(client: ClientBase, workspaceId: string, requestId: string, lock: 'FOR UPDATE' | '' = ''): Promise<SealedRow | undefined> {
  const { rows } = await client.query<SealedRow>(`SELECT workspace_id, sealed FROM halton.request_bodies WHERE workspace_id = $1 AND request_id = $2 ${lock}`, [workspaceId, requestId]);
  return rows[0];
}
