import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { errorCode } from '../../db/errors.ts';
import { LOGINS, MIGRATOR_LOGIN } from '../../db/roles.ts';
import type { LoginName } from '../../db/roles.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { AuditedServer } from './start.ts';

/** Stands in a parameter of what is sent, and may stand nowhere in the log. */
export const SECRET = 'what-a-workspace-sends';

/** The logins of the service, whose own statements are not logged one by one. */
export const SERVICE_LOGINS: readonly LoginName[] = LOGINS.filter((login) => login !== MIGRATOR_LOGIN);

/** SQLSTATE with which a login's statement is refused; undefined where it is not. */
export async function refusal({ as, passwords }: AuditedServer, user: LoginName, ...statements: readonly string[]): Promise<string | undefined> {
  const client = new pg.Client(as({ user, password: passwords[user] }));
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
    return undefined;
  } catch (error) {
    return errorCode(error);
  } finally {
    await client.end();
  }
}

/** Does what the service does every day: one row in each table that is append-only, and a request with its body. */
export async function workOneDay({ as, passwords }: AuditedServer): Promise<void> {
  const pool = new pg.Pool({ ...as({ user: 'halton_api_a', password: passwords.halton_api_a }), max: 1 });
  pool.on('error', () => undefined); // it has ended before its connection has closed, and the server may stop first
  const [workspaceId, organisationId, userId] = [randomUUID(), randomUUID(), SECRET];
  try {
    await inTransaction(pool, { workspaceId, organisationId, userId }, async (client) => {
      await client.query('INSERT INTO halton.organisations (organisation_id, name) VALUES ($1, $2)', [organisationId, SECRET]);
      await client.query("INSERT INTO halton.workspaces (workspace_id, organisation_id, name, plan, siem_stream) VALUES ($1, $2, $3, 'enterprise', true)", [workspaceId, organisationId, SECRET]);
      await client.query(
        `INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id)
         VALUES ($1, 'request', now(), 'provider', 'model', 1, 1, 1, $2)`,
        [workspaceId, userId],
      );
      await client.query("INSERT INTO halton.request_bodies (workspace_id, request_id, sealed) VALUES ($1, 'request', 'gAAAAAsealed')", [workspaceId]);
      await client.query("INSERT INTO halton.billing_events (workspace_id, event_id, kind, occurred_at) VALUES ($1, 'event', 'plan.changed', now())", [workspaceId]);
      await client.query(
        "INSERT INTO halton.prompt_views (workspace_id, request_id, viewer_user_id, subject_user_id, reason, client_ip, user_agent) VALUES ($1, 'request', $2, 'a teammate', $2, '203.0.113.1', 'agent')",
        [workspaceId, SECRET],
      );
      await client.query(
        "INSERT INTO halton.checkout_consent_records (user_id, plan, period, wording_hash, ip, user_agent) VALUES ($1, 'team', 'annual', $2, '203.0.113.1', $1)",
        [userId, 'a'.repeat(64)],
      );
      await client.query("SELECT halton.audit_append('member', $1, 'workspace.created', $1, '{}')", [SECRET]);
    });
  } finally {
    await pool.end();
  }
}
