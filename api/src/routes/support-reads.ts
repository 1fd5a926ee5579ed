import type { FastifyInstance } from 'fastify';
import type { ClientBase } from 'pg';
import { Type } from 'typebox';
import { inTransaction } from '../../../db/transaction.ts';
import { tellCaller } from '../auth/caller.ts';
import type { CallerDeps } from '../auth/caller.ts';
import { ProblemError } from '../problem.ts';
import { readAudit } from '../repositories/audit-log.ts';
import { listPolicies } from '../repositories/policies.ts';
import { listOverrides } from '../repositories/pricing-overrides.ts';
import { listProjects } from '../repositories/projects.ts';
import { enterSupport } from '../repositories/support.ts';
import { exact, UUID } from '../schemas/common.ts';
import { PAGE } from '../schemas/page.ts';
import type { RouteDeps } from './deps.ts';
import { supportSchema } from './route-schema.ts';

/** What support reads of a workspace. Bodies and hashes of what somebody holds are not among it, by the login's privileges too. */
const areas: Readonly<Record<string, (client: ClientBase, workspaceId: string) => Promise<readonly object[]>>> = {
  workspace: async (client, workspaceId) => (await client.query<object>('SELECT workspace_id, name, plan, seats, time_zone, retention_days, body_sync, siem_stream, created_at, deletion_requested_at FROM halton.workspaces WHERE workspace_id = $1', [workspaceId])).rows,
  members: async (client, workspaceId) => (await client.query<object>('SELECT user_id, role, joined_at FROM halton.members WHERE workspace_id = $1 ORDER BY joined_at', [workspaceId])).rows,
  devices: async (client, workspaceId) => (await client.query<object>('SELECT device_id, machine_id, name, paired_by, paired_at, revoked_at FROM halton.devices WHERE workspace_id = $1 ORDER BY paired_at', [workspaceId])).rows,
  requests: async (client, workspaceId) => (await client.query<object>('SELECT request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, latency_ms, project_id, user_id FROM halton.requests WHERE workspace_id = $1 ORDER BY occurred_at DESC LIMIT $2', [workspaceId, PAGE])).rows,
  projects: listProjects,
  policies: listPolicies,
  'pricing-overrides': listOverrides,
  audit: (client, workspaceId) => readAudit(client, workspaceId, {}, PAGE),
};

/** Where support reads, by the grant of the workspace's owner alone; each time is recorded before anything is read. */
export function registerSupportReads(app: FastifyInstance, { support }: Pick<RouteDeps, 'support'>, deps: CallerDeps): void {
  for (const [area, read] of Object.entries(areas)) {
    app.get<{ Params: { workspace: string } }>(`/v1/support/:workspace/${area}`, {
      schema: supportSchema(`Reads ${area} of a workspace whose owner let support in.`, exact({ rows: Type.Array(Type.Record(Type.String(), Type.Unknown())) })),
      attachValidation: true,
      onRequest: async (request) => {
        request.caller = await tellCaller(deps, request);
      },
    }, async (request) => {
      const { caller, params: { workspace: workspaceId } } = request;
      if (caller?.kind !== 'member') throw new ProblemError('UNAUTHENTICATED');
      if (caller.email === undefined || !UUID.test(workspaceId)) throw new ProblemError('FORBIDDEN');
      const binding = { workspaceId, supportEmail: caller.email };
      // Committed by itself: what is read afterwards cannot be rolled back together with its record.
      const entered = await inTransaction(support, binding, enterSupport);
      if (!entered) {
        request.log.warn({ code: 'SUPPORT_REFUSED', workspaceId, address: request.ip }, 'support was not let in');
        throw new ProblemError('FORBIDDEN');
      }
      return { rows: await inTransaction(support, binding, (client) => read(client, workspaceId)) };
    });
  }
}
