import { readFileSync } from 'node:fs';
import pg from 'pg';
import { describeSchema } from '../../db/describe/index.ts';
import { TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
let superuser: pg.Client;
let written: readonly string[];
beforeAll(async () => {
  postgres = await TestPostgres.start();
  superuser = new pg.Client(postgres.superuser(await postgres.migrated()));
  await superuser.connect();
  written = (await describeSchema(superuser)).split('\n');
});
afterAll(async () => {
  await superuser.end();
  await postgres.stop();
});

/** The lines of one list that another has not, or not as often; a comma only tells that another line follows. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = others.map((line) => line.replace(/,$/, ''));
  return lines.map((line) => line.replace(/,$/, '')).filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** Which lines are gone, and which are there, after something was changed. */
async function afterChanging(sql: string): Promise<readonly string[]> {
  await superuser.query('BEGIN');
  try {
    await superuser.query(sql);
    const changed = (await describeSchema(superuser)).split('\n');
    return [...without(written, changed).map((line) => `- ${line.trim()}`), ...without(changed, written).map((line) => `+ ${line.trim()}`)];
  } finally {
    await superuser.query('ROLLBACK');
  }
}

describe('db/schema.sql', () => {
  it('is what the migrations make', () => {
    expect(readFileSync('db/schema.sql', 'utf8').split('\n')).toEqual(written);
  });

  it('is the same from any login', async () => {
    const client = new pg.Client(postgres.asLogin(await postgres.migrated(), 'halton_analytics'));
    await client.connect();
    expect((await describeSchema(client)).split('\n')).toEqual(written);
    await client.end();
  });
});

describe('the description of a schema', () => {
  it.each<readonly [what: string, sql: string, lines: readonly string[]]>([
    ['a column', 'ALTER TABLE halton.projects ADD colour text', ['+ colour text']],
    ['a type', 'ALTER TABLE halton.schema_versions ALTER serves TYPE bigint', ['- serves integer NOT NULL', '+ serves bigint NOT NULL']],
    ['NOT NULL', 'ALTER TABLE halton.plans ALTER rank DROP NOT NULL', ['- rank smallint NOT NULL', '+ rank smallint']],
    ['a collation', 'ALTER TABLE halton.plans ALTER plan TYPE text COLLATE "C"', ['- plan text NOT NULL', '+ plan text COLLATE "C" NOT NULL']],
    ['a default', 'ALTER TABLE halton.workspaces ALTER retention_days SET DEFAULT 90', ['- retention_days integer NOT NULL DEFAULT 365', '+ retention_days integer NOT NULL DEFAULT 90']],
    ['a generated column', 'ALTER TABLE halton.plans ADD twice integer GENERATED ALWAYS AS (rank * 2) STORED', ['+ twice integer GENERATED ALWAYS AS ((rank * 2)) STORED']],
    ['a storage', 'ALTER TABLE halton.request_bodies ALTER sealed SET STORAGE MAIN', [
      '- ALTER TABLE halton.request_bodies ALTER COLUMN sealed SET STORAGE EXTERNAL;',
      '+ ALTER TABLE halton.request_bodies ALTER COLUMN sealed SET STORAGE MAIN;',
    ]],
    ['a setting of a table', 'ALTER TABLE halton.plans SET (fillfactor = 70)', ['+ ALTER TABLE halton.plans SET (fillfactor=70);']],
    ['a check', 'ALTER TABLE halton.plans ADD CHECK (rank > 0) NOT VALID', ['+ CONSTRAINT plans_rank_check CHECK ((rank > 0)) NOT VALID']],
    ['a foreign key', 'ALTER TABLE halton.siem_outbox DROP CONSTRAINT siem_outbox_workspace_id_sequence_fkey', [
      '- CONSTRAINT siem_outbox_workspace_id_sequence_fkey FOREIGN KEY (workspace_id, sequence) REFERENCES halton.audit_log(workspace_id, sequence)',
    ]],
    ['an index', 'DROP INDEX halton.members_user', ['- CREATE INDEX members_user ON halton.members USING btree (user_id);']],
    ['a trigger that fires less', 'ALTER TABLE halton.support_grants ENABLE TRIGGER guard_support_window', ['- ALTER TABLE halton.support_grants ENABLE ALWAYS TRIGGER guard_support_window;']],
    ['a trigger', 'DROP TRIGGER guard_head ON halton.audit_heads', [
      '- CREATE TRIGGER guard_head BEFORE DELETE OR UPDATE ON halton.audit_heads FOR EACH ROW EXECUTE FUNCTION halton.guard_head();',
      '- ALTER TABLE halton.audit_heads ENABLE ALWAYS TRIGGER guard_head;',
    ]],
    ['a wall', 'ALTER TABLE halton.projects NO FORCE ROW LEVEL SECURITY', [
      '- ALTER TABLE halton.projects ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;',
      '+ ALTER TABLE halton.projects ENABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;',
    ]],
    ['a policy', 'ALTER POLICY own_view ON halton.prompt_views TO PUBLIC', [
      '- CREATE POLICY own_view ON halton.prompt_views AS RESTRICTIVE FOR INSERT TO halton_api',
      '+ CREATE POLICY own_view ON halton.prompt_views AS RESTRICTIVE FOR INSERT TO PUBLIC',
    ]],
    ['an owner', 'ALTER TABLE halton.plans OWNER TO halton_purger', expect.arrayContaining(['+ ALTER TABLE halton.plans OWNER TO halton_purger;'])],
    ['a grant', 'GRANT SELECT ON halton.plans TO PUBLIC', ['+ GRANT SELECT ON halton.plans TO PUBLIC;']],
    ['a grant that may be handed on', 'GRANT INSERT ON halton.plans TO halton_api WITH GRANT OPTION', ['+ GRANT INSERT ON halton.plans TO halton_api WITH GRANT OPTION;']],
    ['a grant on a column', 'GRANT UPDATE (name, rank) ON halton.plans TO halton_analytics', ['+ GRANT UPDATE (name, rank) ON halton.plans TO halton_analytics;']],
    ['a grant on a schema', 'GRANT CREATE ON SCHEMA halton TO halton_jobs', ['- GRANT USAGE ON SCHEMA halton TO halton_jobs;', '+ GRANT CREATE, USAGE ON SCHEMA halton TO halton_jobs;']],
    ['what will be granted', 'ALTER DEFAULT PRIVILEGES FOR ROLE halton_owner GRANT SELECT ON TABLES TO halton_jobs', [
      expect.stringMatching(/^\+ -- Default privileges of halton_owner, on tables: \{.*halton_jobs=r\/halton_owner/) as string,
    ]],
    ['with whose rights a function acts', 'ALTER FUNCTION halton.enter_support() SECURITY INVOKER', ['- SECURITY DEFINER']],
    ['the body of a function', "CREATE OR REPLACE FUNCTION halton.bound_user() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN 'me'", [
      "- RETURN NULLIF(current_setting('halton.user_id'::text, true), ''::text);",
      "+ RETURN 'me'::text;",
    ]],
    ['who owns a function', 'ALTER FUNCTION halton.enter_support() OWNER TO halton_owner', [
      '- ALTER ROUTINE halton.enter_support() OWNER TO halton_auditor;',
      '+ ALTER ROUTINE halton.enter_support() OWNER TO halton_owner;',
    ]],
    ['who calls a function', 'GRANT EXECUTE ON FUNCTION halton.enter_support() TO PUBLIC', ['+ GRANT EXECUTE ON ROUTINE halton.enter_support() TO PUBLIC;']],
    ['how a view reads', 'ALTER VIEW halton_analytics.last_30_days SET (security_invoker = false)', [
      '- CREATE VIEW halton_analytics.last_30_days WITH (security_invoker=true) AS',
      '+ CREATE VIEW halton_analytics.last_30_days WITH (security_invoker=false) AS',
    ]],
  ])('tells %s', async (_, sql, lines) => {
    expect(await afterChanging(sql)).toEqual(lines);
  });

  it.each([
    ['relation of kind S halton.numbers', 'CREATE SEQUENCE halton.numbers'],
    ['relation of kind m halton.copy, type halton.copy', 'CREATE MATERIALIZED VIEW halton.copy AS SELECT 1'],
    ['type halton.mood', "CREATE TYPE halton.mood AS ENUM ('good')"],
    ['routine halton.total(integer)', 'CREATE AGGREGATE halton.total (integer) (SFUNC = int4pl, STYPE = integer)'],
    ['rule nothing on halton.plans', 'CREATE RULE nothing AS ON DELETE TO halton.plans DO INSTEAD NOTHING'],
    ['statistics halton.pair', 'CREATE STATISTICS halton.pair ON name, rank FROM halton.plans'],
  ])('does not pass over what it cannot describe: %s', async (object, sql) => {
    await expect(afterChanging(sql)).rejects.toThrow(`Got ${object}, expected tables, views and routines alone.`);
  });
});
