import { prepareDatabase } from '../../db/prepare.ts';
import { fillDatabase, readRows, readTables } from '../support/filled-database.ts';
import { laterRelease } from '../support/migrations.ts';
import { PASSWORDS, TestPostgres } from '../support/postgres.ts';
import type { Tenant } from '../support/tenants.ts';

let postgres: TestPostgres;
let database: string;
let tenants: readonly Tenant[];
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  tenants = await fillDatabase(postgres, database);
});
afterAll(() => postgres.stop());

describe('a filled database', () => {
  it('has rows in every table, and of every workspace where they are of workspaces', async () => {
    const rows = await readRows(postgres, database);
    const empty = (await readTables(postgres, database)).filter(({ name, ofWorkspace }) => (
      ofWorkspace ? tenants.some(({ workspaceId }) => !rows[name]?.some((row) => row['workspace_id'] === workspaceId)) : rows[name]?.length === 0
    ));
    expect(empty).toEqual([]);
  });
});

describe('the next release', () => {
  it('keeps every row of this one, which still runs on what it leaves', async () => {
    const before = await readRows(postgres, database);
    const next = laterRelease({
      name: 'more',
      sql: `ALTER TABLE halton.projects ADD colour text NOT NULL DEFAULT 'grey';
        CREATE TABLE halton.notes (workspace_id uuid PRIMARY KEY REFERENCES halton.workspaces, note text NOT NULL);
        CALL halton.isolate('halton.notes');
        ALTER TABLE halton.requests ADD CONSTRAINT cheap CHECK (cost_usd < 1000000) NOT VALID`,
    });
    await prepareDatabase(postgres.asMaster(database), PASSWORDS, next);

    const after = await readRows(postgres, database);
    expect(after['halton.schema_versions']).toHaveLength(next.version);
    for (const [table, rows] of Object.entries(before)) {
      if (table !== 'halton.schema_versions') expect({ table, rows: after[table] }).toMatchObject({ table, rows });
    }
    expect(after['halton.projects']?.map((row) => row['colour'])).toEqual(['grey', 'grey']);

    const [another] = await fillDatabase(postgres, database, 1);
    expect((await readRows(postgres, database))['halton.audit_log']).toContainEqual(expect.objectContaining({ workspace_id: another?.workspaceId, action: 'support.entered' }));
  });
});
