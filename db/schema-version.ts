import type { ClientBase, Pool } from 'pg';
import { errorCode } from './errors.ts';

/** How far the schema of a database is, as its last migration recorded it. */
export interface SchemaVersion {
  /** Number of the last migration; 0 where none ever ran. */
  readonly version: number;
  /** The oldest release that it still serves. */
  readonly serves: number;
}

/** Whether a release runs on a schema. */
export type SchemaVerdict = 'served' | 'SCHEMA_TOO_OLD' | 'SCHEMA_TOO_NEW';

const UNDEFINED_TABLE = '42P01';

/** Reads how far the schema is; what has no schema yet is at version 0. */
export async function readSchemaVersion(database: ClientBase | Pool): Promise<SchemaVersion> {
  try {
    const { rows } = await database.query<SchemaVersion>('SELECT version, serves FROM halton.schema_versions ORDER BY version DESC LIMIT 1');
    return rows[0] ?? { version: 0, serves: 0 };
  } catch (error) {
    if (errorCode(error) === UNDEFINED_TABLE) return { version: 0, serves: 0 };
    throw error;
  }
}

/**
 * Judges whether a release runs on a schema.
 *
 * Releases expand the schema before they contract it, so that the one before runs on the schema of the one after.
 */
export function judgeSchema(release: number, { version, serves }: SchemaVersion): SchemaVerdict {
  if (version < release) return 'SCHEMA_TOO_OLD';
  return serves > release ? 'SCHEMA_TOO_NEW' : 'served';
}
