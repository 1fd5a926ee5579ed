import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { buildApp } from '../../api/src/app.ts';
import type { AppDeps } from '../../api/src/app.ts';
import type { FernetKeys } from '../../api/src/sealing/keys.ts';
import { secretDeps } from './app-deps.ts';
import { TestIssuer } from './identity.ts';
import { TestPostgres } from './postgres.ts';
import { newTenant, poolAs, superuserPool } from './tenants.ts';
import type { Tenant } from './tenants.ts';

/** A request as a client sends it. */
export interface ApiCall {
  /** Text of the Authorization header after `Bearer`. */
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; text is sent as it stands. */
  readonly body?: unknown;
}

/** What came back. */
export interface ApiAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
}

/** An entry of an audit log, as far as tests compare it. */
export interface AuditLine {
  readonly actor_kind: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The whole service on a real Postgres, spoken to over HTTP. */
export class TestApi {
  readonly issuer: TestIssuer;
  /** Lines of the log, as JSON. */
  readonly lines: string[];
  readonly postgres: TestPostgres;
  readonly database: string;
  /** Logged in as the API. */
  readonly pool: Pool;
  readonly support: Pool;
  readonly keys: FernetKeys;
  readonly webhookSecret: string;
  /** Whom no rule binds. */
  readonly superuser: Pool;
  readonly app: FastifyInstance;
  readonly url: string;

  private constructor(parts: Pick<TestApi, 'keys' | 'webhookSecret' | 'support' | 'issuer' | 'lines' | 'postgres' | 'database' | 'pool' | 'superuser' | 'app' | 'url'>) {
    ({ keys: this.keys, webhookSecret: this.webhookSecret, support: this.support, issuer: this.issuer, lines: this.lines, postgres: this.postgres, database: this.database, pool: this.pool, superuser: this.superuser, app: this.app, url: this.url } = parts);
  }

  static async start(options: Partial<AppDeps> = {}): Promise<TestApi> {
    const postgres = await TestPostgres.start();
    const database = await postgres.migrated();
    const pool = poolAs(postgres, database, 'halton_api_a', 8);
    const support = poolAs(postgres, database, 'halton_support', 2);
    const secrets = secretDeps();
    const issuer = new TestIssuer();
    const lines: string[] = [];
    const app = await buildApp({
      readiness: { check: async () => ({ ready: true }) },
      log: { level: 'info', stream: { write: (line) => void lines.push(line) } },
      pool,
      support,
      identity: issuer.identity,
      ...secrets,
      ...options,
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    return new TestApi({ ...secrets, support, issuer, lines, postgres, database, pool, superuser: superuserPool(postgres, database), app, url: `http://127.0.0.1:${port}` });
  }

  async stop(): Promise<void> {
    await this.app.close();
    await Promise.all([this.pool.end(), this.support.end(), this.superuser.end()]);
    await this.postgres.stop();
  }

  /** A workspace of its own, with its owner. */
  tenant(more: Parameters<typeof newTenant>[1] = {}): Promise<Tenant> {
    return newTenant(this.pool, more);
  }

  /** Adds a member, behind the API's back, and tells a token of his. */
  async member({ workspaceId }: Tenant, role: 'owner' | 'admin' | 'member', userId = `user_${Math.random().toString(36).slice(2)}`): Promise<{ readonly userId: string; readonly token: string }> {
    await this.superuser.query('INSERT INTO halton.members (workspace_id, user_id, role) VALUES ($1, $2, $3)', [workspaceId, userId, role]);
    return { userId, token: await this.issuer.token(userId) };
  }

  async call<Body = unknown>(method: string, path: string, { as, headers = {}, body }: ApiCall = {}): Promise<ApiAnswer<Body>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(as !== undefined && { authorization: `Bearer ${as}` }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: (isJson ? JSON.parse(text) : text) as Body };
  }

  /** The workspace's audit log, without its first entry, which made the workspace. */
  async audit({ workspaceId }: Tenant): Promise<readonly AuditLine[]> {
    const { rows } = await this.superuser.query<AuditLine>('SELECT actor_kind, actor, action, target, details::jsonb AS details FROM halton.audit_log WHERE workspace_id = $1 AND sequence > 1 ORDER BY sequence', [workspaceId]);
    return rows;
  }
}
