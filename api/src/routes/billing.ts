import { Type } from 'typebox';
import { listBillingEvents } from '../repositories/billing.ts';
import { exact, instant } from '../schemas/common.ts';
import { limit, pageLength } from '../schemas/page.ts';
import { workspaceRoute } from './route.ts';

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** What was billed, as the payment provider told. */
export const billingRoutes = [
  workspaceRoute({
    method: 'GET',
    path: '/v1/workspaces/:workspace/billing',
    summary: 'Lists what the payment provider told, the newest first.',
    permission: 'billing.read',
    records: [],
    schemas: {
      query: exact({ limit }),
      answer: exact({
        events: Type.Array(exact({
          eventId: Type.String(), kind: Type.String(), plan: orNull(Type.String()), seats: orNull(Type.Integer()),
          amountMinor: orNull(Type.Number()), currency: orNull(Type.String()), occurredAt: instant,
        })),
      }),
    },
    async handle({ client, workspace }, { query }) {
      const events = await listBillingEvents(client, workspace.workspaceId, pageLength(query.limit));
      return { answer: { events: events.map(({ plan = null, seats = null, amountMinor = null, currency = null, ...event }) => ({ ...event, plan, seats, amountMinor, currency, occurredAt: event.occurredAt.toISOString() })) } };
    },
  }),
];
