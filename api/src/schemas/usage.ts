import { Type } from 'typebox';
import type { Static } from 'typebox';
import { decimal, exact, instant, text, userId, uuid } from './common.ts';

/** The id that a client gives a request. */
export const requestId = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,128}$' });

/** A number of tokens: a bigint in the database, and here no more than JSON's readers keep exactly. */
export const tokens = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Milliseconds. */
export const latency = Type.Integer({ minimum: 0, maximum: 2_147_483_647 });

/** One call of an LLM API, as a client sends it. */
export const arrivingRow = exact({
  requestId,
  occurredAt: instant,
  provider: text(64),
  model: text(200),
  inputTokens: tokens,
  outputTokens: tokens,
  cachedTokens: Type.Optional(tokens),
  costUsd: decimal,
  latencyMs: Type.Optional(latency),
  projectId: Type.Optional(uuid),
  userId: Type.Optional(userId),
  redactionApplied: Type.Optional(Type.Boolean()),
});
export type ArrivingRow = Static<typeof arrivingRow>;
