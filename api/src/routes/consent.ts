import { Type } from 'typebox';
import { inTransaction } from '../../../db/transaction.ts';
import { insertCheckoutConsent, listCheckoutConsents } from '../repositories/consent.ts';
import type { StoredConsent } from '../repositories/consent.ts';
import { exact, instant, uuid } from '../schemas/common.ts';
import { plan } from '../schemas/plan.ts';
import type { RouteDeps } from './deps.ts';
import { userRoute } from './route.ts';

const PATH = '/v1/consent/checkout';
const period = Type.Enum(['monthly', 'annual']);
const wordingHash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the exact strings that were shown.' });
const consentSchema = exact({ recordId: uuid, plan, period, wordingHash, ip: Type.String(), userAgent: Type.String(), timestamp: instant });

/**
 * What a user agreed to at the checkout. The record is the user's and of no workspace; it is kept by nothing that records of
 * prompt views are kept by.
 */
export const consentRoutes = ({ pool }: RouteDeps) => [
  userRoute({
    method: 'POST',
    path: PATH,
    summary: 'Records that both boxes were ticked at the checkout.',
    records: [], // the record is its own ledger, and belongs to no workspace that had an audit log
    status: 201,
    schemas: {
      body: exact({
        plan, period, wordingHash,
        termsAccepted: Type.Literal(true, { description: 'Terms, privacy and refund policy.' }),
        immediatePerformance: Type.Literal(true, { description: 'Immediate performance, by which the 14 days of withdrawal are lost.' }),
      }),
      answer: consentSchema,
    },
    async handle({ userId, ip, userAgent }, { body }) {
      const record = await inTransaction(pool, { userId }, (client) => insertCheckoutConsent(client, { userId, plan: body.plan, period: body.period, wordingHash: body.wordingHash, ip, userAgent }));
      return { answer: shown(record) };
    },
  }),
  userRoute({
    method: 'GET',
    path: PATH,
    summary: "Lists the user's own records, the newest first.",
    records: [],
    schemas: { answer: exact({ records: Type.Array(consentSchema) }) },
    async handle({ userId }) {
      return { answer: { records: (await inTransaction(pool, { userId }, (client) => listCheckoutConsents(client, userId))).map(shown) } };
    },
  }),
];

function shown({ timestamp, recordId, plan: bought, period: paid, wordingHash: wording, ip, userAgent }: StoredConsent) {
  return { recordId, plan: bought, period: paid, wordingHash: wording, ip, userAgent, timestamp: timestamp.toISOString() };
}
