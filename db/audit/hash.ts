import { hash } from 'node:crypto';

/** An entry of the audit log as an export writes it, with the names of the columns. */
export interface ExportedEntry {
  /** A decimal number without leading zeros; JSON may carry it as a number. */
  readonly sequence: string | number;
  /** In UTC with microseconds: `2026-01-31T23:59:59.000001Z`. */
  readonly recorded_at: string;
  readonly actor_kind: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  /** The text of a JSON object, to the byte as it was given. */
  readonly details: string;
  /** In hex, lower case, like the next one. */
  readonly previous_hash: string;
  readonly hash: string;
}

const ENTRY_TAG = Buffer.from('halton.audit.v1.entry\0');
const GENESIS_TAG = Buffer.from('halton.audit.v1.genesis\0');
/** The fields that are text. */
const TEXTS = ['recorded_at', 'actor_kind', 'actor', 'action', 'target', 'details', 'previous_hash', 'hash'] as const satisfies readonly (keyof ExportedEntry)[];
const HASH_BYTES = 32;
/** Of the length that stands before each field. */
const LENGTH_BYTES = 4;

/** The bytes of a UUID; undefined for other text. */
export function uuidBytes(id: string): Buffer | undefined {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : undefined;
}

/** The hash before the first entry, in hex. */
export function hashOfGenesis(workspace: Buffer): string {
  return hash('sha256', Buffer.concat([GENESIS_TAG, workspace]));
}

/**
 * The hash that an entry has to have, in hex; undefined where a field is not written as an export writes it, since two
 * ways to write one value would be two texts with the same hash.
 */
export function hashOfEntry(workspace: Buffer, entry: ExportedEntry): string | undefined {
  const sequence = readSequence(entry.sequence);
  const recordedAt = readMicroseconds(entry.recorded_at);
  const fields = [entry.actor_kind, entry.actor, entry.action, entry.target, entry.details];
  if (sequence === undefined || recordedAt === undefined) return undefined;
  if (!/^[0-9a-f]{64}$/.test(entry.previous_hash) || !fields.every((field) => field.isWellFormed())) return undefined;
  const size = fields.reduce((sum, field) => sum + LENGTH_BYTES + Buffer.byteLength(field), ENTRY_TAG.length + workspace.length + 8 + HASH_BYTES + 8);
  const input = Buffer.allocUnsafe(size); // all of it is written
  let end = ENTRY_TAG.copy(input);
  end += workspace.copy(input, end);
  end = input.writeBigInt64BE(sequence, end);
  end += input.write(entry.previous_hash, end, 'hex');
  end = input.writeBigInt64BE(recordedAt, end);
  for (const field of fields) {
    const length = input.write(field, end + LENGTH_BYTES);
    end = input.writeInt32BE(length, end) + length;
  }
  return hash('sha256', input);
}

/** Whether something has every field, written as text; what an export holds is anybody's JSON or CSV. */
export function isEntry(value: unknown): value is ExportedEntry {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return TEXTS.every((name) => typeof fields.get(name) === 'string');
}

/** A sequence, as far as any log gets; undefined for anything else. */
export function readSequence(written: unknown): bigint | undefined {
  if (typeof written !== 'string' && typeof written !== 'number') return undefined;
  const text = String(written);
  return /^[1-9]\d{0,17}$/.test(text) ? BigInt(text) : undefined;
}

/** Microseconds since 1970. */
function readMicroseconds(text: string): bigint | undefined {
  const [, milliseconds, rest] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})(\d{3})Z$/.exec(text) ?? [];
  if (milliseconds === undefined || rest === undefined) return undefined;
  const date = new Date(`${milliseconds}Z`);
  // February 30 reads as March 2.
  if (Number.isNaN(date.getTime()) || date.toISOString() !== `${milliseconds}Z`) return undefined;
  return BigInt(date.getTime()) * 1000n + BigInt(rest);
}
