import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import { furnish } from '../support/furnish.ts';
import { requestDeletion } from '../support/lifecycle.ts';
import { TestPostgres } from '../support/postgres.ts';
import { asSupport, countRows, enterSupport, grantSupport, SUPPORT_EMAIL } from '../support/support-access.ts';
import { bindingOf, newTenant, poolAs } from '../support/tenants.ts';
import type { Tenant } from '../support/tenants.ts';

/** What support reads of a workspace that let it in. */
const READABLE = ['workspaces', 'members', 'projects', 'requests', 'policies', 'pricing_overrides', 'billing_events', 'audit_log', 'audit_heads'];

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
const entries = async () =>
  (await inTransaction(api, bindingOf(tenant), (client) => client.query("SELECT actor_kind, actor, target FROM halton.audit_log WHERE action = 'support.entered' AND actor = $1", [SUPPORT_EMAIL]))).rows;

describe('HM-SUP-1: without a grant', () => {
  it.each(READABLE)('support sees nothing of %s', async (table) => {
    expect(await inTransaction(api, bindingOf(tenant), (client) => countRows(client, table))).toBeGreaterThan(0);
    expect(await enter()).toBe(false);
    expect(await count(table)).toBe(0);
  });

  it('nothing is written down either', async () => {
    await enter();
    expect(await entries()).toEqual([]);
  });

  it('another workspace that gave one opens no other', async () => {
    const other = await newTenant(api);
    await grantSupport(api, other);
    expect(await asSupport(support, other, enterSupport)).toBe(true);
    expect(await enter()).toBe(false);
    expect(await asSupport(support, other, (client) => countRows(client, 'members'))).toBe(1);
    expect(await count('members')).toBe(0);
    expect(await count('workspaces')).toBe(0);
  });

  it('and unbound, support sees no workspace at all', async () => {
    await grant();
    await enter();
    for (const binding of [{}, { supportEmail: SUPPORT_EMAIL }, { workspaceId: tenant.workspaceId }]) {
      expect(await inTransaction(support, binding, (client) => countRows(client, 'workspaces'))).toBe(0);
    }
  });
});

describe('HM-SUP-1: with a grant', () => {
  it.each(READABLE)('support reads %s once it has entered, and not before', async (table) => {
    await grant();
    expect(await count(table)).toBe(0);
    expect(await enter()).toBe(true);
    expect(await count(table)).toBeGreaterThan(0);
  });

  it('every entry is written to the audit log and to the list of uses', async () => {
    const grantId = await grant();
    await enter();
    await enter();
    expect(await entries()).toEqual([1, 2].map(() => ({ actor_kind: 'support', actor: SUPPORT_EMAIL, target: grantId })));
    expect(await inTransaction(api, bindingOf(tenant), async (client) => (await client.query('SELECT FROM halton.support_uses WHERE grant_id = $1', [grantId])).rowCount)).toBe(2);
  });

  it('another email than the one that it names is let in nowhere', async () => {
    await grant();
    const another = 'eve@support.example';
    expect(await asSupport(support, tenant, enterSupport, another)).toBe(false);
    expect(await asSupport(support, tenant, (client) => countRows(client, 'requests'), another)).toBe(0);
  });

  it('nothing is seen in the transaction that enters, whose record could still be rolled back', async () => {
    await grant();
    expect(await asSupport(support, tenant, async (client) => [await enterSupport(client), await countRows(client, 'requests')])).toEqual([true, 0]);
    expect(await count()).toBe(3);
  });

  it('nothing is seen after an entry that was rolled back', async () => {
    await grant();
    const entering = asSupport(support, tenant, async (client) => {
      await enterSupport(client);
      throw new Error('rolled back');
    });
    await expect(entering).rejects.toThrow('rolled back');
    expect(await count()).toBe(0);
    expect(await entries()).toEqual([]);
  });

  it('nothing is seen within a savepoint that enters, nor from beside it before it commits', async () => {
    await grant();
    await asSupport(support, tenant, async (client) => {
      await client.query('SAVEPOINT inner_one');
      await enterSupport(client);
      await client.query('RELEASE inner_one');
      expect(await countRows(client, 'requests')).toBe(0);
      expect(await count()).toBe(0);
    });
  });

  it('support has to enter again after five minutes', async () => {
    await grant();
    await enter();
    const age = (interval: string) => postgres.asSuperuser('UPDATE halton.support_uses SET used_at = used_at - $1::interval WHERE workspace_id = $2', [interval, tenant.workspaceId], database);
    await age('4 minutes 50 seconds');
    expect(await count()).toBe(3);
    await age('10 seconds');
    expect(await count()).toBe(0);
    await enter();
    expect(await count()).toBe(3);
  });

  it('support reads on while a deletion is awaited', async () => {
    await grant();
    await requestDeletion(api, tenant);
    await enter();
    expect(await count()).toBe(3);
  });
});
