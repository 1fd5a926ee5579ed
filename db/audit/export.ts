import type { ClientBase } from 'pg';
import type { ExportedEntry } from './hash.ts';

/** Entries that are fetched at a time: at most 6 MB of details, and usually far less than one. */
const PAGE = 100;

const ENTRIES = `SELECT sequence, to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS recorded_at,
    actor_kind, actor, action, target, details, encode(previous_hash, 'hex') AS previous_hash, encode(hash, 'hex') AS hash
  FROM halton.audit_log WHERE workspace_id = halton.bound_workspace() ORDER BY sequence`;

/**
 * Reads the audit log of the bound workspace from its first entry on, page by page, in the form that can be verified
 * without the database.
 *
 * @param client in a transaction that is bound; an export under way is the only one of it
 */
export async function* exportEntries(client: ClientBase): AsyncGenerator<ExportedEntry, void> {
  // A cursor sees one state of the log, however long the reader takes.
  await client.query(`DECLARE audit_export NO SCROLL CURSOR FOR ${ENTRIES}`);
  for (;;) {
    const { rows } = await client.query<ExportedEntry & { readonly sequence: string }>(`FETCH ${PAGE} FROM audit_export`);
    yield* rows;
    if (rows.length < PAGE) break;
  }
  await client.query('CLOSE audit_export');
}
