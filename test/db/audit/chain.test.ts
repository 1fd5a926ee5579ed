import type { Pool } from 'pg';
import { AUDIT_ACTIONS } from '../../../db/audit/actions.ts';
import { appendAudit } from '../../../db/audit/append.ts';
import type { AuditAction } from '../../../db/audit/actions.ts';
import { inTransaction } from '../../../db/transaction.ts';
import { both, exportOf, verdictsOf } from '../../support/audit.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { bindingOf, newTenant, poolAs } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';

let postgres: TestPostgres;
let database: string;
let api: Pool;
let tenant: Tenant;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  api = poolAs(postgres, database);
});
beforeEach(async () => {
  tenant = await newTenant(api);
});
afterAll(async () => {
  await api.end();
  await postgres.stop();
});

const append = (text: string, values: readonly unknown[]) => inTransaction(api, bindingOf(tenant), (client) => client.query(text, [...values]));
const appendRaw = (details: string) => append("SELECT halton.audit_append('member', 'user_1', 'project.renamed', 'p', $1)", [details]);
const headOf = async ({ workspaceId }: Tenant) => (await postgres.asSuperuser<{ sequence: string; hash: string }>("SELECT sequence, encode(hash, 'hex') AS hash FROM halton.audit_heads WHERE workspace_id = $1", [workspaceId], database))[0];

describe('the audit log of a workspace', () => {
  it('HP-AUD-3: is a chain, in which each entry names the hash of the one before', async () => {
    const first = (await exportOf(api, tenant))[0]?.hash;
    const appended = await inTransaction(api, bindingOf(tenant), (client) => appendAudit(client, { actorKind: 'member', actor: tenant.ownerId, action: 'project.created', target: 'p' }));
    const [, entry] = await exportOf(api, tenant);
    expect(entry).toMatchObject({ sequence: '2', actor: tenant.ownerId, action: 'project.created', details: '{}', previous_hash: first, hash: appended.hash });
    expect(appended.sequence).toBe(2);
    expect(await headOf(tenant)).toEqual({ sequence: '2', hash: appended.hash });
    expect(await verdictsOf(api, tenant)).toEqual(both('2 verified'));
  });

  it('HM-AUD-1: takes every action that the service has', async () => {
    const actions = Object.keys(AUDIT_ACTIONS) as AuditAction[];
    await inTransaction(api, bindingOf(tenant), async (client) => {
      for (const action of actions) await appendAudit(client, { actorKind: 'member', actor: 'user_1', action, target: 'a target' });
    });
    expect((await exportOf(api, tenant)).map(({ action }) => action)).toEqual(['workspace.created', ...actions]);
  });

  it('keeps the bytes of what it is told: order, spaces, repeated keys, any script', async () => {
    const details = '{"b": 1,  "a":1, "a":2, "text":"Größe \\u0041 😀\\n"}';
    await appendRaw(details);
    expect((await exportOf(api, tenant))[1]?.details).toBe(details);
    expect(await verdictsOf(api, tenant)).toEqual(both('2 verified'));
  });

  it('has its times in the order of its entries, also where a transaction that began earlier appends later', async () => {
    const early = await api.connect();
    await early.query('BEGIN');
    await early.query("SELECT now(), set_config('halton.workspace_id', $1, true)", [tenant.workspaceId]);
    await appendRaw('{}');
    await appendAudit(early, { actorKind: 'job', actor: 'retention', action: 'usage.expired', target: '' });
    await early.query('COMMIT');
    early.release();
    const times = (await exportOf(api, tenant)).map(({ recorded_at }) => recorded_at);
    expect(times).toHaveLength(3);
    expect(times).toEqual(times.toSorted());
    expect(new Set(times).size).toBe(3);
  });

  it('has no gap where a transaction was rolled back', async () => {
    await expect(inTransaction(api, bindingOf(tenant), async (client) => {
      await appendAudit(client, { actorKind: 'member', actor: 'user_1', action: 'project.created', target: 'p' });
      throw new Error('changed its mind');
    })).rejects.toThrow('changed its mind');
    await appendRaw('{}');
    expect(await verdictsOf(api, tenant)).toEqual(both('2 verified'));
  });

  it('of a workspace without an entry holds', async () => {
    const nobody = { ...tenant, workspaceId: '00000000-0000-4000-8000-000000000000' };
    expect(await verdictsOf(api, nobody)).toEqual(both('0 verified'));
  });
});

describe('appending is refused', () => {
  it('where no workspace is bound', async () => {
    const unbound = inTransaction(api, {}, (client) => appendAudit(client, { actorKind: 'job', actor: 'purge', action: 'usage.expired', target: '' }));
    await expect(unbound).rejects.toMatchObject({ code: 'HM002' });
  });

  it('where there is no such workspace', async () => {
    const nowhere = inTransaction(api, { workspaceId: '00000000-0000-4000-8000-000000000000' }, (client) => appendAudit(client, { actorKind: 'job', actor: 'purge', action: 'usage.expired', target: '' }));
    await expect(nowhere).rejects.toMatchObject({ code: '23503' });
  });

  test.each([
    ['an array', '[]', '23514'],
    ['a text', '"text"', '23514'],
    ['null', 'null', '23514'],
    ['no JSON', '{"a":', '22P02'],
    ['nothing', '', '22P02'],
    ['more than 65,536 characters', JSON.stringify({ text: 'x'.repeat(65_536) }), '23514'],
    ['a NUL that is escaped', '{"text":"\\u0000"}', '22P05'],
    ['a NUL', '{"text":"\0"}', '22021'],
  ])('for details that are %s', async (_, details, code) => {
    await expect(appendRaw(details)).rejects.toMatchObject({ code });
    expect(await verdictsOf(api, tenant)).toEqual(both('1 verified'));
  });

  test.each([
    ['an actor of unknown kind', ['robot', 'user_1', 'project.created', 'p', '{}'], '23514'],
    ['no actor', ['member', '', 'project.created', 'p', '{}'], '23514'],
    ['an action that is none', ['member', 'user_1', 'Project created', 'p', '{}'], '23514'],
    ['a target that is left out', ['member', 'user_1', 'project.created', null, '{}'], '23502'],
    ['a NUL in the actor', ['member', 'user\0', 'project.created', 'p', '{}'], '22021'],
  ])('for %s', async (_, values, code) => {
    await expect(append('SELECT halton.audit_append($1, $2, $3, $4, $5)', values)).rejects.toMatchObject({ code });
    expect(await verdictsOf(api, tenant)).toEqual(both('1 verified'));
  });
});

describe('verifying in the database', () => {
  it('is for the API and the jobs alone', async () => {
    const jobs = poolAs(postgres, database, 'halton_jobs');
    expect(await verdictsOf(jobs, tenant)).toEqual(both('1 verified'));
    await jobs.end();
    for (const login of ['halton_support', 'halton_analytics', 'halton_migrator'] as const) {
      const pool = poolAs(postgres, database, login);
      await expect(pool.query('SELECT * FROM halton.verify_audit()')).rejects.toMatchObject({ code: '42501' });
      await pool.end();
    }
  });

  it('is refused where no workspace is bound, where it would find nothing at fault', async () => {
    await expect(inTransaction(api, {}, (client) => client.query('SELECT * FROM halton.verify_audit()'))).rejects.toMatchObject({ code: 'HM002' });
  });

  test.each(["1, NULL", "NULL, '\\x00'", "0, '\\x00'", "-1, '\\x00'"])('refuses an anchor of %s', async (anchor) => {
    await expect(append(`SELECT * FROM halton.verify_audit(${anchor})`, [])).rejects.toMatchObject({ code: '22023' });
  });
});
