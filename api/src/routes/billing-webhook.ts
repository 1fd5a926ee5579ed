import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { Webhook } from 'standardwebhooks';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { appendAudit } from '../../../db/audit/append.ts';
import type { AuditAction } from '../../../db/audit/actions.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { invalid, ProblemError } from '../problem.ts';
import { insertBillingEvent, lockSubscription, overtakenBy, updateSubscription } from '../repositories/billing.ts';
import { exact, instant, instantOf, uuid } from '../schemas/common.ts';
import { plan } from '../schemas/plan.ts';
import type { RouteDeps } from './deps.ts';
import { webhookSchema } from './route-schema.ts';

const PATH = '/v1/webhooks/billing';

/** Characters of an event's id: what the table takes. */
const LONGEST_ID = 255;

/** What is read of an event; the provider may send more, of which nothing is kept. */
const event = Type.Object({
  type: Type.String({ pattern: '^[a-z][a-z_]*(\\.[a-z][a-z_]*)*$', maxLength: 100 }),
  occurred_at: instant,
  data: Type.Object({
    workspace_id: uuid,
    plan: Type.Optional(plan),
    seats: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    amount_minor: Type.Optional(Type.Integer({ minimum: -1e12, maximum: 1e12 })),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
  }),
});
type Event = Static<typeof event>;

/** Where the identity provider, which bills too, tells of subscriptions and payments. */
export function registerBillingWebhook(app: FastifyInstance, { pool, webhookSecret }: RouteDeps): void {
  const webhook = new Webhook(webhookSecret);
  void app.register((scoped, _, done) => {
    // Signed is the text and not what it means, so it must not be parsed before.
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, parsed) => parsed(null, body));
    scoped.post(PATH, { schema: webhookSchema('Takes what the payment provider tells, once.', exact({ stored: Type.Boolean() })) }, async (request) => {
      const id = request.headers['svix-id'];
      if (typeof request.body !== 'string' || typeof id !== 'string' || id.length > LONGEST_ID || !verifies(webhook, request.body, request.headers)) {
        request.log.warn({ code: 'WEBHOOK_REFUSED', address: request.ip }, 'a webhook was refused');
        throw new ProblemError('UNAUTHENTICATED');
      }
      return { stored: await store(pool, id, read(request.body)) };
    });
    done();
  });
}

/** Signature and time: what is older than five minutes may be a replay, and its sender sends it again with a new one. */
function verifies(webhook: Webhook, body: string, headers: Readonly<Record<string, unknown>>): boolean {
  try {
    // Svix signs as Standard Webhooks say, under names of its own.
    const named = Object.fromEntries(['id', 'timestamp', 'signature'].map((name) => [`webhook-${name}`, String(headers[`svix-${name}`])]));
    webhook.verify(body, named);
    return true;
  } catch {
    return false;
  }
}

function read(body: string): Event {
  const value = parse(body);
  if (Value.Check(event, value)) return value;
  throw invalid('body', '', 'an event of a workspace, as the documentation of this webhook says');
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ProblemError('REQUEST_MALFORMED', { cause: error }); // an empty text can be signed too
  }
}

/** Stores an event and does what it says, or neither; false where it was told before. */
async function store(pool: Pool, eventId: string, { type, occurred_at: writtenAt, data }: Event): Promise<boolean> {
  const { workspace_id: workspaceId, amount_minor: amountMinor, currency } = data;
  const occurredAt = instantOf(writtenAt, 'body', '/occurred_at');
  if ((amountMinor === undefined) !== (currency === undefined)) throw invalid('body', '/data', 'an amount and its currency together, or neither');
  return inTransaction(pool, { workspaceId }, async (client) => {
    const before = await lockSubscription(client, workspaceId);
    // Purged meanwhile, or never there: the provider is to stop telling of it.
    if (before === undefined) return false;
    const overtaken = await overtakenBy(client, workspaceId, occurredAt);
    const stored = await insertBillingEvent(client, workspaceId, { eventId, kind: type, occurredAt, ...(data.plan && { plan: data.plan }), ...(data.seats !== undefined && { seats: data.seats }), ...(amountMinor !== undefined && { amountMinor }), ...(currency !== undefined && { currency }) });
    if (!stored) return false;
    const after = { plan: overtaken.plan ? before.plan : (data.plan ?? before.plan), seats: overtaken.seats ? before.seats : (data.seats ?? before.seats) };
    const record = (action: AuditAction, details: Readonly<Record<string, unknown>>) => appendAudit(client, { actorKind: 'provider', actor: 'billing', action, target: eventId, details });
    if (!before.awaitsDeletion) {
      if (after.plan !== before.plan || after.seats !== before.seats) await updateSubscription(client, workspaceId, after);
      if (after.plan !== before.plan) await record('billing.plan_changed', { from: before.plan, to: after.plan });
      if (after.seats !== before.seats) await record('billing.seats_changed', { from: before.seats, to: after.seats });
    }
    if (amountMinor !== undefined) await record('billing.payment_recorded', { kind: type, amountMinor, currency });
    return true;
  });
}
