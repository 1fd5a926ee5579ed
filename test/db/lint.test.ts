import pg from 'pg';
import { judgeContract, readSurface } from '../../db/lint/contract.ts';
import type { Surface } from '../../db/lint/contract.ts';
import { lintLocks } from '../../db/lint/locks.ts';
import { prepareDatabase } from '../../db/prepare.ts';
import { readRelease } from '../../db/release.ts';
import { RELEASES } from '../../db/releases.ts';
import { laterRelease, releaseUpTo } from '../support/migrations.ts';
import type { LaterMigration } from '../support/migrations.ts';
import { PASSWORDS, TestPostgres } from '../support/postgres.ts';

const THIS = readRelease();
/** As long as no release was made, there is none to take anything from. */
const LAST = RELEASES.at(-1) ?? THIS.version;
const rulesOf = (...more: readonly LaterMigration[]) => lintLocks(laterRelease(...more), THIS.version).map(({ rule }) => rule);

describe('the migrations that are not released yet', () => {
  it('stop no busy service', () => {
    expect(lintLocks(THIS)).toEqual([]);
  });
});

describe('a later migration', () => {
  it.each<readonly [rule: string, refused: string, allowed: string]>([
    ['require-concurrent-index-creation', 'CREATE INDEX names ON halton.projects (workspace_id, name)', 'CREATE TABLE halton.notes (id uuid PRIMARY KEY, note text); CREATE INDEX notes_note ON halton.notes (note)'],
    ['require-concurrent-index-deletion', 'DROP INDEX halton.members_user', 'ALTER INDEX halton.members_user SET (fillfactor = 90)'],
    ['adding-field-with-default', 'ALTER TABLE halton.projects ADD code uuid DEFAULT gen_random_uuid()', "ALTER TABLE halton.projects ADD code text DEFAULT 'none'"],
    ['adding-required-field', 'ALTER TABLE halton.projects ADD colour text NOT NULL', "ALTER TABLE halton.projects ADD colour text NOT NULL DEFAULT 'grey'"],
    ['adding-not-nullable-field', 'ALTER TABLE halton.projects ALTER archived_at SET NOT NULL', 'ALTER TABLE halton.projects VALIDATE CONSTRAINT archived; ALTER TABLE halton.projects ALTER archived_at SET NOT NULL'],
    ['constraint-missing-not-valid', 'ALTER TABLE halton.projects ADD CONSTRAINT named CHECK (length(name) < 100)', 'ALTER TABLE halton.projects ADD CONSTRAINT named CHECK (length(name) < 100) NOT VALID'],
    [
      'adding-foreign-key-constraint',
      'ALTER TABLE halton.policies ADD project_id uuid REFERENCES halton.projects',
      'ALTER TABLE halton.policies ADD project_id uuid, ADD CONSTRAINT of_project FOREIGN KEY (workspace_id, project_id) REFERENCES halton.projects NOT VALID',
    ],
    ['changing-column-type', 'ALTER TABLE halton.requests ALTER latency_ms TYPE bigint', 'ALTER TABLE halton.requests ADD latency_us bigint'],
    ['require-table-schema', 'CREATE TABLE notes (id uuid)', 'CREATE TABLE halton.notes (id uuid)'],
    ['takes-the-table', 'LOCK TABLE halton.projects', 'COMMENT ON TABLE halton.projects IS $$LOCK$$'],
    ['syntax-error', 'ALTER TABLE halton.projects ADD', 'SELECT 1'],
  ])('is refused by %s, or allowed', (rule, refused, allowed) => {
    expect(rulesOf({ name: 'refused', sql: refused })).toContain(rule);
    expect(rulesOf({ name: 'allowed', sql: allowed })).toEqual([]);
  });

  it('is named with its line', () => {
    expect(lintLocks(laterRelease({ name: 'good' }, { name: 'bad', sql: '-- A comment.\nLOCK TABLE halton.projects' }), THIS.version)).toEqual([
      { rule: 'takes-the-table', migration: laterRelease({ name: 'good' }, { name: 'bad' }).migrations.at(-1), line: 2, why: expect.any(String) as string },
    ]);
  });

  it('may do to a table of the same release what it may not do to others', () => {
    const made = { name: 'made', sql: 'CREATE TABLE halton.notes (id uuid PRIMARY KEY, note text)' };
    const more = { name: 'more', sql: 'CREATE INDEX notes_note ON halton.notes (note); ALTER TABLE halton.notes ADD CHECK (length(note) > 0)' };
    expect(rulesOf(made, more)).toEqual([]);
    expect(lintLocks(laterRelease(made, more), THIS.version + 1).map(({ rule }) => rule)).toEqual(['require-concurrent-index-creation', 'constraint-missing-not-valid']);
  });

  it('is excepted with a reason alone', () => {
    const index = (ignore: string) => ({ name: 'index', sql: `SELECT 1;\n${ignore}\nCREATE INDEX names ON halton.plans (name)` });
    expect(rulesOf(index('-- squawk-ignore require-concurrent-index-creation -- Four rows.'))).toEqual([]);
    expect(rulesOf(index('-- squawk-ignore require-concurrent-index-creation'))).toEqual(['ignores-with-a-reason']);
    expect(rulesOf(index('-- squawk-ignore-file'))).toEqual(['ignores-with-a-reason']);
  });
});

describe('a release', () => {
  let postgres: TestPostgres;
  let superuser: pg.Client;
  let before: Surface;
  beforeAll(async () => {
    postgres = await TestPostgres.start();
    superuser = new pg.Client(postgres.superuser(await postgres.migrated()));
    await superuser.connect();
    before = await readSurface(superuser);
  });
  afterAll(async () => {
    await superuser.end();
    await postgres.stop();
  });

  /** What a database offers after one more migration, which is then taken back. */
  async function following(sql: string, serves: number): Promise<Surface> {
    await superuser.query('BEGIN');
    try {
      await superuser.query(`SET LOCAL ROLE halton_owner; ${sql}; INSERT INTO halton.schema_versions (version, serves) VALUES (${THIS.version + 1}, ${serves}); RESET ROLE`);
      return await readSurface(superuser);
    } finally {
      await superuser.query('ROLLBACK');
    }
  }

  it('takes nothing away that the last one relies on, and serves it', async () => {
    const last = await postgres.empty();
    await prepareDatabase(postgres.asMaster(last), PASSWORDS, releaseUpTo(LAST));
    const client = new pg.Client(postgres.asLogin(last));
    await client.connect();
    expect(judgeContract(await readSurface(client), before)).toEqual([]);
    await client.end();
  });

  it('that only adds may serve whom it served', async () => {
    const after = await following('ALTER TABLE halton.projects ADD colour text; GRANT UPDATE (colour) ON halton.projects TO halton_api', 1);
    expect(judgeContract(before, after)).toEqual([]);
  });

  it.each([
    ['a column', 'ALTER TABLE halton.projects DROP COLUMN archived_at', 'column halton.projects.archived_at timestamp with time zone'],
    ['a table', 'DROP TABLE halton.idempotency_keys', 'column halton.idempotency_keys.idempotency_key text NOT NULL'],
    ['a name', 'ALTER TABLE halton.projects RENAME name TO title', 'column halton.projects.name text NOT NULL'],
    ["a table's name", 'ALTER TABLE halton.policies RENAME TO rules', 'column halton.policies.policy_id uuid NOT NULL'],
    ['a type', 'ALTER TABLE halton.schema_versions ALTER serves TYPE bigint', 'column halton.schema_versions.serves integer NOT NULL'],
    ['a NULL', 'ALTER TABLE halton.requests ALTER latency_ms SET NOT NULL', 'column halton.requests.latency_ms integer'],
    ['a NOT NULL', 'ALTER TABLE halton.requests ALTER model DROP NOT NULL', 'column halton.requests.model text NOT NULL'],
    ['a view, in whatever way', "DO $$ BEGIN EXECUTE 'DROP VIEW halton_analytics.last_30_days'; END $$", 'column halton_analytics.last_30_days.day date'],
    ['a function', 'DROP FUNCTION halton.audit_genesis(uuid) CASCADE', 'routine halton.audit_genesis(uuid) returns bytea'],
    ['a grant', 'REVOKE DELETE ON halton.policies FROM halton_api', 'DELETE on halton.policies for halton_api'],
    ['a grant on a column', 'REVOKE UPDATE (archived_at) ON halton.projects FROM halton_api', 'UPDATE on halton.projects.archived_at for halton_api'],
    ['a call', 'REVOKE EXECUTE ON FUNCTION halton.support_is_in() FROM halton_support', 'EXECUTE on halton.support_is_in() for halton_support'],
  ])('that takes away %s says who no longer needs it', async (_, sql, gone) => {
    const after = await following(sql, 1);
    expect(judgeContract(before, after)).toEqual([{ rule: 'contraction-moves-serves', why: expect.stringContaining(gone) as string }]);
    expect(judgeContract(before, { ...after, serves: THIS.version })).toEqual([]);
  });

  it('that does not serve the one before is refused', async () => {
    expect(judgeContract(before, await following('ALTER TABLE halton.projects DROP COLUMN archived_at', THIS.version + 1))).toEqual([
      { rule: 'serves-the-release-before', why: expect.stringContaining(`Release ${THIS.version} is the one before`) as string },
    ]);
  });
});
