import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { inTransaction } from '../../../db/transaction.ts';
import { appendEntries, both, verdictsOf } from '../../support/audit.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { bindingOf, poolAs } from '../../support/tenants.ts';
import { newTenants, troubleWith, writeAtOnce } from '../../support/writers.ts';

const WRITERS = 8;
const ENTRIES = 25;

let postgres: TestPostgres;
let api: Pool;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  api = poolAs(postgres, await postgres.migrated(), 'halton_api_a', WRITERS);
});
afterAll(async () => {
  await api.end();
  await postgres.stop();
});

describe('HP-AUD-3: eight writers at once make no fork and no gap, as both verifiers find', () => {
  test.each([100, 1])('on %i workspaces', async (workspaces) => {
    const acknowledged = await writeAtOnce(api, await newTenants(api, workspaces), WRITERS, ENTRIES);
    expect([...acknowledged.values()].flat()).toHaveLength(WRITERS * ENTRIES);
    expect(await troubleWith(api, acknowledged)).toEqual([]);
  });

  it('and where each of them would be the first to write', async () => {
    const tenant = { workspaceId: randomUUID(), organisationId: randomUUID(), ownerId: 'user_1' };
    await inTransaction(api, bindingOf(tenant), async (client) => {
      await client.query("INSERT INTO halton.organisations (organisation_id, name) VALUES ($1, 'An organisation')", [tenant.organisationId]);
      await client.query("INSERT INTO halton.workspaces (workspace_id, organisation_id, name) VALUES ($1, $2, 'A workspace')", [tenant.workspaceId, tenant.organisationId]);
    });
    await Promise.all(Array.from({ length: WRITERS }, () => appendEntries(api, tenant, 1)));
    expect(await verdictsOf(api, tenant)).toEqual(both(`${WRITERS} verified`));
  });
});
