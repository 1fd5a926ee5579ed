import pg from 'pg';
import { EXCEPTIONS } from '../../db/catalogue/exceptions.ts';
import { judgeCatalogue, RULES } from '../../db/catalogue/index.ts';
import type { Finding } from '../../db/catalogue/rule.ts';
import { LOGINS } from '../../db/roles.ts';
import { BROKEN_GUARDS } from '../support/broken-guards.ts';
import type { Broken } from '../support/broken-guards.ts';
import { TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
let database: string;
let superuser: pg.Client;
/** In the database as the migrations make it. */
let found: readonly string[];
beforeAll(async () => {
  postgres = await TestPostgres.start();
  database = await postgres.migrated();
  superuser = new pg.Client(postgres.superuser(database));
  await superuser.connect();
  found = (await judgeCatalogue(superuser)).map(nameOf);
});
afterAll(async () => {
  await superuser.end();
  await postgres.stop();
});

const nameOf = ({ rule, object }: Finding) => `${rule}: ${object}`;

/** What else the catalogue says after something was broken, which nobody else sees. */
async function afterBreaking(sql: string): Promise<readonly string[]> {
  await superuser.query('BEGIN');
  try {
    await superuser.query(sql);
    return (await judgeCatalogue(superuser)).map(nameOf).filter((name) => !found.includes(name));
  } finally {
    await superuser.query('ROLLBACK');
  }
}

const asOwner = (sql: string) => `SET ROLE halton_owner; ${sql}; RESET ROLE`;
/** A table that keeps the rules but for what an example leaves out. */
const table = (columns: string) => `CREATE TABLE halton.notes (${columns}); CALL halton.isolate('halton.notes')`;
const unused = 'exceptions-are-used: halton_api INSERT halton.prompt_views';
const notPurged = 'purge-reaches-every-table: halton.notes';

const broken: readonly Broken[] = [
  ...BROKEN_GUARDS,
  ['a table without a wall', asOwner('CREATE TABLE halton.notes (note_id uuid PRIMARY KEY)'), ['tables-are-walled: halton.notes']],
  ['a table whose wall does not hold for its owner', 'ALTER TABLE halton.requests NO FORCE ROW LEVEL SECURITY', ['tables-are-walled: halton.requests']],
  ['a table whose wall is off', 'ALTER TABLE halton.audit_log DISABLE ROW LEVEL SECURITY', ['tables-are-walled: halton.audit_log']],
  [
    'a partition, which takes neither wall nor policies from its table',
    asOwner(`CREATE TABLE halton.notes (workspace_id uuid PRIMARY KEY) PARTITION BY HASH (workspace_id);
      CALL halton.isolate('halton.notes');
      CREATE TABLE halton.notes_0 PARTITION OF halton.notes FOR VALUES WITH (MODULUS 1, REMAINDER 0)`),
    ['tables-are-walled: halton.notes_0', notPurged],
  ],
  ['a policy that lets every row through', 'CREATE POLICY everything ON halton.requests TO halton_jobs USING (true)', ['policies-bind: policy everything on halton.requests to halton_jobs: true']],
  [
    'a policy that binds the workspace or else something',
    'CREATE POLICY either ON halton.requests FOR SELECT TO halton_api USING (workspace_id = (SELECT halton.bound_workspace()) OR redaction_applied)',
    ['policies-bind: policy either on halton.requests to halton_api: ((workspace_id = ( SELECT halton.bound_workspace() AS bound_workspace)) OR redaction_applied)'],
  ],
  [
    'a policy that binds what is read and not what is written',
    'CREATE POLICY half ON halton.projects TO halton_jobs USING (workspace_id = (SELECT halton.bound_workspace())) WITH CHECK (archived_at IS NULL)',
    ['policies-bind: policy half on halton.projects to halton_jobs: (archived_at IS NULL)'],
  ],
  [
    "a policy that binds the user where the rows are a workspace's",
    'CREATE POLICY own ON halton.invitations FOR SELECT TO halton_api USING (invited_by = (SELECT halton.bound_user()))',
    ['policies-bind: policy own on halton.invitations to halton_api: (invited_by = ( SELECT halton.bound_user() AS bound_user))'],
  ],
  ['an excepted policy that is given to somebody else', 'ALTER POLICY aggregate ON halton.requests TO halton_analytics', [
    'policies-bind: policy aggregate on halton.requests to halton_analytics: true',
    'exceptions-are-used: policy aggregate on halton.requests to halton_aggregator: true',
  ]],
  [
    'a primary key of an id alone',
    asOwner(table('workspace_id uuid NOT NULL REFERENCES halton.workspaces, note_id uuid PRIMARY KEY')),
    ['keys-begin-with-the-workspace: notes_pkey on halton.notes (note_id)', notPurged],
  ],
  ['a unique index over all workspaces', 'CREATE UNIQUE INDEX one_name ON halton.projects (name, workspace_id)', ['keys-begin-with-the-workspace: one_name on halton.projects (name, workspace_id)']],
  [
    'a foreign key to an id alone',
    'ALTER TABLE halton.projects ADD CONSTRAINT one_project UNIQUE (project_id); ALTER TABLE halton.policies ADD project_id uuid CONSTRAINT to_project REFERENCES halton.projects (project_id)',
    ['keys-begin-with-the-workspace: one_project on halton.projects (project_id)', 'references-begin-with-the-workspace: to_project on halton.policies to halton.projects'],
  ],
  ['a view that reads as its owner', asOwner('CREATE VIEW halton.all_requests AS SELECT * FROM halton.requests'), ['views-read-as-their-reader: halton.all_requests']],
  ['a view that is told to read as its owner', asOwner('CREATE VIEW halton.all_requests WITH (security_invoker = false) AS SELECT * FROM halton.requests'), ['views-read-as-their-reader: halton.all_requests']],
  ['a materialised view', asOwner('CREATE MATERIALIZED VIEW halton.copy AS SELECT * FROM halton.requests'), ['views-read-as-their-reader: halton.copy']],
  ["a definer that takes its caller's search_path", 'ALTER FUNCTION halton.enter_support() RESET ALL', ['definers-pin-their-search-path: halton.enter_support()']],
  ['a definer whose search_path others write to', "ALTER FUNCTION halton.enter_support() SET search_path = 'public', 'pg_catalog'", ['definers-pin-their-search-path: halton.enter_support()']],
  ['a definer that acts as the owner', 'ALTER FUNCTION halton.enter_support() OWNER TO halton_owner', ['definers-belong-to-function-roles: halton.enter_support()']],
  ['a trigger that a replaying session passes', 'ALTER TABLE halton.support_grants ENABLE TRIGGER guard_support_window', ['triggers-fire-always: guard_support_window on halton.support_grants', 'guards-stand: guard_support_window on halton.support_grants']],
  ['a login that passes over the wall', 'ALTER ROLE halton_jobs BYPASSRLS', ['roles-are-modest: halton_jobs']],
  ['a login that is a superuser', 'ALTER ROLE halton_support SUPERUSER', ['roles-are-modest: halton_support']],
  ['a login that makes roles, databases and replicas', 'ALTER ROLE halton_analytics CREATEROLE CREATEDB REPLICATION', ['roles-are-modest: halton_analytics']],
  ['a login that is missing', 'ALTER ROLE halton_migrator RENAME TO halton_mover; ALTER ROLE halton_mover RESET ALL', [
    'roles-are-modest: halton_migrator',
    'memberships-are-as-said: halton_mover in halton_owner',
    'logins-start-with-their-settings: halton_migrator',
    'functions-are-granted-as-said: halton.import_tombstone(bytea,timestamp with time zone,timestamp with time zone)',
    'functions-are-granted-as-said: halton.settle_tombstones()',
  ]],
  ['an owner that logs in', 'ALTER ROLE halton_owner LOGIN', ['roles-are-modest: halton_owner']],
  ['a migrator that inherits', 'ALTER ROLE halton_migrator INHERIT', ['roles-are-modest: halton_migrator']],
  ["a login that takes the owner's part", 'GRANT halton_owner TO halton_api_a', ['memberships-are-as-said: halton_api_a in halton_owner']],
  ['a login that reads everything', 'GRANT pg_read_all_data TO halton_support', ['memberships-are-as-said: halton_support in pg_read_all_data']],
  ["a stranger that takes a login's part", 'CREATE ROLE stranger LOGIN; GRANT halton_jobs TO stranger', ['memberships-are-as-said: stranger in halton_jobs']],
  ['a login without its settings', 'ALTER ROLE halton_jobs RESET search_path', ['logins-start-with-their-settings: halton_jobs']],
  ['a login that owns a table', 'CREATE TABLE halton.own (id uuid); ALTER TABLE halton.own ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, OWNER TO halton_jobs', [
    'logins-own-nothing: halton_jobs',
    'objects-belong-to-the-owner: relation halton.own',
  ]],
  ['a function that belongs to a superuser', 'CREATE FUNCTION halton.one() RETURNS integer LANGUAGE sql RETURN 1; REVOKE ALL ON FUNCTION halton.one() FROM PUBLIC', ['objects-belong-to-the-owner: function halton.one()']],
  ['a table that PUBLIC reads', 'GRANT SELECT ON halton.plans TO PUBLIC', ['public-has-nothing: relation halton.plans']],
  ['a column that PUBLIC reads', 'GRANT SELECT (name) ON halton.plans TO PUBLIC', ['public-has-nothing: column halton.plans.name']],
  ['a function that PUBLIC calls', 'GRANT EXECUTE ON FUNCTION halton.audit_append(text, text, text, text, text) TO PUBLIC', ['public-has-nothing: function halton.audit_append(text,text,text,text,text)']],
  ['a schema that PUBLIC looks into', 'GRANT USAGE ON SCHEMA public TO PUBLIC', ['public-has-nothing: schema public']],
  ['a database that PUBLIC connects to', 'DO $$ BEGIN EXECUTE format(\'GRANT CONNECT ON DATABASE %I TO PUBLIC\', current_database()); END $$', ['public-has-nothing: database test_1']],
  ['a type that PUBLIC uses', asOwner("CREATE TYPE halton.mood AS ENUM ('good'); GRANT USAGE ON TYPE halton.mood TO PUBLIC"), ['public-has-nothing: type halton.mood']],
  ['functions that PUBLIC will call', asOwner('ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC'), ['default-privileges-are-closed: functions of halton_owner']],
  ['types that PUBLIC will use', asOwner('ALTER DEFAULT PRIVILEGES GRANT USAGE ON TYPES TO PUBLIC'), ['default-privileges-are-closed: types of halton_owner']],
  ['a login that empties a table', 'GRANT TRUNCATE ON halton.projects TO halton_purger', ['nobody-truncates: halton.projects']],
  ['a login that hooks into a table', 'GRANT TRIGGER ON halton.projects TO halton_api', ['nobody-truncates: halton.projects']],
  ['an audit log without its trigger', 'DROP TRIGGER append_only ON halton.audit_log', ['append-only-tables-refuse: halton.audit_log']],
  ['a ledger that is gone', 'DROP TABLE halton.prompt_views', [
    'append-only-tables-refuse: halton.prompt_views',
    'append-only-tables-refuse: halton.prompt_views',
    'purge-reaches-every-table: halton.prompt_views',
    unused,
  ]],
  ['a ledger whose trigger is off', 'ALTER TABLE halton.prompt_views DISABLE TRIGGER no_truncate', ['triggers-fire-always: no_truncate on halton.prompt_views', 'append-only-tables-refuse: halton.prompt_views']],
  [
    'a ledger whose trigger stops UPDATE alone',
    `DROP TRIGGER append_only ON halton.prompt_views;
      CREATE TRIGGER append_only BEFORE UPDATE ON halton.prompt_views FOR EACH ROW EXECUTE FUNCTION halton.refuse_change();
      ALTER TABLE halton.prompt_views ENABLE ALWAYS TRIGGER append_only`,
    ['append-only-tables-refuse: halton.prompt_views'],
  ],
  [
    'a partition of a ledger, which takes its trigger before TRUNCATE from nobody',
    `DROP TABLE halton.prompt_views; ${asOwner(`CREATE TABLE halton.prompt_views (workspace_id uuid PRIMARY KEY REFERENCES halton.workspaces) PARTITION BY HASH (workspace_id);
      CALL halton.isolate('halton.prompt_views');
      CALL halton.make_append_only('halton.prompt_views');
      CREATE TABLE halton.prompt_views_0 PARTITION OF halton.prompt_views FOR VALUES WITH (MODULUS 1, REMAINDER 0);
      CALL halton.isolate('halton.prompt_views_0')`)}`,
    ['append-only-tables-refuse: halton.prompt_views_0', unused],
  ],
  ['an audit log that the API deletes from', 'GRANT DELETE ON halton.audit_log TO halton_api', ['tables-are-granted-as-said: halton.audit_log', 'append-only-tables-are-granted-so: halton.audit_log', 'grace-is-read-only: halton_api DELETE halton.audit_log']],
  ['a ledger of which the jobs change a column', 'GRANT UPDATE (reason) ON halton.prompt_views TO halton_jobs', ['tables-are-granted-as-said: halton.prompt_views.reason', 'append-only-tables-are-granted-so: halton.prompt_views']],
  ['a table that no purge reaches', asOwner(table('workspace_id uuid PRIMARY KEY REFERENCES halton.workspaces')), [notPurged]],
  ['a column for a password', 'ALTER TABLE halton.members ADD password_hash text', ['no-password-and-no-card: halton.members.password_hash', 'secrets-stand-as-hashes: halton.members.password_hash']],
  ['a column for a card', 'ALTER TABLE halton.billing_events ADD card_number text, ADD cvv text', ['no-password-and-no-card: halton.billing_events.card_number', 'no-password-and-no-card: halton.billing_events.cvv']],
  ['a secret that stands as it is', 'ALTER TABLE halton.devices ADD token text', ['secrets-stand-as-hashes: halton.devices.token']],
  ['a hash that may be anything', 'ALTER TABLE halton.api_keys DROP CONSTRAINT api_keys_secret_hash_check', ['secrets-stand-as-hashes: halton.api_keys.secret_hash']],
];

describe('the catalogue', () => {
  it('has nothing to say of the migrated database: no password, no card, no table without its wall (HM-AUTH-3, HM-KEY-2, HM-ISO-2, CH-ISO-1, CH-PII-1, HP-ISO-1, HP-PCI-1)', async () => {
    expect(found).toEqual([]);
  });

  it.each(LOGINS)('can be judged by %s', async (login) => {
    const client = new pg.Client(postgres.asLogin(database, login));
    await client.connect();
    expect((await judgeCatalogue(client)).map(nameOf)).toEqual(found);
    await client.end();
  });

  it.each(broken)('names %s', async (_, sql, findings) => {
    expect(await afterBreaking(sql)).toEqual(findings);
  });

  it('leaves alone what an extension brings', async () => {
    expect(await afterBreaking('CREATE EXTENSION pg_stat_statements SCHEMA public')).toEqual([]);
  });
});

describe('the rules of the catalogue', () => {
  it('are each broken by an example', () => {
    const named = new Set(broken.flatMap(([, , findings]) => findings.map((finding) => finding.split(':', 1)[0])));
    expect(RULES.map(({ id }) => id).filter((id) => !named.has(id))).toEqual([]);
  });

  it('have each an id of their own and a sentence', () => {
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
    for (const { says } of RULES) expect(says).toMatch(/^\S[^\n]+\.$/);
  });

  it('are excepted from with a reason, of a rule that there is', () => {
    for (const { rule, reason } of EXCEPTIONS) {
      expect(RULES.map(({ id }) => id)).toContain(rule);
      expect(reason).toMatch(/^[A-Z].{10,}\.$/);
    }
  });
});
