import { globSync, readFileSync } from 'node:fs';
import pg from 'pg';
import type { Pool } from 'pg';
import * as repository from '../../../db/audit/append.ts';
import { errorCode } from '../../../db/errors.ts';
import { LOGINS, MIGRATOR_LOGIN } from '../../../db/roles.ts';
import { appendEntries, both, exportOf, verdictsOf } from '../../support/audit.ts';
import { TestPostgres } from '../../support/postgres.ts';
import { newTenant, poolAs } from '../../support/tenants.ts';
import type { Tenant } from '../../support/tenants.ts';

let postgres: TestPostgres;
let database: string;
let api: Pool;
let tenant: Tenant;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  api = poolAs(postgres, database);
  tenant = await newTenant(api, { siemStream: true });
  await appendEntries(api, tenant, 2);
});
afterEach(async () => {
  expect(await verdictsOf(api, tenant)).toEqual(both('3 verified'));
  expect(await exportOf(api, tenant)).toHaveLength(3);
});
afterAll(async () => {
  await api.end();
  await postgres.stop();
});

/** How statements end in a session of their own: the SQLSTATE of one, or how many rows the last of them changed. */
async function endOf(connection: pg.ClientConfig, ...statements: readonly string[]): Promise<string> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    await client.query("SELECT set_config('halton.workspace_id', $1, false)", [tenant.workspaceId]);
    let changed: number | null = 0;
    for (const statement of statements) changed = (await client.query(statement)).rowCount;
    return `${changed} rows`;
  } catch (error) {
    return errorCode(error);
  } finally {
    await client.end();
  }
}

const INSERT = "INSERT INTO halton.audit_log SELECT workspace_id, 99, recorded_at, actor_kind, actor, action, target, details, sha256('x'), hash FROM halton.audit_log";
const TOUCH = [
  "UPDATE halton.audit_log SET details = '{}'",
  'DELETE FROM halton.audit_log',
  'TRUNCATE halton.audit_log CASCADE',
  `${INSERT} WHERE sequence = 3 ON CONFLICT (workspace_id, sequence) DO UPDATE SET details = '{}'`.replace('99', '3'),
  'MERGE INTO halton.audit_log l USING halton.audit_log s ON l.sequence = s.sequence AND l.workspace_id = s.workspace_id WHEN MATCHED THEN DELETE',
  'UPDATE halton.audit_heads SET sequence = sequence - 1',
  'DELETE FROM halton.audit_heads',
  'TRUNCATE halton.audit_heads',
];

describe('HP-AUD-2, HM-AUD-5: what the service is made of only appends', () => {
  it('the repository has one function', () => {
    expect(Object.keys(repository)).toEqual(['appendAudit']);
  });

  it('no other source writes the tables', () => {
    const sources = globSync(['api/**/*.ts', 'db/**/*.ts', 'lambda/**/*.ts']);
    expect(sources).toContain('db/audit/export.ts');
    const writing = sources.filter((file) => /(INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|MERGE\s+INTO|COPY)\s+(halton\.)?audit_(log|heads)/i.test(readFileSync(file, 'utf8')));
    expect(writing).toEqual([]);
  });

  it('of the functions in the database one writes the log, beside the purge of a workspace', async () => {
    const functions = await postgres.asSuperuser<{ name: string }>(
      `SELECT proname AS name FROM pg_proc WHERE pronamespace = 'halton'::regnamespace AND prokind = 'f'
         AND coalesce(prosrc, '') || coalesce(pg_get_function_sqlbody(oid), '') ~ 'audit_(log|heads)' ORDER BY 1`, [], database,
    );
    expect(functions.map(({ name }) => name)).toEqual(['audit_append', 'guard_head', 'purge_batch', 'purged_tables', 'verify_audit']);
  });
});

describe('HP-AUD-2, HM-AUD-5: no login may do anything but append', () => {
  const ways = [
    ...TOUCH,
    INSERT,
    'INSERT INTO halton.audit_heads VALUES (gen_random_uuid(), 0, sha256(\'\'))',
    'COPY halton.audit_log FROM STDIN',
    'SELECT FROM halton.audit_log FOR UPDATE',
    'ALTER TABLE halton.audit_log DISABLE TRIGGER ALL',
    'ALTER TABLE halton.audit_log NO FORCE ROW LEVEL SECURITY',
    'DROP TRIGGER append_only ON halton.audit_log',
    'DROP TABLE halton.audit_log CASCADE',
    'CREATE RULE quiet AS ON INSERT TO halton.audit_log DO INSTEAD NOTHING',
    "SET session_replication_role = 'replica'",
    'SET ROLE halton_auditor',
    'SET ROLE halton_purger',
  ];
  const logins = LOGINS.filter((login) => login !== MIGRATOR_LOGIN);

  test.each(ways)('%s', async (statement) => {
    // The login of analytics would be refused for being read-only, which it could change.
    const ends = await Promise.all(logins.map(async (login) => [login, await endOf(postgres.asLogin(database, login), 'SET default_transaction_read_only = off', statement)]));
    expect(Object.fromEntries(ends)).toEqual(Object.fromEntries(logins.map((login) => [login, '42501'])));
  });

  it('nor the part of the owner, but for the migrator', async () => {
    for (const login of logins) expect(await endOf(postgres.asLogin(database, login), 'SET ROLE halton_owner')).toBe('42501');
  });
});

describe('HP-AUD-2: triggers refuse whoever has every privilege', () => {
  const ways = [...TOUCH, 'TRUNCATE halton.workspaces CASCADE', 'TRUNCATE halton.plans, halton.workspaces CASCADE'];

  test.each(ways)('the superuser: %s', async (statement) => {
    expect(await endOf(postgres.superuser(database), statement)).toBe('HM003');
  });

  test.each(ways)('a session that plays a replica: %s', async (statement) => {
    expect(await endOf(postgres.superuser(database), "SET session_replication_role = 'replica'", statement)).toBe('HM003');
  });

  test.each(ways.filter((way) => way.startsWith('TRUNCATE')))('the owner: %s', async (statement) => {
    expect(await endOf(postgres.asLogin(database, 'halton_migrator'), 'SET ROLE halton_owner', statement)).toBe('HM003');
  });

  test.each(TOUCH.filter((way) => !way.startsWith('TRUNCATE')))('the owner, who sees no row and with row-level security taken away is refused: %s', async (statement) => {
    const owner = postgres.asLogin(database, 'halton_migrator');
    expect(await endOf(owner, 'SET ROLE halton_owner', statement)).toBe('0 rows');
    const away = ['audit_log', 'audit_heads'].map((table) => `ALTER TABLE halton.${table} NO FORCE ROW LEVEL SECURITY`);
    expect(await endOf(owner, 'SET ROLE halton_owner', 'BEGIN', ...away, statement)).toBe('HM003');
  });

  test.each(['DELETE FROM halton.audit_log', 'DELETE FROM halton.audit_heads'])('the role that purges, while the workspace is not due: %s', async (statement) => {
    expect(await endOf(postgres.superuser(database), 'SET ROLE halton_purger', statement)).toBe('HM003');
  });

  test.each([
    ['deleting the workspace', 'DELETE FROM halton.workspaces', '23503'],
    ['giving the workspace another id', 'UPDATE halton.workspaces SET workspace_id = gen_random_uuid()', '23503'],
  ])('%s does not take the log along', async (_, statement, code) => {
    expect(await endOf(postgres.superuser(database), statement)).toBe(code);
  });
});
