import type { ClientBase } from 'pg';
import type { Plan } from '../schemas/plan.ts';

/** What the payment provider told of a workspace: no card, and nothing that pays. */
export interface BillingEvent {
  readonly eventId: string;
  readonly kind: string;
  readonly plan?: Plan;
  readonly seats?: number;
  /** In the smallest unit of the currency. */
  readonly amountMinor?: number;
  /** ISO 4217. */
  readonly currency?: string;
  readonly occurredAt: Date;
}

/** False for one that was told before: events come at least once, and nothing is done twice. */
export async function insertBillingEvent(client: ClientBase, workspaceId: string, { eventId, kind, plan, seats, amountMinor, currency, occurredAt }: BillingEvent): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO halton.billing_events (workspace_id, event_id, kind, plan, seats, amount_minor, currency, occurred_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (workspace_id, event_id) DO NOTHING`,
    [workspaceId, eventId, kind, plan, seats, amountMinor, currency, occurredAt],
  );
  return rowCount === 1;
}

/** What a workspace pays for. */
export interface Subscription {
  readonly plan: Plan;
  readonly seats: number;
  readonly awaitsDeletion: boolean;
}

/** Of the bound workspace, locked until the transaction ends; undefined where there is none. */
export async function lockSubscription(client: ClientBase, workspaceId: string): Promise<Subscription | undefined> {
  const { rows: [row] } = await client.query<Subscription>('SELECT plan, seats, deletion_requested_at IS NOT NULL AS "awaitsDeletion" FROM halton.workspaces WHERE workspace_id = $1 FOR NO KEY UPDATE', [workspaceId]);
  return row;
}

/** Of what a later event has told already: events overtake each other, and one may tell of the plan or of the seats alone. */
export async function overtakenBy(client: ClientBase, workspaceId: string, occurredAt: Date): Promise<{ readonly plan: boolean; readonly seats: boolean }> {
  const { rows: [row] } = await client.query<{ plan: boolean; seats: boolean }>(
    'SELECT count(plan) > 0 AS plan, count(seats) > 0 AS seats FROM halton.billing_events WHERE workspace_id = $1 AND occurred_at > $2',
    [workspaceId, occurredAt],
  );
  return { plan: row?.plan === true, seats: row?.seats === true };
}

export async function updateSubscription(client: ClientBase, workspaceId: string, { plan, seats }: Pick<Subscription, 'plan' | 'seats'>): Promise<void> {
  await client.query('UPDATE halton.workspaces SET plan = $2, seats = $3 WHERE workspace_id = $1', [workspaceId, plan, seats]);
}

/** Of the bound workspace, the newest first. */
export async function listBillingEvents(client: ClientBase, workspaceId: string, limit: number): Promise<readonly BillingEvent[]> {
  const { rows } = await client.query<BillingEvent>(
    `SELECT event_id AS "eventId", kind, plan, seats, amount_minor::float8 AS "amountMinor", currency, occurred_at AS "occurredAt" FROM halton.billing_events
     WHERE workspace_id = $1 ORDER BY occurred_at DESC, event_id LIMIT $2`,
    [workspaceId, limit],
  );
  return rows;
}
