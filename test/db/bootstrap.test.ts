import pg from 'pg';
import { bootstrap } from '../../db/bootstrap.ts';
import { prepareDatabase } from '../../db/prepare.ts';
import { readRelease } from '../../db/release.ts';
import { LOGINS, NOLOGIN_ROLES } from '../../db/roles.ts';
import type { Passwords } from '../../db/roles.ts';
import { scramVerifier } from '../../db/scram.ts';
import { PASSWORDS, query, TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
let database: string;
beforeAll(async () => {
  // Every statement that reaches the server is in its log, and so is whatever pg_stat_activity could have shown of it.
  postgres = await TestPostgres.start({ log_statement: 'all', logging_collector: 'on', log_directory: 'log', log_filename: 'all.log', log_rotation_size: '0' });
  database = await postgres.migrated();
});
afterAll(() => postgres.stop());

const prepare = (passwords: Passwords) => prepareDatabase(postgres.asMaster(database), passwords, readRelease());
const logIn = (user: keyof Passwords, password: string) => query(postgres.as({ user, password }, database), 'SELECT current_user::text AS name');
const storedPassword = async (role: string) => (await postgres.asSuperuser<{ rolpassword: string }>('SELECT rolpassword FROM pg_authid WHERE rolname = $1', [role]))[0]?.rolpassword ?? '';

describe('the roles of the service', () => {
  it.each(LOGINS)('let %s log in with the password that it was given, and with no other', async (login) => {
    expect(await logIn(login, PASSWORDS[login])).toEqual([{ name: login }]);
    await expect(logIn(login, 'ff'.repeat(32))).rejects.toMatchObject({ code: '28P01' });
  });

  it.each(NOLOGIN_ROLES)('let nobody log in as %s', async (role) => {
    await expect(query(postgres.as({ user: role, password: PASSWORDS.halton_jobs }, database), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('have no attribute but LOGIN, and take the parts that they are said to take', async () => {
    const roles = await postgres.asSuperuser(
      `SELECT rolname AS role, rolcanlogin AS login, rolinherit AS inherits, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS mighty,
         ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = r.oid ORDER BY 1) AS parts
       FROM pg_roles r WHERE rolname = ANY ($1) ORDER BY rolname`,
      [[...LOGINS, ...NOLOGIN_ROLES]],
    );
    const role = (name: string, login: boolean, parts: readonly string[] = [], inherits = true) => ({ role: name, login, inherits, mighty: false, parts });
    expect(roles).toEqual([
      role('halton_aggregator', false),
      role('halton_analytics', true),
      role('halton_api', false),
      role('halton_api_a', true, ['halton_api']),
      role('halton_api_b', true, ['halton_api']),
      role('halton_auditor', false),
      role('halton_jobs', true),
      role('halton_migrator', true, ['halton_owner'], false),
      role('halton_owner', false, ['halton_aggregator', 'halton_auditor', 'halton_pairing', 'halton_purger'], false),
      role('halton_pairing', false),
      role('halton_purger', false),
      role('halton_support', true),
      role('rds_pgaudit', false),
    ]);
  });

  it.each(LOGINS)('start %s with an empty search_path', async (login) => {
    expect(await query(postgres.asLogin(database, login), 'SHOW search_path')).toEqual([{ search_path: '""' }]);
  });

  it('are the same after a second run', async () => {
    const everything = "SELECT to_jsonb(r) - 'rolpassword' AS role, to_jsonb(m) AS part FROM pg_roles r LEFT JOIN pg_auth_members m ON m.member = r.oid ORDER BY r.oid, m.oid";
    const before = await postgres.asSuperuser(everything);
    await prepare(PASSWORDS);
    expect(await postgres.asSuperuser(everything)).toEqual(before);
    for (const login of LOGINS) expect(await logIn(login, PASSWORDS[login])).toHaveLength(1);
  });

  it('get a new password one at a time, without ending a session', async () => {
    const inUse = new pg.Client(postgres.asLogin(database, 'halton_api_b'));
    await inUse.connect();
    const halton_api_b = 'c2'.repeat(32);
    await prepare({ ...PASSWORDS, halton_api_b });
    expect((await inUse.query('SELECT 1')).rowCount).toBe(1);
    await inUse.end();
    await expect(logIn('halton_api_b', PASSWORDS.halton_api_b)).rejects.toMatchObject({ code: '28P01' });
    expect(await logIn('halton_api_b', halton_api_b)).toHaveLength(1);
    expect(await logIn('halton_api_a', PASSWORDS.halton_api_a)).toHaveLength(1);
    await prepare(PASSWORDS);
  });
});

describe('a password', () => {
  it('never stands in a statement', async () => {
    await prepare(PASSWORDS);
    const [log] = await postgres.asSuperuser<{ text: string }>("SELECT pg_read_file('log/all.log') AS text");
    expect(log?.text).toMatch(/statement: ALTER ROLE halton_api_a PASSWORD 'SCRAM-SHA-256\$/);
    for (const password of Object.values(PASSWORDS)) expect(log?.text).not.toContain(password);
  });

  it('is stored as a SCRAM-SHA-256 verifier', async () => {
    expect(await storedPassword('halton_api_a')).toMatch(/^SCRAM-SHA-256\$4096:/);
  });

  it('gives the same verifier here as in Postgres', async () => {
    await postgres.asSuperuser("CREATE ROLE told_in_plain PASSWORD 'correct-horse'");
    const verifier = await storedPassword('told_in_plain');
    const salt = Buffer.from(/^SCRAM-SHA-256\$4096:([^$]+)\$/.exec(verifier)?.[1] ?? '', 'base64');
    expect(scramVerifier('correct-horse', salt)).toBe(verifier);
  });

  it.each(['', 'with space', 'pässword', 'line\nbreak'])('is refused when it is %j, and not repeated', async (halton_api_a) => {
    const refused = prepare({ ...PASSWORDS, halton_api_a });
    await expect(refused).rejects.toMatchObject({ code: 'PASSWORD_UNUSABLE' });
    if (halton_api_a) await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining(halton_api_a) as string });
  });
});

describe('bootstrap', () => {
  let undo = '';
  afterEach(async () => {
    await postgres.asSuperuser(undo);
    undo = '';
  });

  it.each([
    ['halton_api_a', 'BYPASSRLS'],
    ['halton_jobs', 'SUPERUSER'],
    ['halton_support', 'CREATEROLE'],
    ['halton_analytics', 'REPLICATION'],
    ['halton_migrator', 'CREATEDB'],
    ['halton_owner', 'LOGIN'],
    ['halton_purger', 'LOGIN'],
  ])('refuses %s with %s, and changes nothing', async (role, attribute) => {
    undo = `ALTER ROLE ${role} NO${attribute}`;
    await postgres.asSuperuser(`ALTER ROLE ${role} ${attribute}`);
    await expect(prepare({ ...PASSWORDS, halton_api_a: 'd3'.repeat(32) })).rejects.toMatchObject({ code: 'LOGIN_TOO_MIGHTY', message: expect.stringContaining(`Got ${role} with an attribute`) as string });
    expect(await logIn('halton_api_a', PASSWORDS.halton_api_a)).toHaveLength(1);
  });

  it.each([
    ['an owner that inherits', 'halton_owner', 'INHERIT', 'NOINHERIT'],
    ['a migrator that inherits', 'halton_migrator', 'INHERIT', 'NOINHERIT'],
    ['an API that inherits nothing', 'halton_api_a', 'NOINHERIT', 'INHERIT'],
  ])('refuses %s', async (_, role, wrong, right) => {
    undo = `ALTER ROLE ${role} ${right}`;
    await postgres.asSuperuser(`ALTER ROLE ${role} ${wrong}`);
    await expect(prepare(PASSWORDS)).rejects.toMatchObject({ code: 'LOGIN_TOO_MIGHTY', message: expect.stringContaining(`Got ${role} with an attribute`) as string });
  });

  it.each([
    ['a login that reads everything', 'pg_read_all_data', 'halton_support'],
    ["a login that takes the part of the purge", 'halton_purger', 'halton_jobs'],
    ["somebody else who takes the API's part", 'halton_api', 'pg_monitor'],
  ])('refuses %s', async (_, role, member) => {
    undo = `REVOKE ${role} FROM ${member}`;
    await postgres.asSuperuser(`GRANT ${role} TO ${member}`);
    await expect(prepare(PASSWORDS)).rejects.toMatchObject({ code: 'LOGIN_TOO_MIGHTY', message: expect.stringContaining(`Got ${member} in ${role}, expected no memberships`) as string });
  });

  it('refuses a login that few sessions can have', async () => {
    undo = 'ALTER ROLE halton_analytics CONNECTION LIMIT -1';
    await postgres.asSuperuser('ALTER ROLE halton_analytics CONNECTION LIMIT 0');
    await expect(prepare(PASSWORDS)).rejects.toMatchObject({ code: 'LOGIN_TOO_MIGHTY' });
  });

  it('takes back what a login set for itself, for every database and for this one', async () => {
    undo = 'SELECT 1';
    const settings = () => postgres.asSuperuser('SELECT setrole::regrole::text AS role, setdatabase <> 0 AS here, setconfig FROM pg_db_role_setting ORDER BY 1, 2');
    const before = await settings();
    await query(postgres.asLogin(database, 'halton_api_a'), "ALTER ROLE halton_api_a SET default_transaction_isolation = 'repeatable read'");
    await query(postgres.asLogin(database, 'halton_api_a'), 'ALTER ROLE halton_api_a SET row_security = off');
    await query(postgres.asLogin(database, 'halton_api_a'), `ALTER ROLE halton_api_a IN DATABASE ${database} SET statement_timeout = 0`);
    expect(await settings()).not.toEqual(before);
    await prepare(PASSWORDS);
    expect(await settings()).toEqual(before);
  });

  it('says what is missing to a login without CREATEROLE', async () => {
    const client = new pg.Client(postgres.asLogin(database));
    await client.connect();
    await expect(bootstrap(client, PASSWORDS)).rejects.toMatchObject({ code: 'BOOTSTRAP_FAILED', message: expect.stringContaining('42501') as string });
    await client.end();
  });
});
