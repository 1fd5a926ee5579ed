import type { Pool } from 'pg';
import { inTransaction } from '../../../db/transaction.ts';
import { appendEntries } from '../../support/audit.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { bindingOf, newTenant, poolAs } from '../../support/tenants.ts';

let postgres: TestPostgres;
let api: Pool;
let jobs: Pool;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  const database = await postgres.migrated();
  [api, jobs] = [poolAs(postgres, database), poolAs(postgres, database, 'halton_jobs')];
});
afterAll(async () => {
  await Promise.all([api.end(), jobs.end()]);
  await postgres.stop();
});

const QUEUED = 'SELECT sequence::int FROM halton.siem_outbox ORDER BY sequence';

describe('HM-AUD-4: an entry waits to be sent to the SIEM', () => {
  test.each([
    ['business_plus', true, [1, 2, 3]],
    ['enterprise', true, [1, 2, 3]],
    ['business_plus', false, []],
    ['enterprise', false, []],
    ['team', true, []],
    ['solo', true, []],
  ])('on the plan %s with the stream switched on (%s): entries %j', async (plan, siemStream, queued) => {
    const tenant = await newTenant(api, { plan, siemStream });
    await appendEntries(api, tenant, 2);
    const { rows } = await inTransaction(jobs, bindingOf(tenant), (client) => client.query<{ sequence: number }>(QUEUED));
    expect(rows.map(({ sequence }) => sequence)).toEqual(queued);
  });

  it('from when the stream is switched on, and until it is switched off', async () => {
    const tenant = await newTenant(api);
    const stream = (on: boolean) => inTransaction(api, bindingOf(tenant), (client) => client.query('UPDATE halton.workspaces SET siem_stream = $1', [on]));
    await stream(true);
    await appendEntries(api, tenant, 2);
    await stream(false);
    await appendEntries(api, tenant, 2);
    const { rows } = await inTransaction(jobs, bindingOf(tenant), (client) => client.query(QUEUED));
    expect(rows).toEqual([{ sequence: 2 }, { sequence: 3 }]);
  });

  it('until the jobs have sent it, which the API cannot say they have', async () => {
    const tenant = await newTenant(api, { siemStream: true });
    await expect(inTransaction(api, bindingOf(tenant), (client) => client.query('DELETE FROM halton.siem_outbox'))).rejects.toMatchObject({ code: '42501' });
    expect(await inTransaction(jobs, bindingOf(tenant), (client) => client.query('DELETE FROM halton.siem_outbox WHERE sequence = 1'))).toMatchObject({ rowCount: 1 });
    expect((await inTransaction(jobs, bindingOf(tenant), (client) => client.query(QUEUED))).rows).toEqual([]);
  });
});
