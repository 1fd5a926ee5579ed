import { lintLocks } from '../../db/lint/locks.ts';
import { readRelease } from '../../db/release.ts';
import { laterRelease } from '../support/migrations.ts';
import type { LaterMigration } from '../support/migrations.ts';

const THIS = readRelease();
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
    ['takes-the-table', 'SELECT 1; LOCK TABLE halton.projects', "SELECT 'x; LOCK TABLE halton.projects'"],
    ['takes-the-table', '/* Now */ TRUNCATE halton.idempotency_keys', '/* TRUNCATE halton.idempotency_keys; */ SELECT 1'],
    ['takes-the-table', 'ALTER TABLE halton.requests SET UNLOGGED', 'ALTER TABLE halton.requests SET (fillfactor = 90)'],
    [
      'takes-the-table',
      'CREATE TRIGGER late BEFORE UPDATE ON halton.projects FOR EACH ROW EXECUTE FUNCTION halton.refuse_change()',
      'CREATE TABLE halton.notes (id uuid PRIMARY KEY); CREATE TRIGGER early BEFORE UPDATE ON halton.notes FOR EACH ROW EXECUTE FUNCTION halton.refuse_change()',
    ],
    ['takes-the-table', 'DO $$ BEGIN EXECUTE format($f$LOCK TABLE %s$f$, 1); END $$', "DO $$ BEGIN RAISE NOTICE 'no LOCK'; END $$"],
    ['keeps-triggers-on', 'ALTER TABLE halton.audit_log DISABLE TRIGGER append_only', 'ALTER TABLE halton.audit_log ENABLE ALWAYS TRIGGER append_only'],
    ['changes-rows-in-batches', "-- All.\nUPDATE halton.requests SET model = 'x'", "INSERT INTO halton.plans VALUES ('huge', 'Huge', 9, true, true, true)"],
    ['changes-rows-in-batches', 'SELECT 1; DELETE FROM ONLY halton.requests', 'GRANT UPDATE (name), DELETE ON halton.projects TO halton_purger'],
    ['changes-rows-in-batches', 'WITH old AS (SELECT 1) DELETE FROM halton.requests', "COMMENT ON TABLE halton.projects IS 'UPDATE halton.requests SET x'"],
    ['changes-rows-in-batches', "DO $$ BEGIN IF true THEN UPDATE halton.requests SET model = 'x'; END IF; END $$", 'CREATE FUNCTION halton.later() RETURNS void LANGUAGE sql BEGIN ATOMIC SELECT 1; END'],
    ['hides-nothing', 'DO $$ BEGIN ALTER TABLE halton.projects ADD CHECK (true); END $$', 'DO $$ BEGIN PERFORM 1; END $$'],
    ['hides-nothing', "DO $$ BEGIN EXECUTE 'ALTER TABLE halton.projects ADD CHECK (true)'; END $$", "DO $$ BEGIN EXECUTE 'GRANT SELECT ON halton.projects TO halton_purger'; END $$"],
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
    const rename = (ignore: string) => rulesOf({ name: 'rename', sql: `SELECT 1;\n${ignore}\nUPDATE halton.plans SET name = 'Alone'` });
    expect(rename('-- lint-ignore changes-rows-in-batches -- Four rows.')).toEqual([]);
    expect(rename('-- lint-ignore changes-rows-in-batches')).toEqual(['changes-rows-in-batches', 'ignores-with-a-reason']);
    expect(rename('-- lint-ignore takes-the-table -- Four rows.')).toEqual(['changes-rows-in-batches']);
  });
});
