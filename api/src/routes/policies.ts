import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { invalid, ProblemError } from '../problem.ts';
import { deletePolicy, insertPolicy, listPolicies, lockPolicy, updatePolicy } from '../repositories/policies.ts';
import type { Policy } from '../repositories/policies.ts';
import { exact, instant, uuid } from '../schemas/common.ts';
import { actorOf } from '../scope/scope.ts';
import type { Scope } from '../scope/scope.ts';
import { workspaceRoute } from './route.ts';

const PATH = '/v1/workspaces/:workspace/policies';
const params = exact({ policy: uuid });
const kind = Type.String({ pattern: '^[a-z][a-z_]{0,63}$' });
/** What daemons of other versions read too, so that its shape is theirs. */
const settings = Type.Record(Type.String({ pattern: '^[^\\n\\r\\u2028\\u2029]{1,64}$' }), Type.Unknown(), { maxProperties: 64, additionalProperties: false });
/** Characters: an entry of the audit log holds 64 Ki of them, and a change what was and what is. */
const MOST = 16_384;
const enabled = Type.Boolean();
const policySchema = exact({ policyId: uuid, kind, settings, enabled, updatedAt: instant, updatedBy: Type.String() });
const listSchema = exact({ policies: Type.Array(policySchema) });

/** Policies, which members edit and daemons read. */
export const policyRoutes = [
  // The second is where devices and keys read.
  ...([PATH, '/v1/:workspace/policies'] as const).map((path) => workspaceRoute({
    method: 'GET',
    path,
    summary: 'Lists the policies.',
    permission: 'policies.read',
    records: [],
    schemas: { answer: listSchema },
    async handle({ client, workspace }) {
      return { answer: { policies: (await listPolicies(client, workspace.workspaceId)).map(shown) } };
    },
  })),
  workspaceRoute({
    method: 'POST',
    path: PATH,
    summary: 'Makes a policy.',
    permission: 'policies.manage',
    records: ['policy.created'],
    status: 201,
    schemas: { body: exact({ kind, settings, enabled: Type.Optional(enabled) }), answer: policySchema },
    async handle({ client, workspace, principal }, { body }) {
      demandBrief(body.settings);
      const policy = await insertPolicy(client, workspace.workspaceId, { enabled: true, ...body, policyId: randomUUID(), updatedBy: actorOf(principal).actor });
      return { answer: shown(policy), recorded: [{ action: 'policy.created', target: policy.policyId, details: contentOf(policy) }] };
    },
  }),
  workspaceRoute({
    method: 'PATCH',
    path: `${PATH}/:policy`,
    summary: 'Edits a policy: its settings as a whole, or whether it is in force.',
    permission: 'policies.manage',
    records: ['policy.changed'],
    problems: ['NOT_FOUND'],
    schemas: { params, body: Type.Object({ settings: Type.Optional(settings), enabled: Type.Optional(enabled) }, { additionalProperties: false, minProperties: 1 }), answer: policySchema },
    async handle(scope, { params: { policy: policyId }, body }) {
      demandBrief(body.settings);
      const before = await found(scope, policyId);
      const after = await updatePolicy(scope.client, scope.workspace.workspaceId, { ...before, ...body, updatedBy: actorOf(scope.principal).actor });
      return { answer: shown(after), recorded: [{ action: 'policy.changed', target: policyId, details: { from: contentOf(before), to: contentOf(after) } }] };
    },
  }),
  workspaceRoute({
    method: 'DELETE',
    path: `${PATH}/:policy`,
    summary: 'Deletes a policy.',
    permission: 'policies.manage',
    records: ['policy.deleted'],
    problems: ['NOT_FOUND'],
    schemas: { params },
    async handle(scope, { params: { policy: policyId } }) {
      const before = await found(scope, policyId);
      await deletePolicy(scope.client, scope.workspace.workspaceId, policyId);
      return { answer: undefined, recorded: [{ action: 'policy.deleted', target: policyId, details: contentOf(before) }] };
    },
  }),
];

function demandBrief(given: unknown): void {
  if (JSON.stringify(given ?? {}).length > MOST) throw invalid('body', '/settings', `at most ${MOST} characters of JSON`);
}

async function found({ client, workspace }: Scope, policyId: string): Promise<Policy> {
  const policy = await lockPolicy(client, workspace.workspaceId, policyId);
  if (policy === undefined) throw new ProblemError('NOT_FOUND');
  return policy;
}

function contentOf({ kind: what, settings: how, enabled: on }: Policy) {
  return { kind: what, settings: how, enabled: on };
}

function shown({ updatedAt, ...policy }: Policy) {
  return { ...policy, updatedAt: updatedAt.toISOString() };
}
