import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { ProblemError } from '../problem.ts';
import { deleteOverride, insertOverride, listOverrides, lockOverride, updateOverride } from '../repositories/pricing-overrides.ts';
import type { PricingOverride } from '../repositories/pricing-overrides.ts';
import { decimal, exact, instant, instantOf, text, uuid } from '../schemas/common.ts';
import { actorOf } from '../scope/scope.ts';
import type { Scope } from '../scope/scope.ts';
import { workspaceRoute } from './route.ts';

const PATH = '/v1/workspaces/:workspace/pricing-overrides';
const params = exact({ override: uuid });
const rates = { inputRate: decimal, outputRate: decimal, cachedRate: decimal };
const overrideSchema = exact({ overrideId: uuid, provider: text(64), model: text(200), ...rates, effectiveFrom: instant, updatedBy: Type.String(), updatedAt: instant });

/** What a workspace pays instead of list prices. Rates are US dollars a million tokens; what was metered before is not priced anew. */
export const pricingOverrideRoutes = [
  workspaceRoute({
    method: 'GET',
    path: PATH,
    summary: 'Lists the overridden prices.',
    permission: 'policies.read',
    records: [],
    schemas: { answer: exact({ overrides: Type.Array(overrideSchema) }) },
    async handle({ client, workspace }) {
      return { answer: { overrides: (await listOverrides(client, workspace.workspaceId)).map(shown) } };
    },
  }),
  workspaceRoute({
    method: 'POST',
    path: PATH,
    summary: 'Overrides the price of a model from an instant on.',
    permission: 'policies.manage',
    records: ['pricing_override.created'],
    status: 201,
    problems: ['CONFLICT'],
    schemas: { body: exact({ provider: text(64), model: text(200), ...rates, effectiveFrom: instant }), answer: overrideSchema },
    async handle({ client, workspace, principal }, { body }) {
      const override = await insertOverride(client, workspace.workspaceId, { ...body, effectiveFrom: instantOf(body.effectiveFrom, 'body', '/effectiveFrom'), overrideId: randomUUID(), updatedBy: actorOf(principal).actor });
      if (override === undefined) throw new ProblemError('CONFLICT');
      return { answer: shown(override), recorded: [{ action: 'pricing_override.created', target: override.overrideId, details: contentOf(override) }] };
    },
  }),
  workspaceRoute({
    method: 'PATCH',
    path: `${PATH}/:override`,
    summary: 'Changes overridden rates.',
    permission: 'policies.manage',
    records: ['pricing_override.changed'],
    problems: ['NOT_FOUND'],
    schemas: { params, body: Type.Object({ inputRate: Type.Optional(decimal), outputRate: Type.Optional(decimal), cachedRate: Type.Optional(decimal) }, { additionalProperties: false, minProperties: 1 }), answer: overrideSchema },
    async handle(scope, { params: { override: overrideId }, body }) {
      const before = await found(scope, overrideId);
      const after = await updateOverride(scope.client, scope.workspace.workspaceId, { ...before, ...body, updatedBy: actorOf(scope.principal).actor });
      return { answer: shown(after), recorded: [{ action: 'pricing_override.changed', target: overrideId, details: { from: contentOf(before), to: contentOf(after) } }] };
    },
  }),
  workspaceRoute({
    method: 'DELETE',
    path: `${PATH}/:override`,
    summary: 'Makes a price the usual one again.',
    permission: 'policies.manage',
    records: ['pricing_override.deleted'],
    problems: ['NOT_FOUND'],
    schemas: { params },
    async handle(scope, { params: { override: overrideId } }) {
      const before = await found(scope, overrideId);
      await deleteOverride(scope.client, scope.workspace.workspaceId, overrideId);
      return { answer: undefined, recorded: [{ action: 'pricing_override.deleted', target: overrideId, details: contentOf(before) }] };
    },
  }),
];

async function found({ client, workspace }: Scope, overrideId: string): Promise<PricingOverride> {
  const override = await lockOverride(client, workspace.workspaceId, overrideId);
  if (override === undefined) throw new ProblemError('NOT_FOUND');
  return override;
}

function contentOf({ provider, model, inputRate, outputRate, cachedRate, effectiveFrom }: PricingOverride) {
  return { provider, model, inputRate, outputRate, cachedRate, effectiveFrom: effectiveFrom.toISOString() };
}

function shown(override: PricingOverride) {
  return { ...override, effectiveFrom: override.effectiveFrom.toISOString(), updatedAt: override.updatedAt.toISOString() };
}
