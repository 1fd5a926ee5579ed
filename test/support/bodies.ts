import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { readBody, rotateBodies, storeBody } from '../../api/src/repositories/bodies.ts';
import type { ArrivingBody, RotationProgress, StoredBody } from '../../api/src/repositories/bodies.ts';
import type { SealedDocument } from '../../api/src/sealing/document.ts';
import { parseFernetKeys } from '../../api/src/sealing/keys.ts';
import type { FernetKeys } from '../../api/src/sealing/keys.ts';
import { inTransaction } from '../../db/transaction.ts';
import { TestPostgres } from './postgres.ts';
import { bindingOf, insertRequests, newTenant, poolAs } from './tenants.ts';
import type { Tenant } from './tenants.ts';

const secrets = [1, 2].map(() => `${randomBytes(32).toString('base64url')}=`);
/** Lists before, during and after the rotation of a key. */
export const [oldKeys, bothKeys, newKeys] = [parseFernetKeys(secrets[0] ?? ''), parseFernetKeys(secrets.toReversed().join()), parseFernetKeys(secrets[1] ?? '')];

export const asked = { request: { prompt: 'What is in the vault?' }, redactionApplied: false };
export const answered = { response: { text: 'Nothing of note.' }, redactionApplied: false };

/** A real Postgres with workspaces whose bodies are stored, read and sealed anew. */
export class TestBodies {
  readonly #postgres: TestPostgres;
  readonly #database: string;
  readonly #jobs: Pool;
  readonly api: Pool;
  #requests = 0;

  private constructor(postgres: TestPostgres, database: string) {
    this.#postgres = postgres;
    this.#database = database;
    [this.api, this.#jobs] = [poolAs(postgres, database, 'halton_api_a', 8), poolAs(postgres, database, 'halton_jobs')];
  }

  static async start(): Promise<TestBodies> {
    const postgres = await TestPostgres.start();
    return new TestBodies(postgres, await postgres.migrated());
  }

  async stop(): Promise<void> {
    await Promise.all([this.api.end(), this.#jobs.end()]);
    await this.#postgres.stop();
  }

  inWorkspace<T>(tenant: Tenant, work: (client: PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.api, bindingOf(tenant), work);
  }

  store(tenant: Tenant, arriving: ArrivingBody, keys = oldKeys): Promise<StoredBody> {
    return this.inWorkspace(tenant, (client) => storeBody(client, keys, tenant, arriving));
  }

  read(tenant: Tenant, requestId: string, keys = oldKeys): Promise<SealedDocument | undefined> {
    return this.inWorkspace(tenant, (client) => readBody(client, keys, tenant, requestId));
  }

  /** As the jobs do it, bound to the tenant; `of` asks for the bodies of another one. */
  rotate(tenant: Tenant, keys: FernetKeys, { batch = 100, after = '', of = tenant } = {}): Promise<RotationProgress> {
    return inTransaction(this.#jobs, bindingOf(tenant), (client) => rotateBodies(client, keys, of, batch, after));
  }

  async isRedacted(tenant: Tenant, requestId: string): Promise<boolean | undefined> {
    const { rows } = await this.inWorkspace(tenant, (client) => client.query<{ redaction_applied: boolean }>('SELECT redaction_applied FROM halton.requests WHERE request_id = $1', [requestId]));
    return rows[0]?.redaction_applied;
  }

  asSuperuser<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return this.#postgres.asSuperuser<Row>(text, values, this.#database);
  }

  async sealedOf(requestId: string): Promise<string | undefined> {
    const [row] = await this.asSuperuser<{ sealed: string }>('SELECT sealed FROM halton.request_bodies WHERE request_id = $1', [requestId]);
    return row?.sealed;
  }

  async newSyncingTenant(): Promise<Tenant> {
    const tenant = await newTenant(this.api);
    await this.inWorkspace(tenant, (client) => client.query('UPDATE halton.workspaces SET body_sync = true'));
    return tenant;
  }

  /** Ids of new requests, in ascending order. */
  async metered(tenant: Tenant, count: number): Promise<readonly string[]> {
    const ids = Array.from({ length: count }, () => `req_${String((this.#requests += 1)).padStart(4, '0')}`);
    await this.inWorkspace(tenant, (client) => insertRequests(client, tenant, ids));
    return ids;
  }

  /** A request of a workspace that has opted in. */
  async newRequest(): Promise<readonly [Tenant, string]> {
    const tenant = await this.newSyncingTenant();
    return [tenant, (await this.metered(tenant, 1))[0] ?? ''];
  }
}
