import { Type } from 'typebox';
import type { Static } from 'typebox';

/** A plan, by the name that it has in halton.plans. */
export const plan = Type.Enum(['solo', 'team', 'business_plus', 'enterprise']);
export type Plan = Static<typeof plan>;
