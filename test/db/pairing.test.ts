import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import type { Binding } from '../../db/transaction.ts';
import { randomHash } from '../support/furnish.ts';
import { TestPostgres } from '../support/postgres.ts';
import { appendAudit, bindingOf, newTenant, poolAs } from '../support/tenants.ts';
import type { Tenant } from '../support/tenants.ts';

const DENIED = { code: '42501' };
const CHECKED = { code: '23514' };

let postgres: TestPostgres;
let database: string;
let api: Pool;
let tenant: Tenant;
let other: Tenant;
let codes: Codes;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  api = poolAs(postgres, database);
  [tenant, other] = [await newTenant(api), await newTenant(api)];
});
afterAll(async () => {
  await api.end();
  await postgres.stop();
});
beforeEach(() => {
  codes = { device: randomHash(), user: randomHash() };
});

interface Codes { readonly device: Buffer; readonly user: Buffer }
const rowsOf = async (binding: Binding, text: string, values: readonly unknown[] = []) => (await inTransaction(api, binding, (client) => client.query<Readonly<Record<string, unknown>>>(text, [...values]))).rows;
const start = async ({ device, user } = codes, machineId = 'machine-1') =>
  (await rowsOf({}, 'SELECT halton.start_pairing($1, $2, $3, $4) AS ends', [device, user, machineId, 'A laptop']))[0]?.['ends'];
const approve = (by = tenant, { user } = codes) => rowsOf(bindingOf(by), 'SELECT * FROM halton.approve_pairing($1, $2)', [user, by.ownerId]);
const claim = ({ device } = codes, deviceId: string = randomUUID()) => rowsOf({}, 'SELECT * FROM halton.claim_pairing($1, $2, $3)', [device, deviceId, randomHash()]);
const devices = (of = tenant) => rowsOf(bindingOf(of), 'SELECT device_id, machine_id, name, paired_by FROM halton.devices');
const expire = ({ device } = codes) => postgres.asSuperuser("UPDATE halton.pairings SET expires_at = clock_timestamp() WHERE device_code_hash = $1", [device], database);
const APPROVED = [{ machine_id: 'machine-1', name: 'A laptop' }];

describe('HM-DEV-1: a pairing', () => {
  it('makes a device of the machine that began it, in the workspace of the member who approved it', async () => {
    const deviceId = randomUUID();
    await start();
    expect(await approve()).toEqual(APPROVED);
    expect(await claim(codes, deviceId)).toEqual([{ workspace_id: tenant.workspaceId, machine_id: 'machine-1', approved_by: tenant.ownerId }]);
    expect(await devices()).toContainEqual({ device_id: deviceId, machine_id: 'machine-1', name: 'A laptop', paired_by: tenant.ownerId });
  });

  it("lasts ten minutes by the database's clock", async () => {
    const ends = await start();
    expect(Math.abs((ends as Date).getTime() - Date.now() - 600_000)).toBeLessThan(5_000);
  });

  it('waits for no other that clears away the ones that have ended', async () => {
    await start();
    await expire();
    await inTransaction(api, {}, async (client) => {
      await client.query('SELECT halton.start_pairing($1, $1, $2, $3)', [randomHash(), 'machine-2', 'Another']);
      await inTransaction(api, {}, async (second) => {
        await second.query("SET LOCAL lock_timeout = '1s'");
        await second.query('SELECT halton.start_pairing($1, $1, $2, $3)', [randomHash(), 'machine-3', 'A third']);
      });
    });
  });

  it('tells a daemon that nobody approved it yet, and makes nothing', async () => {
    const before = (await devices()).length;
    await start();
    expect(await claim()).toEqual([{ workspace_id: null, machine_id: 'machine-1', approved_by: null }]);
    expect(await approve()).toEqual(APPROVED);
    expect(await devices()).toHaveLength(before);
  });

  it('binds its workspace for the rest of the transaction, so that the audit entry commits with the device', async () => {
    await start();
    await approve();
    await inTransaction(api, {}, async (client) => {
      await client.query('SELECT halton.claim_pairing($1, $2, $3)', [codes.device, randomUUID(), randomHash()]);
      await appendAudit(client, tenant.ownerId, 'device.paired', 'machine-1');
      expect((await client.query<{ id: string }>('SELECT workspace_id AS id FROM halton.workspaces')).rows).toEqual([{ id: tenant.workspaceId }]);
    });
    expect(await rowsOf(bindingOf(tenant), "SELECT FROM halton.audit_log WHERE action = 'device.paired'")).toHaveLength(1);
    expect(await rowsOf({}, 'SELECT FROM halton.workspaces')).toEqual([]);
  });
});

describe('HM-DEV-1: a code', () => {
  it('is approved once', async () => {
    await start();
    expect(await approve()).toEqual(APPROVED);
    expect(await approve()).toEqual([]);
    expect(await approve(other)).toEqual([]);
    expect(await claim()).toMatchObject([{ workspace_id: tenant.workspaceId }]);
  });

  it('is claimed once', async () => {
    await start();
    await approve();
    expect(await claim()).toHaveLength(1);
    expect(await claim()).toEqual([]);
  });

  it('is claimed once where several try at the same time', async () => {
    await start();
    await approve();
    const claims = await Promise.all([1, 2, 3, 4].map(() => claim()));
    expect(claims.filter((rows) => rows.length === 1)).toHaveLength(1);
  });

  it('is approved once where two workspaces try at the same time', async () => {
    await start();
    const approvals = await Promise.all([approve(tenant), approve(other)]);
    expect(approvals.filter((rows) => rows.length === 1)).toHaveLength(1);
  });

  it('is as good as before where the claim was rolled back', async () => {
    await start();
    await approve();
    const failing = inTransaction(api, {}, async (client) => {
      await client.query('SELECT halton.claim_pairing($1, $2, $3)', [codes.device, randomUUID(), randomHash()]);
      throw new Error('the connection broke');
    });
    await expect(failing).rejects.toThrow('the connection broke');
    expect(await claim()).toHaveLength(1);
  });

  it('is good for its one use: the one to approve claims nothing, the one to claim approves nothing', async () => {
    await start();
    expect(await approve(tenant, { ...codes, user: codes.device })).toEqual([]);
    await approve();
    expect(await claim({ ...codes, device: codes.user })).toEqual([]);
  });

  it('is worth nothing once it has expired, approved or not', async () => {
    await start();
    await expire();
    expect(await approve()).toEqual([]);
    expect(await claim()).toEqual([]);
    codes = { device: randomHash(), user: randomHash() };
    await start();
    await approve();
    await expire();
    expect(await claim()).toEqual([]);
  });

  it('that is taken is not given twice, and is free again when it has expired', async () => {
    await start();
    expect(await start({ device: randomHash(), user: codes.user }, 'machine-2')).toBeNull();
    expect(await start({ device: codes.device, user: randomHash() }, 'machine-2')).toBeNull();
    await expire();
    expect(await start(codes, 'machine-2')).toEqual(expect.any(Date));
  });

  it('is approved in a bound workspace only', async () => {
    await start();
    const unbound = rowsOf({}, 'SELECT * FROM halton.approve_pairing($1, $2)', [codes.user, tenant.ownerId]);
    await expect(unbound).rejects.toMatchObject({ code: 'HM001' });
    const madeUp = rowsOf({ workspaceId: randomUUID() }, 'SELECT * FROM halton.approve_pairing($1, $2)', [codes.user, tenant.ownerId]);
    await expect(madeUp).rejects.toMatchObject({ code: 'HM001' });
  });

  it('stands as a hash of 32 bytes, which nobody reads', async () => {
    await expect(start({ device: Buffer.from('the code itself'), user: codes.user })).rejects.toMatchObject(CHECKED);
    await expect(start({ device: codes.device, user: Buffer.from('the code itself') })).rejects.toMatchObject(CHECKED);
    for (const login of ['halton_api_a', 'halton_jobs', 'halton_support', 'halton_analytics'] as const) {
      const pool = poolAs(postgres, database, login, 1);
      await expect(pool.query('SELECT FROM halton.pairings')).rejects.toMatchObject(DENIED);
      await pool.end();
    }
  });
});

describe('HM-DEV-2, HM-DEV-3: a device', () => {
  it('comes by pairing only, and keeps the machine and the token that it came with', async () => {
    for (const text of [
      "INSERT INTO halton.devices (workspace_id, device_id, machine_id, name, token_hash, paired_by) SELECT workspace_id, gen_random_uuid(), 'm', 'n', sha256('x'), 'u' FROM halton.workspaces",
      "UPDATE halton.devices SET machine_id = 'another'",
      "UPDATE halton.devices SET token_hash = sha256('another')",
      'UPDATE halton.devices SET workspace_id = gen_random_uuid()',
      'DELETE FROM halton.devices',
    ]) {
      await expect(rowsOf(bindingOf(tenant), text)).rejects.toMatchObject(DENIED);
    }
  });

  it('is found by its token in its own workspace only, with its machine beside it', async () => {
    const token = randomHash();
    await start();
    await approve();
    await rowsOf({}, 'SELECT * FROM halton.claim_pairing($1, $2, $3)', [codes.device, randomUUID(), token]);
    const byToken = 'SELECT machine_id FROM halton.devices WHERE token_hash = $1';
    expect(await rowsOf(bindingOf(tenant), byToken, [token])).toEqual([{ machine_id: 'machine-1' }]);
    expect(await rowsOf(bindingOf(other), byToken, [token])).toEqual([]);
    expect(await rowsOf({}, byToken, [token])).toEqual([]);
  });
});
