import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../db/transaction.ts';
import { BCRYPT_HASH, furnish, randomHash, recordView } from '../../support/furnish.ts';
import { cancelDeletion, requestDeletion } from '../../support/lifecycle.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { appendAudit, bindingOf, insertRequests, newTenant, poolAs } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';

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
  await furnish(api, support, tenant);
});

const asTenant = <T>(work: (client: PoolClient) => Promise<T>) => inTransaction(api, bindingOf(tenant), work);
const write = (text: string, values: readonly unknown[] = []) => asTenant(async (client) => (await client.query(text, [...values])).rowCount);
const workspace = async () => (await asTenant((client) => client.query<{ at: Date | null; by: string | null }>('SELECT deletion_requested_at AS at, deletion_requested_by AS by FROM halton.workspaces'))).rows[0];

/** Every kind of change that the API makes to what a workspace holds. */
const changes: Readonly<Record<string, () => readonly [text: string, ...values: readonly unknown[]]>> = {
  'a new member': () => ["INSERT INTO halton.members (workspace_id, user_id, role) VALUES ($1, 'user_new', 'member')", tenant.workspaceId],
  'a new role': () => ["UPDATE halton.members SET role = 'admin'"],
  'an invitation': () => ["INSERT INTO halton.invitations (workspace_id, invitation_id, email, role, token_hash, invited_by, expires_at) VALUES ($1, $2, 'c@example.com', 'member', $3, 'user', now() + interval '1 day')", tenant.workspaceId, randomUUID(), randomHash()],
  'an accepted invitation': () => ["UPDATE halton.invitations SET accepted_at = now(), accepted_by = 'user_new'"],
  'a project': () => ["INSERT INTO halton.projects (workspace_id, project_id, name) VALUES ($1, $2, 'More')", tenant.workspaceId, randomUUID()],
  'an archived project': () => ['UPDATE halton.projects SET archived_at = now()'],
  'an API key': () => ["INSERT INTO halton.api_keys (workspace_id, key_id, name, secret_hash, created_by) VALUES ($1, 'another1', 'More', $2, 'user')", tenant.workspaceId, BCRYPT_HASH],
  'a request': () => ["INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id) VALUES ($1, 'late', now(), 'p', 'm', 1, 1, 1, 'user')", tenant.workspaceId],
  'a merged redaction': () => ['UPDATE halton.requests SET redaction_applied = true'],
  'a body': () => ["INSERT INTO halton.request_bodies (workspace_id, request_id, sealed) VALUES ($1, 'furnished-2', 'gAAAAABsealed')", tenant.workspaceId],
  'a body that is replaced': () => ["UPDATE halton.request_bodies SET sealed = 'gAAAAABother'"],
  'a policy': () => ["INSERT INTO halton.policies (workspace_id, policy_id, kind, settings, updated_by) VALUES ($1, $2, 'budget', '{}', 'user')", tenant.workspaceId, randomUUID()],
  'a policy that is changed': () => ['UPDATE halton.policies SET enabled = false'],
  'a price': () => ["INSERT INTO halton.pricing_overrides (workspace_id, override_id, provider, model, input_rate, output_rate, cached_rate, effective_from, updated_by) VALUES ($1, $2, 'p', 'm', 1, 1, 1, now(), 'user')", tenant.workspaceId, randomUUID()],
  'a price that is changed': () => ['UPDATE halton.pricing_overrides SET input_rate = 2'],
  'a grant to support': () => ["INSERT INTO halton.support_grants (workspace_id, grant_id, support_email, granted_by, expires_at) VALUES ($1, $2, 'x@support.example', 'user', now() + interval '1 hour')", tenant.workspaceId, randomUUID()],
};
/** What a policy hides from DELETE is not there to be deleted; it fails nowhere. */
const removals = ['DELETE FROM halton.policies', 'DELETE FROM halton.pricing_overrides'];

/** What ends access, and what is written down about a workspace that waits. */
const stillAllowed: Readonly<Record<string, string>> = {
  'a device is revoked': "UPDATE halton.devices SET revoked_at = now(), revoked_by = 'user'",
  'an API key is revoked': "UPDATE halton.api_keys SET revoked_at = now(), revoked_by = 'user'",
  'a grant to support is revoked': "UPDATE halton.support_grants SET revoked_at = now(), revoked_by = 'user'",
  'a member is removed': 'DELETE FROM halton.members',
  'the payment provider tells that a subscription ended': "INSERT INTO halton.billing_events (workspace_id, event_id, kind, occurred_at) SELECT workspace_id, 'evt_2', 'subscription.ended', now() FROM halton.workspaces",
  'an answer is kept in case the request is sent again': "INSERT INTO halton.idempotency_keys (workspace_id, idempotency_key, request_hash, status, response) SELECT workspace_id, 'twice', sha256('x'), 200, '{}' FROM halton.workspaces",
};

describe('HM-DEL-2: a workspace whose deletion was requested', () => {
  it.each(Object.entries(changes))('takes no change any more: %s', async (_name, change) => {
    const [text, ...values] = change();
    await asTenant(async (client) => {
      await client.query('SAVEPOINT before');
      expect((await client.query(text, [...values])).rowCount).toBeGreaterThan(0);
      await client.query('ROLLBACK TO before');
    });
    await requestDeletion(api, tenant);
    await expect(write(text, values)).rejects.toMatchObject({ code: '42501', message: expect.stringContaining('row-level security') as string });
  });

  it.each(removals)('has nothing removed: %s', async (text) => {
    await requestDeletion(api, tenant);
    expect(await write(text)).toBe(0);
    await cancelDeletion(api, tenant);
    expect(await write(text)).toBe(1);
  });

  it('approves no pairing and takes no device', async () => {
    const codes = [randomHash(), randomHash()];
    for (const code of codes) await api.query("SELECT halton.start_pairing($1, $1, 'machine-3', 'A third')", [code]);
    await write('SELECT halton.approve_pairing($1, $2)', [codes[0], tenant.ownerId]);
    await requestDeletion(api, tenant);
    await expect(write('SELECT halton.approve_pairing($1, $2)', [codes[1], tenant.ownerId])).rejects.toMatchObject({ code: 'HM001' });
    await expect(write('SELECT halton.claim_pairing($1, $2, $3)', [codes[0], randomUUID(), randomHash()])).rejects.toMatchObject({ code: 'HM001' });
  });

  it.each(Object.entries(stillAllowed))('goes on where %s', async (_name, text) => {
    await requestDeletion(api, tenant);
    expect(await write(text)).toBe(1);
  });

  it('goes on writing its audit log and who looked at a prompt', async () => {
    await requestDeletion(api, tenant);
    await asTenant(async (client) => {
      await recordView(client, tenant);
      await appendAudit(client, tenant.ownerId, 'export.requests', tenant.workspaceId);
    });
    expect(await write("SELECT FROM halton.audit_log WHERE action = 'export.requests'")).toBe(1);
    expect(await write('SELECT FROM halton.prompt_views')).toBe(2);
  });

  it('can be read as before', async () => {
    await requestDeletion(api, tenant);
    expect(await write('SELECT FROM halton.requests')).toBe(3);
    expect(await write('SELECT FROM halton.request_bodies')).toBe(1);
  });

  it('is read-only within the transaction that asked, and for those that were open', async () => {
    const open = asTenant(async (client) => {
      await client.query('SELECT FROM halton.requests');
      await requestDeletion(api, tenant);
      await insertRequests(client, tenant, ['from-before']);
    });
    await expect(open).rejects.toMatchObject({ code: '42501' });
    await cancelDeletion(api, tenant);
    const asking = asTenant(async (client) => {
      await client.query("UPDATE halton.workspaces SET deletion_requested_at = now(), deletion_requested_by = 'user'");
      await insertRequests(client, tenant, ['afterwards']);
    });
    await expect(asking).rejects.toMatchObject({ code: '42501' });
  });

  it('takes changes again once the request is cancelled', async () => {
    await requestDeletion(api, tenant);
    await cancelDeletion(api, tenant);
    await asTenant((client) => insertRequests(client, tenant, ['afterwards']));
    expect(await workspace()).toEqual({ at: null, by: null });
  });

  it('is the only one that is read-only', async () => {
    const other = await newTenant(api);
    await requestDeletion(api, tenant);
    await inTransaction(api, bindingOf(other), (client) => insertRequests(client, other, ['as-ever']));
  });

  it('has exactly these ways left to be changed, whatever tables there are', async () => {
    const open = await postgres.asSuperuser<{ what: string }>(
      `SELECT format('%s %s %s', role, command, c.oid::regclass) AS what
       FROM pg_class c, unnest('{halton_api,halton_jobs}'::text[]) AS role, unnest('{INSERT,UPDATE,DELETE}'::text[]) AS command
       WHERE c.relkind IN ('r', 'p') AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'workspace_id' AND NOT attisdropped)
         AND (has_table_privilege(role, c.oid, command) OR (command <> 'DELETE' AND has_any_column_privilege(role, c.oid, command)))
         AND NOT EXISTS (SELECT FROM pg_policies p WHERE format('%I.%I', p.schemaname, p.tablename)::regclass = c.oid AND p.permissive = 'RESTRICTIVE' AND p.cmd = command
           AND role = ANY (p.roles) AND concat(p.qual, p.with_check) LIKE '%workspace_is_writable()%')
       ORDER BY 1`,
      [],
      database,
    );
    expect(open.map(({ what }) => what)).toEqual([
      'halton_api DELETE halton.members',
      'halton_api INSERT halton.billing_events',
      'halton_api INSERT halton.idempotency_keys',
      'halton_api INSERT halton.prompt_views',
      'halton_api INSERT halton.workspaces',
      'halton_api UPDATE halton.api_keys',
      'halton_api UPDATE halton.devices',
      'halton_api UPDATE halton.support_grants',
      'halton_api UPDATE halton.workspaces',
      'halton_jobs DELETE halton.siem_outbox',
      'halton_jobs UPDATE halton.request_bodies', // sealed anew with another key
    ]);
  });
});

describe("HM-DEL-2: the request's time", () => {
  it.each(['2001-01-01', '2999-01-01', '-infinity', 'infinity'])("is the database's, where %s is sent", async (sent) => {
    await write("UPDATE halton.workspaces SET deletion_requested_at = $1, deletion_requested_by = 'user'", [sent]);
    const [row] = await postgres.asSuperuser<{ now: boolean }>("SELECT clock_timestamp() - deletion_requested_at BETWEEN interval '0' AND interval '5 seconds' AS now FROM halton.workspaces WHERE workspace_id = $1", [tenant.workspaceId], database);
    expect(row).toEqual({ now: true });
  });

  it('cannot come with a new workspace', async () => {
    const inserting = write("INSERT INTO halton.workspaces (workspace_id, organisation_id, name, deletion_requested_at, deletion_requested_by) VALUES ($1, $2, 'Old', '2001-01-01', 'user')", [randomUUID(), tenant.organisationId]);
    await expect(inserting).rejects.toMatchObject({ code: '42501' });
  });

  it.each(["deletion_requested_at = '2001-01-01'", 'deletion_requested_at = now()', "deletion_requested_by = 'user_other'", "name = 'Renamed'", 'retention_days = 1', "deletion_requested_at = NULL, deletion_requested_by = NULL, name = 'Renamed'"])(
    'and all else stays while the request stands: %s',
    async (assignments) => {
      await requestDeletion(api, tenant);
      const before = await workspace();
      await expect(write(`UPDATE halton.workspaces SET ${assignments}`)).rejects.toMatchObject({ code: 'HM001' });
      expect(await workspace()).toEqual(before);
    },
  );

  it('does not come without who asked, nor stays without', async () => {
    await expect(write('UPDATE halton.workspaces SET deletion_requested_at = now()')).rejects.toMatchObject({ code: '23514' });
    await requestDeletion(api, tenant);
    await expect(write('UPDATE halton.workspaces SET deletion_requested_at = NULL')).rejects.toMatchObject({ code: '23514' });
  });
});
