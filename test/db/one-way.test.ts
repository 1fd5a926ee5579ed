import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { inTransaction } from '../../db/transaction.ts';
import { furnish } from '../support/furnish.ts';
import { TestPostgres } from '../support/postgres.ts';
import { bindingOf, newTenant, poolAs } from '../support/tenants.ts';
import type { Tenant } from '../support/tenants.ts';

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

const write = (text: string, values: readonly unknown[] = []) => inTransaction(api, bindingOf(tenant), (client) => client.query(text, [...values]));

describe('what only goes one way', () => {
  it.each(['devices', 'api_keys', 'support_grants'])('is a revocation of %s', async (table) => {
    await write(`UPDATE halton.${table} SET revoked_at = '2026-01-01', revoked_by = 'user'`);
    for (const change of ['revoked_at = NULL, revoked_by = NULL', "revoked_by = 'user_other'", 'revoked_at = now()']) {
      await expect(write(`UPDATE halton.${table} SET ${change}`)).rejects.toMatchObject({ code: 'HM003' });
    }
    expect((await write(`UPDATE halton.${table} SET revoked_at = '2026-01-01', revoked_by = 'user'`)).rowCount).toBe(1);
  });

  it('is that something was taken out of a request', async () => {
    await write('UPDATE halton.requests SET redaction_applied = true');
    await write('UPDATE halton.requests SET redaction_applied = true');
    await expect(write('UPDATE halton.requests SET redaction_applied = false')).rejects.toMatchObject({ code: 'HM003' });
  });
});

describe('what is no number that sums can be made of', () => {
  it('is no cost', async () => {
    await expect(write("INSERT INTO halton.requests (workspace_id, request_id, occurred_at, provider, model, input_tokens, output_tokens, cost_usd, user_id) VALUES ($1, 'nan', now(), 'p', 'm', 1, 1, 'NaN', 'u')", [tenant.workspaceId])).rejects.toMatchObject({ code: '23514' });
  });

  it.each(['input_rate', 'output_rate', 'cached_rate'])('is no %s', async (rate) => {
    await expect(write(`UPDATE halton.pricing_overrides SET ${rate} = 'NaN'`)).rejects.toMatchObject({ code: '23514', constraint: `pricing_overrides_${rate}_check` });
  });
});

describe('an entry of the audit log that no export could write', () => {
  it.each([
    ['infinity', 2], ['-infinity', 2], ['0001-12-31 23:59:59+00 BC', 2], ['10000-01-01 00:00:00+00', 2], ['294276-12-31 23:59:59.999999+00', 2],
    ['now', '9223372036854775807'], ['now', '1000000000000000000'],
  ])('is none, by the time %s and the sequence %s', async (at, sequence) => {
    const inserting = postgres.asSuperuser("INSERT INTO halton.audit_log VALUES ($1, $2, $3, 'job', 'a', 'a.b', '', '{}', sha256($4), sha256('x'))", [tenant.workspaceId, sequence, at, randomUUID()], database);
    await expect(inserting).rejects.toMatchObject({ code: '23514' });
  });
});

describe('what no route needs', () => {
  it.each([
    ['makes an administrator of an organisation', "INSERT INTO halton.organisation_admins (organisation_id, user_id) VALUES (halton.bound_organisation(), 'user')"],
    ['removes one', 'DELETE FROM halton.organisation_admins'],
    ['renames an organisation', "UPDATE halton.organisations SET name = 'Another'"],
  ])('the API cannot do either: it never %s', async (_, text) => {
    await expect(write(text)).rejects.toMatchObject({ code: '42501' });
  });
});
