import type { ClientBase } from 'pg';
import type { Plan } from '../schemas/plan.ts';

/** That a user agreed to a plan's terms at the checkout. */
export interface CheckoutConsent {
  readonly userId: string;
  readonly plan: Plan;
  readonly period: 'monthly' | 'annual';
  /** SHA-256 in hex of the very strings that were shown. */
  readonly wordingHash: string;
  readonly ip: string;
  readonly userAgent: string;
}

/** A record as it stands. */
export interface StoredConsent extends CheckoutConsent {
  readonly recordId: string;
  readonly timestamp: Date;
}

const COLUMNS = 'record_id AS "recordId", user_id AS "userId", plan, period, wording_hash AS "wordingHash", host(ip) AS ip, user_agent AS "userAgent", "timestamp"';

/** In a transaction that is bound to the user; nothing changes or removes it afterwards. */
export async function insertCheckoutConsent(client: ClientBase, { userId, plan, period, wordingHash, ip, userAgent }: CheckoutConsent): Promise<StoredConsent> {
  const { rows: [row] } = await client.query<StoredConsent>(
    `INSERT INTO halton.checkout_consent_records (user_id, plan, period, wording_hash, ip, user_agent) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
    [userId, plan, period, wordingHash, ip, userAgent],
  );
  if (row === undefined) throw new Error('Got no record, expected the one that was written.');
  return row;
}

/** Of the bound user, the newest first. */
export async function listCheckoutConsents(client: ClientBase, userId: string): Promise<readonly StoredConsent[]> {
  const { rows } = await client.query<StoredConsent>(`SELECT ${COLUMNS} FROM halton.checkout_consent_records WHERE user_id = $1 ORDER BY "timestamp" DESC LIMIT 1000`, [userId]);
  return rows;
}
