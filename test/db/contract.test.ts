import pg from 'pg';
import { judgeContract, readSurface } from '../../db/lint/contract.ts';
import type { Surface } from '../../db/lint/contract.ts';
import { prepareDatabase } from '../../db/prepare.ts';
import { readRelease } from '../../db/release.ts';
import { RELEASES } from '../../db/releases.ts';
import { releaseUpTo } from '../support/migrations.ts';
import { PASSWORDS, TestPostgres } from '../support/postgres.ts';

const THIS = readRelease();
/** As long as no release was made, there is none to take anything from. */
const LAST = RELEASES.at(-1) ?? THIS.version;

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
    ['a call', 'REVOKE EXECUTE ON FUNCTION halton.bound_user() FROM halton_support', 'EXECUTE on halton.bound_user() for halton_support'],
    ['a default', 'ALTER TABLE halton.requests ALTER cached_tokens DROP DEFAULT', 'default of halton.requests.cached_tokens'],
    ['a key', 'ALTER TABLE halton.projects DROP CONSTRAINT projects_workspace_id_name_key', 'key of halton.projects: btree (workspace_id, name)'],
    ['a policy', 'DROP POLICY own_memberships ON halton.members', 'policy own_memberships on halton.members'],
    ['what a policy lets through', 'ALTER POLICY own_memberships ON halton.members USING (false)', 'policy own_memberships on halton.members'],
    ['a schema', 'REVOKE USAGE ON SCHEMA halton_analytics FROM halton_analytics', 'USAGE on schema halton_analytics for halton_analytics'],
    ['a membership', "RESET ROLE; DELETE FROM pg_auth_members WHERE member = 'halton_api_b'::regrole; SET LOCAL ROLE halton_owner", 'halton_api_b in halton_api'],
  ])('that takes away %s says who no longer needs it', async (_, sql, gone) => {
    const after = await following(sql, 1);
    expect(judgeContract(before, after)).toContainEqual({ rule: 'contraction-moves-serves', why: expect.stringContaining(gone) as string });
    expect(judgeContract(before, { ...after, serves: THIS.version })).toEqual([]);
  });

  it.each([
    ['a check', 'ALTER TABLE halton.projects ADD CONSTRAINT short CHECK (length(name) < 20) NOT VALID', 'halton.projects: CHECK ((length(name) < 20)) NOT VALID'],
    ['a value', 'ALTER TABLE halton.projects ADD colour text NOT NULL', 'halton.projects: a value for colour'],
    ['a value that was optional', 'ALTER TABLE halton.requests ALTER latency_ms SET NOT NULL', 'halton.requests: a value for latency_ms'],
    ['a reference', 'ALTER TABLE halton.policies ADD FOREIGN KEY (workspace_id, updated_by) REFERENCES halton.members NOT VALID', 'halton.policies: FOREIGN KEY (workspace_id, updated_by)'],
    ['a key', 'CREATE UNIQUE INDEX one_model ON halton.requests (workspace_id, model)', 'halton.requests: unique btree (workspace_id, model)'],
    ['a restrictive policy', 'CREATE POLICY fewer ON halton.projects AS RESTRICTIVE TO halton_api USING (archived_at IS NULL)', 'halton.projects: restrictive policy fewer'],
  ])('that asks for %s says who gives it', async (_, sql, asked) => {
    const after = await following(sql, 1);
    expect(judgeContract(before, after)).toContainEqual({ rule: 'demands-move-serves', why: expect.stringContaining(asked) as string });
    expect(judgeContract(before, { ...after, serves: THIS.version })).toEqual([]);
  });

  it('asks what it likes of tables that are new', async () => {
    expect(judgeContract(before, await following('CREATE TABLE halton.notes (note_id uuid PRIMARY KEY, note text NOT NULL CHECK (length(note) > 0))', 1))).toEqual([]);
  });

  it('that does not serve the one before is refused', async () => {
    expect(judgeContract(before, await following('ALTER TABLE halton.projects DROP COLUMN archived_at', THIS.version + 1))).toEqual([
      { rule: 'serves-the-release-before', why: expect.stringContaining(`Release ${THIS.version} is the one before`) as string },
    ]);
  });
});
