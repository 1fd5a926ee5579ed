import type { Pool, QueryResult } from 'pg';
import { errorCode } from '../../../db/errors.ts';
import type { LoginName } from '../../../db/roles.ts';
import { furnish } from '../../support/furnish.ts';
import { GRACE_HOURS, letHoursPass, requestDeletion, rowsByTable, withClient } from '../../support/lifecycle.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { newTenant, poolAs } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';

const MINUTE = 1 / 60;

let postgres: TestPostgres;
let database: string;
let api: Pool;
let support: Pool;
let tenant: Tenant;
let before: Readonly<Record<string, number>>;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  [api, support] = [poolAs(postgres, database), poolAs(postgres, database, 'halton_support')];
  tenant = await newTenant(api);
  await furnish(api, support, tenant);
  await requestDeletion(api, tenant);
  await letHoursPass(postgres, database, tenant, GRACE_HOURS - MINUTE);
  before = await rowsByTable(postgres, database, tenant);
});
afterAll(async () => {
  await Promise.all([api.end(), support.end()]);
  await postgres.stop();
});
afterEach(async () => {
  expect(await rowsByTable(postgres, database, tenant)).toEqual(before);
});

/** Runs statements in one session, each bound to the workspace by every setting there is. */
const inSession = (login: LoginName, ...statements: readonly string[]) =>
  withClient(postgres, database, login, async (client) => {
    await client.query('SET default_transaction_read_only = off'); // which analytics starts with
    await client.query(
      "SELECT set_config('halton.workspace_id', $1, false), set_config('halton.organisation_id', $2, false), set_config('halton.user_id', $3, false), set_config('halton.support_email', 'helper@support.example', false)",
      [tenant.workspaceId, tenant.organisationId, tenant.ownerId],
    );
    let last: QueryResult | undefined;
    for (const statement of statements) last = await client.query(statement.replaceAll('WORKSPACE', `'${tenant.workspaceId}'`));
    return last;
  });

/** What each statement is refused with, in one session. */
const refusals = (login: LoginName, statements: readonly string[]) =>
  withClient(postgres, database, login, async (client) => {
    await client.query('SET default_transaction_read_only = off');
    const codes = [];
    for (const statement of statements) codes.push(await client.query(statement).then(({ rowCount }) => `did ${rowCount}`, errorCode));
    return new Set(codes);
  });

const DENIED = '42501';
const NOT_DUE = 'HM005';
const APPEND_ONLY = 'HM003';
const ledgers = ['audit_log', 'prompt_views', 'billing_events'];
const furnished = ['requests', 'request_bodies', 'audit_heads', 'devices', 'workspaces', 'organisations', ...ledgers];

describe('HM-DEL-3: a minute before its time, a workspace is deleted by nobody', () => {
  describe.each<LoginName>(['halton_api_a', 'halton_api_b', 'halton_jobs', 'halton_support', 'halton_analytics', 'halton_migrator'])('as %s', (login) => {
    it('row by row, or a table at once', async () => {
      expect(await refusals(login, furnished.flatMap((table) => [`DELETE FROM halton.${table}`, `TRUNCATE halton.${table} CASCADE`]))).toEqual(new Set([DENIED]));
    });

    it('by taking the part of a role that may', async () => {
      if (login === 'halton_migrator') return; // it may take the owner's, which comes below
      await expect(inSession(login, 'SET ROLE halton_purger')).rejects.toMatchObject({ code: DENIED });
      await expect(inSession(login, 'SET ROLE halton_owner')).rejects.toMatchObject({ code: DENIED });
    });

    it('by switching triggers and policies off', async () => {
      await expect(inSession(login, 'SET session_replication_role = replica')).rejects.toMatchObject({ code: DENIED });
      await expect(inSession(login, 'SET row_security = off', 'DELETE FROM halton.requests')).rejects.toMatchObject({ code: DENIED });
      await expect(inSession(login, 'ALTER TABLE halton.audit_log DISABLE TRIGGER append_only')).rejects.toMatchObject({ code: DENIED });
    });
  });

  it.each<LoginName>(['halton_api_a', 'halton_support', 'halton_analytics', 'halton_migrator'])('through the functions of the purge as %s', async (login) => {
    for (const call of ['purge_batch(WORKSPACE, 100)', 'begin_purge(WORKSPACE)', 'tombstone_handed_over(WORKSPACE)', 'expire_requests(WORKSPACE, 100)', 'due_workspaces()']) {
      await expect(inSession(login, `SELECT halton.${call}`)).rejects.toMatchObject({ code: DENIED });
    }
  });

  it('through the functions of the purge as the job', async () => {
    await expect(inSession('halton_jobs', 'SELECT halton.begin_purge(WORKSPACE)')).rejects.toMatchObject({ code: NOT_DUE });
    await expect(inSession('halton_jobs', 'SELECT halton.tombstone_handed_over(WORKSPACE)', 'SELECT halton.purge_batch(WORKSPACE, 100)')).rejects.toMatchObject({ code: NOT_DUE });
    expect((await inSession('halton_jobs', 'SELECT halton.due_workspaces()'))?.rowCount).toBe(0);
    expect((await inSession('halton_jobs', 'SELECT halton.expire_requests(WORKSPACE, 100) AS deleted'))?.rows).toEqual([{ deleted: '0' }]);
  });

  it.each(['AAA167BBB-167', 'AAA-167BBB167'])('as the job in a zone in which the last 30 days were two weeks shorter or longer: %s', async (zone) => {
    // Summer time began in it 15 days ago.
    const began = Math.floor((Date.now() - 15 * 86_400_000 - Date.UTC(new Date().getUTCFullYear(), 0)) / 86_400_000);
    const [first, last] = [0, 100].map((days) => ((began + days + 365) % 365) + 1);
    const zoned = `SET timezone = '${zone},J${first},J${last}'`;
    const difference = await inSession('halton_jobs', zoned, "SELECT abs(extract(epoch FROM (now() - interval '30 days') - (now() - interval '720 hours'))) / 3600 > 300 AS weeks");
    expect(difference?.rows).toEqual([{ weeks: true }]);
    await expect(inSession('halton_jobs', zoned, 'SELECT halton.begin_purge(WORKSPACE)')).rejects.toMatchObject({ code: NOT_DUE });
  });

  it('by a setting of any name', async () => {
    const settings = ['halton.purge', 'halton.now', 'halton.force', 'halton.role'].map((name) => `SET ${name} = 'on'`);
    await expect(inSession('halton_jobs', ...settings, 'SELECT halton.begin_purge(WORKSPACE)')).rejects.toMatchObject({ code: NOT_DUE });
  });

  it('by tables or functions that stand in for the real ones', async () => {
    await expect(inSession('halton_jobs', 'CREATE TEMPORARY TABLE workspaces (workspace_id uuid)')).rejects.toMatchObject({ code: DENIED });
    await expect(inSession('halton_jobs', 'CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz RETURN now()')).rejects.toMatchObject({ code: DENIED });
  });

  it('as the owner of the tables, whom the policies show nothing', async () => {
    for (const table of furnished) {
      const deleted = await inSession('halton_migrator', 'SET ROLE halton_owner', `DELETE FROM halton.${table}`);
      expect(deleted?.rowCount).toBe(0);
    }
  });

  it('as the owner who empties what is only ever appended to', async () => {
    for (const table of ledgers) {
      await expect(inSession('halton_migrator', 'SET ROLE halton_owner', `TRUNCATE halton.${table} CASCADE`)).rejects.toMatchObject({ code: APPEND_ONLY });
    }
  });

  it('as the owner who takes the part of the purge, from what is only ever appended to', async () => {
    for (const table of [...ledgers, 'audit_heads']) {
      await expect(inSession('halton_migrator', 'SET ROLE halton_owner', 'SET ROLE halton_purger', `DELETE FROM halton.${table}`)).rejects.toMatchObject({ code: APPEND_ONLY });
    }
  });

  it('as a superuser, from what is only ever appended to', async () => {
    for (const table of [...ledgers, 'audit_heads']) {
      await expect(postgres.asSuperuser(`DELETE FROM halton.${table}`, [], database)).rejects.toMatchObject({ code: APPEND_ONLY });
    }
    await expect(postgres.asSuperuser('TRUNCATE halton.workspaces CASCADE', [], database)).rejects.toMatchObject({ code: APPEND_ONLY });
  });
});

describe('HM-DEL-3, HM-DEL-4: the minute after', () => {
  it('the workspace is due', async () => {
    await letHoursPass(postgres, database, tenant, MINUTE);
    expect((await inSession('halton_jobs', 'SELECT workspace_id FROM halton.due_workspaces()'))?.rows).toEqual([{ workspace_id: tenant.workspaceId }]);
  });

  it('nothing goes before its tombstone was handed over', async () => {
    await expect(inSession('halton_jobs', 'SELECT halton.purge_batch(WORKSPACE, 100)')).rejects.toMatchObject({ code: 'HM006' });
    await inSession('halton_jobs', 'SELECT halton.begin_purge(WORKSPACE)');
    await expect(inSession('halton_jobs', 'SELECT halton.purge_batch(WORKSPACE, 100)')).rejects.toMatchObject({ code: 'HM006' });
  });

  it('the service itself still deletes nothing', async () => {
    for (const login of ['halton_api_a', 'halton_jobs', 'halton_support', 'halton_migrator'] as const) {
      await expect(inSession(login, 'DELETE FROM halton.requests')).rejects.toMatchObject({ code: DENIED });
    }
  });
});
