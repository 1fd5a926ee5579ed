import type { ClientBase } from 'pg';
import type { AuditAction } from './actions.ts';
import type { Anchor } from './verify-chain.ts';

/** Who does what to what. */
export interface AuditEntry {
  readonly actorKind: 'member' | 'device' | 'api_key' | 'support' | 'job' | 'provider';
  /** Its id where it comes from: the identity provider's, the device's, the key's; of support its email, of a job its name. */
  readonly actor: string;
  readonly action: AuditAction;
  /** Id of what was acted on. */
  readonly target: string;
  /** What else is worth knowing, of which nothing is secret @default nothing */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Appends an entry to the chain of the bound workspace: the one thing that the service does to an audit log.
 *
 * It locks the head of the chain until the transaction ends, so it comes last in one.
 *
 * @param client in a transaction that is bound; code `HM002` where it is not
 * @returns the new entry as an anchor
 */
export async function appendAudit(client: ClientBase, { actorKind, actor, action, target, details = {} }: AuditEntry): Promise<Anchor> {
  const { rows: [appended] } = await client.query<{ readonly sequence: string; readonly hash: Buffer }>(
    'SELECT sequence, hash FROM halton.audit_append($1, $2, $3, $4, $5)',
    [actorKind, actor, action, target, JSON.stringify(details)],
  );
  if (appended === undefined) throw new Error('Got no entry from halton.audit_append, expected the one that it appended.');
  return { sequence: Number(appended.sequence), hash: appended.hash.toString('hex') };
}
