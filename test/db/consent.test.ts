import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Pool } from 'pg';
import { readRelease } from '../../db/release.ts';
import { inTransaction } from '../../db/transaction.ts';
import { query, TestPostgres } from '../support/postgres.ts';
import { bindingOf, newTenant, poolAs } from '../support/tenants.ts';
import type { Tenant } from '../support/tenants.ts';

const CONSENTS = 'halton.checkout_consent_records';
const VIEWS = 'halton.prompt_views';
const DENIED = { code: '42501' };
const APPEND_ONLY = { code: 'HM003' };
const CHECKED = { code: '23514' };

let postgres: TestPostgres;
let database: string;
let api: Pool;
let tenant: Tenant;
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  api = poolAs(postgres, database);
  tenant = await newTenant(api);
  await consent();
  await view();
});
afterAll(async () => {
  await api.end();
  await postgres.stop();
});

type Row = Readonly<Record<string, unknown>>;
const insert = (table: string, row: Row, userId = tenant.ownerId) =>
  inTransaction(api, { ...bindingOf(tenant), userId }, (client) =>
    client.query(`INSERT INTO ${table} (${Object.keys(row).map(pg.escapeIdentifier).join(', ')}) VALUES (${Object.keys(row).map((_, index) => `$${index + 1}`).join(', ')})`, Object.values(row)),
  );
const hashOf = (...wording: readonly string[]) => createHash('sha256').update(wording.join('\0')).digest('hex');
const consent = (more: Row = {}, userId = tenant.ownerId) =>
  insert(CONSENTS, { user_id: userId, plan: 'team', period: 'annual', wording_hash: hashOf('I agree.'), ip: '2001:db8::1', user_agent: 'a browser', ...more }, userId);
const view = (more: Row = {}) =>
  insert(VIEWS, { workspace_id: tenant.workspaceId, request_id: 'a-request', viewer_user_id: tenant.ownerId, subject_user_id: 'user_teammate', reason: 'A complaint', client_ip: '192.0.2.1', user_agent: 'a browser', ...more });
const read = async <Found extends pg.QueryResultRow>(table: string, binding: Parameters<typeof inTransaction>[1], columns = '*') =>
  (await inTransaction(api, binding, (client) => client.query<Found>(`SELECT ${columns} FROM ${table}`))).rows;
const columnsOf = async (table: string) =>
  (await postgres.asSuperuser<{ column: string }>("SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'required' END) AS column FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum", [table], database)).map(({ column }) => column);

describe('HC-CHK-2: a record of consent at the checkout', () => {
  it('has the documented columns, and an id', async () => {
    expect(await columnsOf(CONSENTS)).toEqual([
      'record_id uuid required', 'user_id text required', 'plan text required', 'period text required', 'wording_hash text required',
      'ip inet required', 'user_agent text required', 'timestamp timestamp with time zone required',
    ]);
  });

  it.each<[string, Row]>([
    ['a period that is not sold', { period: 'weekly' }],
    ['a user agent that was not cut', { user_agent: 'x'.repeat(513) }],
  ])('is refused with %s', async (_what, more) => {
    await expect(consent(more)).rejects.toMatchObject(CHECKED);
  });

  it('takes a user agent of 512 characters, and either period', async () => {
    await consent({ user_agent: 'ü'.repeat(512), period: 'monthly' });
  });

  it('is refused for a plan that is not sold', async () => {
    await expect(consent({ plan: 'platinum' })).rejects.toMatchObject({ code: '23503' });
  });
});

describe('HC-CHK-3: the hash of the wording', () => {
  it.each(['', 'abc', hashOf('x').toUpperCase(), `${hashOf('x')}0`, `${hashOf('x')}\n`, ` ${hashOf('x').slice(1)}`])('is 64 hexadecimal digits in lower case, and never %j', async (wording_hash) => {
    await expect(consent({ wording_hash })).rejects.toMatchObject(CHECKED);
  });

  it('stays with the old text when the wording changes', async () => {
    const userId = 'user_twice';
    for (const wording of ['the old text', 'the new text']) await consent({ wording_hash: hashOf(wording) }, userId);
    expect(await read(CONSENTS, { userId }, 'wording_hash')).toEqual([{ wording_hash: hashOf('the old text') }, { wording_hash: hashOf('the new text') }]);
  });
});

describe('HC-CHK-1: the records of consent', () => {
  it("are a user's own: nobody reads or writes another's", async () => {
    await consent({}, 'user_someone');
    expect(await read(CONSENTS, { userId: 'user_someone' }, 'user_id')).toEqual([{ user_id: 'user_someone' }]);
    expect(await read(CONSENTS, { userId: 'user_nobody' })).toEqual([]);
    expect(await read(CONSENTS, { workspaceId: tenant.workspaceId })).toEqual([]);
    await expect(consent({ user_id: 'user_someone' })).rejects.toMatchObject(DENIED);
    await expect(consent({}, '')).rejects.toMatchObject(DENIED);
  });

  it.each(['halton_jobs', 'halton_support', 'halton_analytics'] as const)('are nothing to %s', async (login) => {
    const pool = poolAs(postgres, database, login, 1);
    await expect(pool.query(`SELECT FROM ${CONSENTS}`)).rejects.toMatchObject(DENIED);
    await pool.end();
  });
});

describe('HC-VIEW-2: a record of who looked at a prompt', () => {
  it('has the documented columns, and an id', async () => {
    expect(await columnsOf(VIEWS)).toEqual([
      'workspace_id uuid required', 'view_id uuid required', 'request_id text required', 'viewer_user_id text required', 'subject_user_id text required',
      'consent_grant_id text', 'reason text required', 'viewed_at timestamp with time zone required', 'client_ip inet required', 'user_agent text required',
    ]);
  });

  it.each<[string, Row]>([
    ['no reason', { reason: '' }],
    ['a reason of more than 2000 characters', { reason: 'x'.repeat(2001) }],
    ['a user agent that was not cut', { user_agent: 'x'.repeat(513) }],
    ["a look at one's own prompt", { subject_user_id: 'SELF' }],
    ['an empty grant', { consent_grant_id: '' }],
  ])('is refused with %s', async (_what, more) => {
    await expect(view(more['subject_user_id'] === 'SELF' ? { subject_user_id: tenant.ownerId } : more)).rejects.toMatchObject(CHECKED);
  });

  it('takes a reason of 2000 characters, and the grant under which it happened', async () => {
    await view({ reason: 'ü'.repeat(2000), consent_grant_id: 'grant_1' });
  });
});

describe('HC-VIEW-1: the ledger of views', () => {
  it("takes a view as one's own only", async () => {
    await expect(view({ viewer_user_id: 'user_someone' })).rejects.toMatchObject(DENIED);
    await expect(view({ viewer_user_id: '' })).rejects.toMatchObject(DENIED);
  });

  it('is of one workspace', async () => {
    const other = await newTenant(api);
    expect(await read(VIEWS, bindingOf(tenant))).not.toEqual([]);
    expect(await read(VIEWS, bindingOf(other))).toEqual([]);
    await expect(view({ workspace_id: other.workspaceId })).rejects.toMatchObject(DENIED);
  });
});

describe.each([[CONSENTS, 'timestamp', 'record_id', consent], [VIEWS, 'viewed_at', 'view_id', view]] as const)('HC-CHK-1, HC-VIEW-1: %s', (table, time, id, add) => {
  it("has the database's time, whatever is sent", async () => {
    await expect(add({ [time]: '2001-01-01' })).rejects.toMatchObject(DENIED);
    await expect(add({ [id]: '00000000-0000-4000-8000-000000000000' })).rejects.toMatchObject(DENIED);
    await add();
    const [latest] = await postgres.asSuperuser(`SELECT clock_timestamp() - max("${time}") BETWEEN interval '0' AND interval '5 seconds' AS now FROM ${table}`, [], database);
    expect(latest).toEqual({ now: true });
  });

  it.each([`UPDATE ${table} SET user_agent = user_agent`, `DELETE FROM ${table}`, `TRUNCATE ${table}`])('is only ever appended to, by whomever: %s', async (text) => {
    await expect(inTransaction(api, bindingOf(tenant), (client) => client.query(text))).rejects.toMatchObject(DENIED);
    await expect(postgres.asSuperuser(text, [], database)).rejects.toMatchObject(APPEND_ONLY);
    await expect(query(postgres.asMaster(database), text)).rejects.toMatchObject(DENIED);
    const asReplica = `DO $$ BEGIN PERFORM set_config('session_replication_role', 'replica', true); ${text}; END $$`;
    await expect(postgres.asSuperuser(asReplica, [], database)).rejects.toMatchObject(APPEND_ONLY);
  });
});

describe('HC-SEP-1: the two records of consent', () => {
  const facts = async (table: string) => ({
    triggers: (await postgres.asSuperuser<{ name: string }>('SELECT DISTINCT tgfoid::regprocedure::text AS name FROM pg_trigger WHERE tgrelid = $1::regclass AND NOT tgisinternal', [table], database)).map(({ name }) => name),
    tables: (await postgres.asSuperuser<{ name: string }>("SELECT confrelid::regclass::text AS name FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'f'", [table], database)).map(({ name }) => name),
    policies: (await postgres.asSuperuser<{ name: string }>("SELECT DISTINCT (regexp_matches(concat(qual, with_check), 'halton\\.\\w+\\(', 'g'))[1] AS name FROM pg_policies WHERE format('%I.%I', schemaname, tablename)::regclass = $1::regclass", [table], database)).map(({ name }) => name),
  });

  it('share no trigger, no function and no table, but the binding of the transaction to a user', async () => {
    const [consents, views] = [await facts(CONSENTS), await facts(VIEWS)];
    expect(consents).toEqual({ triggers: ['halton.refuse_consent_change()'], tables: ['halton.plans'], policies: ['halton.bound_user('] });
    expect(views.triggers).toEqual(['halton.refuse_change()']);
    expect(views.tables).toEqual(['halton.workspaces']);
    expect(views.policies.toSorted()).toEqual(['halton.bound_user(', 'halton.bound_workspace(', 'halton.workspace_is_writable(']);
  });

  it('come with a migration each, in which the other does not occur', () => {
    const { folder, migrations } = readRelease();
    const makers = migrations.filter((name) => /CREATE TABLE halton\.(checkout_consent_records|prompt_views)/.test(readFileSync(join(folder, `${name}.sql`), 'utf8')));
    expect(makers).toEqual(['0008_consent', '0009_prompt_views']);
    expect(readFileSync(join(folder, '0008_consent.sql'), 'utf8')).not.toContain('prompt_views');
    expect(readFileSync(join(folder, '0009_prompt_views.sql'), 'utf8')).not.toContain('checkout_consent');
  });
});
