import { createHash } from 'node:crypto';

/** What is left of a workspace that is purged; it tells nobody whose it was. */
export interface Tombstone {
  /** As `tombstoneHash` gives it. */
  readonly workspaceHash: string;
  readonly requestedAt: Date;
  readonly begunAt: Date;
}

/** Keeps tombstones outside the database, since a restored copy of it is older than they are. */
export interface TombstoneStore {
  /** Resolves once it is stored for good; the same one again changes nothing. */
  put(tombstone: Tombstone): Promise<void>;
  /** Every one that was ever put, in any order. */
  list(): AsyncIterable<Tombstone>;
}

/** By what a tombstone recognises its workspace: in hex, the same as halton.tombstone_hash. */
export function tombstoneHash(workspaceId: string): string {
  return createHash('sha256').update('halton.tombstone.v1\0').update(workspaceId.replaceAll('-', ''), 'hex').digest('hex');
}
