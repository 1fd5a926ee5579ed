import type { ClientBase } from 'pg';
import type { ExportedEntry } from '../../../db/audit/hash.ts';

/** Which entries; what is left out is every one. */
export interface AuditFilter {
  readonly action?: string;
  readonly actor?: string;
  readonly target?: string;
  /** From this instant on. */
  readonly from?: Date;
  /** Before this instant. */
  readonly to?: Date;
  /** Older than this one. */
  readonly before?: string;
}

/** Microseconds too, of which a Date would keep none, in UTC. */
const RECORDED_AT = `to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS recorded_at`;
const COLUMNS = `sequence, ${RECORDED_AT}, actor_kind, actor, action, target, details, encode(previous_hash, 'hex') AS previous_hash, encode(hash, 'hex') AS hash`;

/** The newest entries first. */
export async function readAudit(client: ClientBase, workspaceId: string, { action, actor, target, from, to, before }: AuditFilter, limit: number): Promise<readonly ExportedEntry[]> {
  const { rows } = await client.query<ExportedEntry>(
    `SELECT ${COLUMNS} FROM halton.audit_log
     WHERE workspace_id = $1 AND ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR actor = $3) AND ($4::text IS NULL OR target = $4)
       AND ($5::timestamptz IS NULL OR recorded_at >= $5) AND ($6::timestamptz IS NULL OR recorded_at < $6) AND ($7::bigint IS NULL OR sequence < $7)
     ORDER BY sequence DESC LIMIT $8`,
    [workspaceId, action, actor, target, from, to, before, limit],
  );
  return rows;
}

/** Where the chain ends. */
export interface Head {
  readonly sequence: string;
  readonly hash: string;
}

/** Undefined before the first entry. */
export async function readHead(client: ClientBase, workspaceId: string): Promise<Head | undefined> {
  const { rows: [row] } = await client.query<Head>("SELECT sequence, encode(hash, 'hex') AS hash FROM halton.audit_heads WHERE workspace_id = $1", [workspaceId]);
  return row;
}

/** What came of verifying a chain. */
export interface Verified {
  /** How many stand before the first fault. */
  readonly entries: string;
  readonly bad_sequence: string | null;
  readonly fault: string | null;
}

/** @param anchor an entry that is known from outside */
export async function verifyAudit(client: ClientBase, anchor: Head | undefined): Promise<Verified> {
  const { rows: [row] } = await client.query<Verified>("SELECT entries, bad_sequence, fault FROM halton.verify_audit($1, decode($2, 'hex'))", [anchor?.sequence, anchor?.hash]);
  if (row === undefined) throw new Error('Got no verdict from halton.verify_audit, expected one.');
  return row;
}
