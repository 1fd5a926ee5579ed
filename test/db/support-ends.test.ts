import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { errorCode } from '../../db/errors.ts';
import { inTransaction } from '../../db/transaction.ts';
import { furnish } from '../support/furnish.ts';
import { TestPostgres } from '../support/postgres.ts';
import { asSupport, countRows, enterSupport, grantSupport, SUPPORT_EMAIL } from '../support/support-access.ts';
import { bindingOf, newTenant, poolAs } from '../support/tenants.ts';
import type { Tenant } from '../support/tenants.ts';

const DENIED = { code: '42501' };

let postgres: TestPostgres;
let database: string;
let api: Pool;
let support: Pool;
let tenant: Tenant;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  [api, support] = [poolAs(postgres, database), poolAs(postgres, database, 'halton_support')];
});
afterAll(async () => {
  await Promise.all([api.end(), support.end()]);
  await postgres.stop();
});
beforeEach(async () => {
  tenant = await newTenant(api);
  await furnish(api, support, tenant); // and lets somebody else of support in
});

const grant = (lasts?: string) => grantSupport(api, tenant, lasts === undefined ? {} : { lasts });
const enter = () => asSupport(support, tenant, enterSupport);
const count = (table = 'requests') => asSupport(support, tenant, (client) => countRows(client, table));
/** Shifts a grant into the past, which nobody but the clock could do. */
const letPass = (interval: string) =>
  postgres.asSuperuser('UPDATE halton.support_grants SET granted_at = granted_at - $1::interval, expires_at = expires_at - $1::interval WHERE workspace_id = $2', [interval, tenant.workspaceId], database);

describe('HM-SUP-1: a grant ends', () => {
  it("by the database's clock, in the middle of a transaction", async () => {
    await grant('1.5 seconds');
    await enter();
    await asSupport(support, tenant, async (client) => {
      expect(await countRows(client, 'requests')).toBe(3);
      await sleep(1_600);
      expect(await countRows(client, 'requests')).toBe(0);
    });
    expect(await enter()).toBe(false);
  });

  it('by itself, with nobody doing anything', async () => {
    await grant();
    await enter();
    await letPass('23 hours');
    expect(await count()).toBe(0);
    expect(await enter()).toBe(false);
  });

  it('as soon as it is revoked', async () => {
    await grant();
    await enter();
    await asSupport(support, tenant, async (client) => {
      expect(await countRows(client, 'requests')).toBe(3);
      await inTransaction(api, bindingOf(tenant), (owner) => owner.query("UPDATE halton.support_grants SET revoked_at = now(), revoked_by = 'user'"));
      expect(await countRows(client, 'requests')).toBe(0);
    });
    expect(await enter()).toBe(false);
  });

  it.each(['24 hours 1 second', '8 days', '100 years'])('within a day: one for %s is refused', async (lasts) => {
    await grant('23 hours 59 minutes 59 seconds');
    await expect(grant(lasts)).rejects.toMatchObject({ code: 'HM004' });
  });

  it('earlier where the window was made shorter since', async () => {
    await grant();
    await enter();
    await letPass('2 hours');
    await postgres.asSuperuser("UPDATE halton.service_settings SET support_window = '1 hour'", [], database);
    expect(await count()).toBe(0);
    await postgres.asSuperuser("UPDATE halton.service_settings SET support_window = '24 hours'", [], database);
    expect(await count()).toBe(3);
  });

  it('and its window is set by migrations alone', async () => {
    await expect(api.query("UPDATE halton.service_settings SET support_window = '7 days'")).rejects.toMatchObject(DENIED);
    await expect(support.query("UPDATE halton.service_settings SET support_window = '7 days'")).rejects.toMatchObject(DENIED);
  });

  it('its time of beginning cannot be sent', async () => {
    const inserting = inTransaction(api, bindingOf(tenant), (client) =>
      client.query("INSERT INTO halton.support_grants (workspace_id, grant_id, support_email, granted_by, granted_at, expires_at) VALUES ($1, $2, $3, 'user', now() + interval '1 year', now() + interval '1 year 1 hour')", [tenant.workspaceId, randomUUID(), SUPPORT_EMAIL]),
    );
    await expect(inserting).rejects.toMatchObject(DENIED);
  });
});

describe('HM-SUP-1: without having entered', () => {
  /** What EXPLAIN ANALYZE tells of rows that were found, by index and without one. */
  const found = async (text: string) => {
    const lines: string[] = [];
    for (const settings of ['enable_seqscan = on', 'enable_seqscan = off; SET LOCAL enable_bitmapscan = off']) {
      await asSupport(support, tenant, async (client) => {
        await client.query(`SET LOCAL ${settings}`);
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) ${text}`);
        lines.push(...rows.map((row) => row['QUERY PLAN']));
      });
    }
    return lines;
  };

  it.each(['workspaces', 'members', 'projects', 'requests', 'policies', 'pricing_overrides', 'billing_events', 'audit_log', 'audit_heads', 'devices', 'api_keys'])('no plan tells more of a workspace than of none: %s', async (table) => {
    const text = `SELECT FROM halton.${table}`;
    const plans = await found(text);
    expect(plans.filter((line) => /Scan .*rows=0/.test(line)).length).toBeGreaterThan(1);
    const stranger = tenant;
    tenant = { ...tenant, workspaceId: randomUUID() };
    expect(await found(text)).toEqual(plans);
    tenant = stranger;
  });

  it('nothing is told of who was let in before, not even to a login that names an email', async () => {
    for (const table of ['support_grants', 'support_uses']) {
      await expect(asSupport(support, tenant, (client) => countRows(client, table), 'helper@support.example')).rejects.toMatchObject(DENIED);
    }
  });
});

describe('HM-SUP-1: what support cannot do', () => {
  beforeEach(async () => {
    await grant();
    await enter();
  });

  it.each(['SELECT FROM halton.request_bodies', 'SELECT secret_hash FROM halton.api_keys', 'SELECT token_hash FROM halton.devices', 'SELECT * FROM halton.devices', 'SELECT FROM halton.invitations', 'SELECT FROM halton.pairings', 'SELECT FROM halton.prompt_views', 'SELECT FROM halton.checkout_consent_records', 'SELECT FROM halton.idempotency_keys', 'SELECT FROM halton.siem_outbox', 'SELECT FROM halton.organisations'])(
    'read what it does not need: %s',
    async (text) => {
      await expect(asSupport(support, tenant, (client) => client.query(text))).rejects.toMatchObject(DENIED);
    },
  );

  it('read more of devices and keys than whose they are and since when', async () => {
    expect(await asSupport(support, tenant, async (client) => (await client.query('SELECT device_id, machine_id, name FROM halton.devices')).rowCount)).toBe(1);
    expect(await asSupport(support, tenant, async (client) => (await client.query('SELECT key_id, name, revoked_at FROM halton.api_keys')).rowCount)).toBe(1);
  });

  it('write anything, in any table', async () => {
    const tables = (await postgres.asSuperuser<{ name: string; column: string }>("SELECT DISTINCT ON (c.oid) c.oid::regclass::text AS name, attname AS column FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 WHERE relkind = 'r' AND relnamespace = 'halton'::regnamespace", [], database));
    expect(tables.length).toBeGreaterThan(20);
    const codes = new Set<string>();
    for (const { name, column } of tables) {
      for (const text of [`INSERT INTO ${name} DEFAULT VALUES`, `UPDATE ${name} SET ${column} = ${column}`, `DELETE FROM ${name}`, `TRUNCATE ${name} CASCADE`, `SELECT FROM ${name} FOR UPDATE`]) {
        codes.add(await asSupport(support, tenant, (client) => client.query(text)).then(() => text, errorCode));
      }
    }
    expect(codes).toEqual(new Set(['42501']));
  });

  it.each(["halton.audit_append('support', 'x', 'a.b', '', '{}')", "halton.approve_pairing(sha256('x'), 'user')", 'halton.workspace_ids()', 'halton.usage_by_day(current_date, current_date)'])('call what is for others: %s', async (call) => {
    await expect(asSupport(support, tenant, (client) => client.query(`SELECT ${call}`))).rejects.toMatchObject(DENIED);
  });
});
