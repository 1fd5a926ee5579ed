import type { ClientBase, Pool } from 'pg';
import { errorCode } from '../../../db/errors.ts';
import { LOGINS } from '../../../db/roles.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { cancelDeletion, makeDue, requestDeletion, rowsByTable, runPurge, tablesWith, withClient } from '../../support/lifecycle.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { appendAudit, bindingOf, insertRequests, newTenant, poolAs } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';
import { MemoryTombstones } from '../../support/tombstones.ts';

let postgres: TestPostgres;
let database: string;
let api: Pool;
let jobs: Pool;
let tenant: Tenant;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  [api, jobs] = [poolAs(postgres, database), poolAs(postgres, database, 'halton_jobs')];
});
afterAll(async () => {
  await Promise.all([api.end(), jobs.end()]);
  await postgres.stop();
});
beforeEach(async () => {
  tenant = await newTenant(api);
});

const CANCEL = 'UPDATE halton.workspaces SET deletion_requested_at = NULL, deletion_requested_by = NULL';
const run = () => runPurge(postgres, database, new MemoryTombstones());
const rows = () => rowsByTable(postgres, database, tenant);
const due = () => makeDue(postgres, database, api, tenant);
const asSuperuser = (text: string) => postgres.asSuperuser(text, [tenant.workspaceId], database);
async function begin(): Promise<void> {
  await jobs.query('SELECT halton.begin_purge($1)', [tenant.workspaceId]);
  await jobs.query('SELECT halton.tombstone_handed_over($1)', [tenant.workspaceId]);
}
const deleteBatch = (batch: number | null) => jobs.query('SELECT halton.purge_batch($1, $2)', [tenant.workspaceId, batch]);
const outcome = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', errorCode);

/** Runs work in a transaction that has looked at the workspace, bound as the API binds it. */
const inOlderSnapshot = <T>(level: string, meanwhile: () => Promise<unknown>, work: (client: ClientBase) => Promise<T>): Promise<T> =>
  withClient(postgres, database, 'halton_api_a', async (client) => {
    await client.query(`BEGIN ISOLATION LEVEL ${level}`);
    await client.query("SELECT set_config('halton.workspace_id', $1, true), set_config('halton.user_id', $2, true)", [tenant.workspaceId, tenant.ownerId]);
    await client.query('SELECT FROM halton.workspaces');
    await meanwhile();
    return work(client);
  });

describe.each(['REPEATABLE READ', 'SERIALIZABLE'])('HM-DEL-2: in a transaction that is %s', (level) => {
  it('a deletion cannot be cancelled whose purge has begun since', async () => {
    await due();
    const begun = async () => {
      await begin();
      await deleteBatch(1);
    };
    expect(await inOlderSnapshot(level, begun, (client) => outcome(client.query(CANCEL)))).toBe('40001');
    expect(await run()).toMatchObject({ purgedWorkspaces: 1 });
    expect(tablesWith('some', await rows())).toEqual([]);
  });

  it('nothing is written, whether the deletion was requested since or not', async () => {
    const write = (client: ClientBase) => outcome(client.query("INSERT INTO halton.members (workspace_id, user_id, role) VALUES ($1, 'user_new', 'member')", [tenant.workspaceId]));
    expect(await inOlderSnapshot(level, () => Promise.resolve(), write)).toBe('HM008');
    expect(await inOlderSnapshot(level, () => requestDeletion(api, tenant), write)).toBe('HM008');
    expect(await inOlderSnapshot('READ COMMITTED', () => cancelDeletion(api, tenant), write)).toBe('done');
  });
});

describe('HM-DEL-3: a purge that has begun', () => {
  it('deletes nothing before it did', async () => {
    await due();
    await jobs.query('SELECT halton.tombstone_handed_over($1)', [tenant.workspaceId]);
    await expect(deleteBatch(10)).rejects.toMatchObject({ code: 'HM006' });
    await run();
  });

  it('is marked by the database alone', async () => {
    for (const login of ['halton_api_a', 'halton_jobs'] as const) {
      await expect(withClient(postgres, database, login, (client) => client.query('UPDATE halton.workspaces SET purge_begun_at = now()'))).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('leaves its workspace as it is, the mark too', async () => {
    await due();
    await begin();
    for (const change of [CANCEL, "UPDATE halton.workspaces SET name = 'Another'"]) {
      await expect(inTransaction(api, bindingOf(tenant), (client) => client.query(change))).rejects.toMatchObject({ code: 'HM001' });
    }
    await expect(asSuperuser('UPDATE halton.workspaces SET purge_begun_at = NULL WHERE workspace_id = $1')).rejects.toMatchObject({ code: 'HM001' });
    await run();
  });

  it.each([0, -1, null])('takes no batch of %s rows, which would end it at once or never', async (batch) => {
    await due();
    await begin();
    await expect(deleteBatch(batch)).rejects.toMatchObject({ code: '22023' });
    await expect(jobs.query('SELECT halton.expire_requests($1, $2)', [tenant.workspaceId, batch])).rejects.toMatchObject({ code: '22023' });
    expect(tablesWith('some', await rows())).toContain('halton.workspaces');
    await run();
  });

  it('holds the workspace while a batch is deleted, so that two runs take turns', async () => {
    await due();
    await begin();
    await inTransaction(jobs, {}, async (client) => {
      await client.query('SELECT halton.purge_batch($1, 1)', [tenant.workspaceId]);
      const second = inTransaction(api, bindingOf(tenant), (other) => other.query('SELECT FROM halton.workspaces FOR NO KEY UPDATE NOWAIT'));
      await expect(second).rejects.toMatchObject({ code: '55P03' });
    });
    await run();
  });

  it('fails loudly where nobody requests the deletion any more, and nothing would end it', async () => {
    await due();
    await begin();
    await postgres.asSuperuser('ALTER TABLE halton.workspaces DISABLE TRIGGER guard_begun_purge, DISABLE TRIGGER guard_deletion_request', [], database);
    await asSuperuser(`${CANCEL} WHERE workspace_id = $1`);
    await expect(run()).rejects.toMatchObject({ code: 'PURGE_INCOMPLETE', message: expect.stringMatching(/^Got 1 workspaces whose tombstone stands/) as string });
    await asSuperuser("UPDATE halton.workspaces SET deletion_requested_at = '2001-01-01', deletion_requested_by = 'user' WHERE workspace_id = $1");
    await postgres.asSuperuser('ALTER TABLE halton.workspaces ENABLE ALWAYS TRIGGER guard_begun_purge, ENABLE ALWAYS TRIGGER guard_deletion_request', [], database);
    expect(await run()).toMatchObject({ purgedWorkspaces: 1 });
  });

  it('leaves an id that no workspace gets again, since that one could not be deleted', async () => {
    await due();
    await run();
    const again = inTransaction(api, bindingOf(tenant), async (client) => {
      await client.query("INSERT INTO halton.organisations (organisation_id, name) VALUES ($1, 'Again')", [tenant.organisationId]);
      await client.query("INSERT INTO halton.workspaces (workspace_id, organisation_id, name) VALUES ($1, $2, 'Again')", [tenant.workspaceId, tenant.organisationId]);
    });
    await expect(again).rejects.toMatchObject({ code: '23505', message: 'a workspace of this id was deleted' });
  });
});

describe('the turn of the purge', () => {
  const lock = "SELECT pg_advisory_lock(hashtextextended('halton.purge', 0))";

  it.each(LOGINS.filter((login) => login !== 'halton_jobs'))('is not taken away by %s, who may lock the same', async (login) => {
    await due();
    await withClient(postgres, database, login, async (client) => {
      await client.query(lock);
      expect(await run()).toMatchObject({ otherRun: false, purgedWorkspaces: 1 });
    });
  });

  it('is waited for no longer than a minute where somebody holds the workspace', async () => {
    expect((await jobs.query('SHOW lock_timeout')).rows).toEqual([{ lock_timeout: '1min' }]);
    await due();
    await inTransaction(api, bindingOf(tenant), async (client) => {
      await client.query('SELECT FROM halton.workspaces FOR UPDATE');
      await jobs.query("ALTER ROLE halton_jobs SET lock_timeout = '100ms'");
      await expect(run()).rejects.toMatchObject({ code: 'PURGE_INCOMPLETE', message: expect.stringContaining('(55P03)') as string });
    });
    await jobs.query("ALTER ROLE halton_jobs SET lock_timeout = '1min'");
    expect(await run()).toMatchObject({ purgedWorkspaces: 1 });
  });
});

describe('HM-DEL-1: requests beyond their window', () => {
  it('are told of in the audit log, by number', async () => {
    const other = await newTenant(api);
    await inTransaction(api, bindingOf(tenant), (client) => insertRequests(client, tenant, ['one', 'two'], new Date('2001-01-01')));
    const entries = (of: Tenant) => inTransaction(api, bindingOf(of), async (client) => (await client.query("SELECT actor_kind, actor, target, details::jsonb FROM halton.audit_log WHERE action = 'usage.expired'")).rows);
    await run();
    await run();
    expect(await entries(tenant)).toEqual([{ actor_kind: 'job', actor: 'purge', target: tenant.workspaceId, details: { requests: 2, retention_days: 365 } }]);
    expect(await entries(other)).toEqual([]);
  });

  it('are passed over while a body of theirs is being stored, so that neither ends in a deadlock', async () => {
    await inTransaction(api, bindingOf(tenant), (client) => insertRequests(client, tenant, ['held', 'free'], new Date('2001-01-01')));
    await inTransaction(api, bindingOf(tenant), async (client) => {
      await client.query("SELECT FROM halton.requests WHERE request_id = 'held' FOR NO KEY UPDATE");
      expect(await run()).toMatchObject({ expiredRows: 1 });
      await client.query("INSERT INTO halton.request_bodies (workspace_id, request_id, sealed) VALUES ($1, 'held', 'gAAAAABsealed')", [tenant.workspaceId]);
      await appendAudit(client, tenant.ownerId, 'body.stored', 'held');
    });
    expect(await run()).toMatchObject({ expiredRows: 1 });
  });
});
