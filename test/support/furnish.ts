import { randomBytes, randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import { bindingOf } from './tenants.ts';
import type { Tenant } from './tenants.ts';

export const randomHash = (): Buffer => randomBytes(32);

/** Hashed from "U*U" with cost 5, a vector of the original implementation. */
export const BCRYPT_HASH = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

/** Puts a row, at least, into every table of a tenant's workspace, each as the login that writes it. */
export async function furnish(api: Pool, support: Pool, tenant: Tenant): Promise<{ readonly deviceId: string; readonly supportEmail: string }> {
  const { workspaceId, ownerId } = tenant;
  const [projectId, deviceId, grantId, supportEmail] = [randomUUID(), randomUUID(), randomUUID(), 'helper@support.example'];
  const [deviceCode, openCode] = [randomHash(), randomHash()];
  await inTransaction(api, bindingOf(tenant), async (client) => {
    const run = (text: string, values: readonly unknown[]) => client.query(text, [...values]);
    await run('UPDATE halton.workspaces SET siem_stream = true', []);
    await run('SELECT halton.start_pairing($1, $1, $2, $3)', [deviceCode, 'machine-1', 'A laptop']);
    await run('SELECT halton.approve_pairing($1, $2)', [deviceCode, ownerId]);
    await run('SELECT halton.claim_pairing($1, $2, $3)', [deviceCode, deviceId, randomHash()]);
    await run('SELECT halton.start_pairing($1, $1, $2, $3)', [openCode, 'machine-2', 'Another']);
    await run('SELECT halton.approve_pairing($1, $2)', [openCode, ownerId]);
    await run('INSERT INTO halton.projects (workspace_id, project_id, name) VALUES ($1, $2, $3)', [workspaceId, projectId, 'A project']);
    await run(
      `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id, project_id, device_id)
       SELECT $1, 'furnished-' || n, now(), 'anthropic', 'a-model', 1, 2, 0.5, $2, $3, $4 FROM generate_series(1, 3) AS n`,
      [workspaceId, ownerId, projectId, deviceId],
    );
    await run("INSERT INTO halton.request_bodies (workspace_id, request_id, sealed) VALUES ($1, 'furnished-1', 'gAAAAABsealed')", [workspaceId]);
    await run("INSERT INTO halton.invitations (workspace_id, invitation_id, email, role, token_hash, invited_by, expires_at) VALUES ($1, $2, 'b@example.com', 'member', $3, $4, now() + interval '1 day')", [workspaceId, randomUUID(), randomHash(), ownerId]);
    await run('INSERT INTO halton.api_keys (workspace_id, key_id, name, secret_hash, created_by) VALUES ($1, $2, $3, $4, $5)', [workspaceId, 'furnished', 'A key', BCRYPT_HASH, ownerId]);
    await run("INSERT INTO halton.policies (workspace_id, policy_id, kind, settings, updated_by) VALUES ($1, $2, 'budget', '{}', $3)", [workspaceId, randomUUID(), ownerId]);
    await run("INSERT INTO halton.pricing_overrides (workspace_id, override_id, provider, model, input_rate, output_rate, cached_rate, effective_from, updated_by) VALUES ($1, $2, 'anthropic', 'a-model', 1, 1, 1, now(), $3)", [workspaceId, randomUUID(), ownerId]);
    await run("INSERT INTO halton.billing_events (workspace_id, event_id, kind, plan, occurred_at) VALUES ($1, 'evt_1', 'subscription.created', 'team', now())", [workspaceId]);
    await run("INSERT INTO halton.idempotency_keys (workspace_id, idempotency_key, request_hash, status, response) VALUES ($1, 'once', $2, 200, '{}')", [workspaceId, randomHash()]);
    await run("INSERT INTO halton.support_grants (workspace_id, grant_id, support_email, granted_by, expires_at) VALUES ($1, $2, $3, $4, now() + interval '23 hours')", [workspaceId, grantId, supportEmail, ownerId]);
    await recordView(client, tenant);
  });
  await inTransaction(support, { workspaceId, supportEmail }, (client) => client.query('SELECT halton.enter_support()'));
  return { deviceId, supportEmail };
}

/** Records that the owner looked at a teammate's prompt. */
export function recordView(client: ClientBase, { workspaceId, ownerId }: Tenant): Promise<unknown> {
  return client.query("INSERT INTO halton.prompt_views (workspace_id, request_id, viewer_user_id, subject_user_id, reason, client_ip, user_agent) VALUES ($1, 'furnished-1', $2, 'user_teammate', 'A complaint', '192.0.2.1', 'a browser')", [workspaceId, ownerId]);
}
