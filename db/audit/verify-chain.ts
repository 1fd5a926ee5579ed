import { hashOfEntry, hashOfGenesis, isEntry, readSequence, uuidBytes } from './hash.ts';
import type { ExportedEntry } from './hash.ts';

/** An entry that is known from elsewhere: a signed head, an event in a SIEM, a row of an earlier export. */
export interface Anchor {
  readonly sequence: number;
  /** In hex, lower case. */
  readonly hash: string;
}

/**
 * What can be wrong with a chain; `halton.verify_audit` calls it the same.
 *
 * - `missing`: no entry has this sequence
 * - `reordered`: the entry of this sequence stands further down
 * - `forked`: entries that differ have this sequence
 * - `changed`: the hash is not the one of the fields, or a field is missing or not written as an export writes it
 * - `unlinked`: the previous hash is not the one of the entry before
 * - `duplicate`: a second entry has this sequence: the same one, or too far from the first one to compare them
 * - `anchor`: the entry that is known from elsewhere is not there
 */
export type FaultCode = 'missing' | 'reordered' | 'forked' | 'changed' | 'unlinked' | 'duplicate' | 'anchor';

/** Where a chain stops holding, and why. */
export interface Fault {
  readonly sequence: number;
  readonly code: FaultCode;
}

/** What became of verifying an export. */
export interface ChainVerdict {
  /** How many entries stand before the fault; all of them where there is none. */
  readonly entries: number;
  /** Undefined where the chain holds. */
  readonly fault?: Fault;
}

/** What was asked cannot be answered for any export. */
export class AuditInputError extends Error {
  readonly code = 'AUDIT_INPUT_UNREADABLE';

  constructor(message: string) {
    super(message);
    this.name = 'AuditInputError';
  }
}

/** The entry that the next one has to follow. */
type Last = Anchor;

/**
 * Verifies the audit log of a workspace from an export alone, of which it keeps no more than one entry.
 *
 * Nothing in an export tells that its end was cut off, or that everything from some entry on was written anew: an anchor does.
 *
 * @param workspaceId whose log it is, which is part of every hash
 * @param entries in the order of the export, whatever stands in it; what is no entry is a fault
 * @param anchor @default - the end is held against nothing
 * @throws AuditInputError
 */
export async function verifyChain(workspaceId: string, entries: AsyncIterable<unknown> | Iterable<unknown>, anchor?: Anchor): Promise<ChainVerdict> {
  const workspace = uuidBytes(workspaceId);
  if (workspace === undefined) throw new AuditInputError(`Got ${JSON.stringify(workspaceId)} as the workspace, expected its UUID. Take it from the name of the export or from its address in the dashboard.`);
  demandAnchor(anchor);
  let last: Last = { sequence: 0, hash: hashOfGenesis(workspace) };
  let fault: Fault | undefined;
  let faultyHash: string | undefined;
  for await (const value of entries) {
    const entry = readEntry(value);
    if (fault !== undefined) {
      fault = explained(fault, faultyHash, entry);
      if (!EXPLAINED_BY_ANOTHER.has(fault.code)) break;
      continue;
    }
    fault = faultOf(workspace, entry, last) ?? contradiction(entry, anchor);
    if (fault === undefined && entry.hash !== undefined) last = { sequence: last.sequence + 1, hash: entry.hash };
    else faultyHash = entry.hash;
  }
  if (fault === undefined && anchor !== undefined && anchor.sequence > last.sequence) fault = { sequence: last.sequence + 1, code: 'anchor' };
  return fault === undefined ? { entries: last.sequence } : { entries: fault.sequence - 1, fault };
}

function demandAnchor(anchor: Anchor | undefined): void {
  if (anchor === undefined) return;
  const { sequence, hash } = anchor;
  if (Number.isSafeInteger(sequence) && sequence > 0 && /^[0-9a-f]{64}$/.test(hash)) return;
  throw new AuditInputError(`Got sequence ${sequence} and hash ${JSON.stringify(hash)} as the anchor, expected a whole number from 1 on and 64 hex digits in lower case. Take both from one entry.`);
}

/** What an export holds in one place. */
interface Found {
  /** Undefined where it is not written as an export writes it. */
  readonly sequence?: number;
  readonly hash?: string;
  /** Undefined where a field is missing. */
  readonly whole?: ExportedEntry;
}

function readEntry(value: unknown): Found {
  if (typeof value !== 'object' || value === null) return {};
  const { sequence, hash } = value as { readonly sequence?: unknown; readonly hash?: unknown };
  const number = readSequence(sequence);
  return { ...(number !== undefined && { sequence: Number(number) }), ...(typeof hash === 'string' && { hash }), ...(isEntry(value) && { whole: value }) };
}

function faultOf(workspace: Buffer, { sequence: written, hash, whole }: Found, last: Last): Fault | undefined {
  const next = last.sequence + 1;
  const sequence = written ?? next;
  if (sequence > next) return { sequence: next, code: 'missing' };
  const again = sequence < next;
  if (again && sequence === last.sequence && hash !== last.hash) return { sequence, code: 'forked' };
  if (whole === undefined || hashOfEntry(workspace, whole) !== hash) return { sequence, code: 'changed' };
  if (again) return { sequence, code: 'duplicate' };
  return whole.previous_hash === last.hash ? undefined : { sequence, code: 'unlinked' };
}

function contradiction({ sequence, hash }: Found, anchor: Anchor | undefined): Fault | undefined {
  if (anchor === undefined || hash === anchor.hash || sequence !== anchor.sequence) return undefined;
  return { sequence: anchor.sequence, code: 'anchor' };
}

/** Faults of which another entry of the same sequence, further down, tells more. */
const EXPLAINED_BY_ANOTHER: ReadonlySet<FaultCode> = new Set(['missing', 'changed', 'unlinked']);

function explained(fault: Fault, faultyHash: string | undefined, { sequence, hash }: Found): Fault {
  if (sequence !== fault.sequence) return fault;
  if (fault.code === 'missing') return { ...fault, code: 'reordered' };
  return hash === faultyHash ? fault : { ...fault, code: 'forked' };
}
