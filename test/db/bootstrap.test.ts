import pg from 'pg';
import { bootstrap } from '../../db/bootstrap.ts';
import type { Passwords } from '../../db/bootstrap.ts';
import { prepareDatabase } from '../../db/prepare.ts';
import { readRelease } from '../../db/release.ts';
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

describe('the logins of the API', () => {
  it('log in with the passwords that they were given', async () => {
    expect(await logIn('halton_api_a', PASSWORDS.halton_api_a)).toEqual([{ name: 'halton_api_a' }]);
    expect(await logIn('halton_api_b', PASSWORDS.halton_api_b)).toEqual([{ name: 'halton_api_b' }]);
    await expect(logIn('halton_api_a', PASSWORDS.halton_api_b)).rejects.toMatchObject({ code: '28P01' });
  });

  it('have no attribute but LOGIN, and share one role that nobody logs in as', async () => {
    const roles = await postgres.asSuperuser(
      `SELECT rolname, rolcanlogin, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS mighty,
         ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = r.oid) AS member_of
       FROM pg_roles r WHERE rolname LIKE 'halton_api%' ORDER BY rolname`,
    );
    expect(roles).toEqual([
      { rolname: 'halton_api', rolcanlogin: false, mighty: false, member_of: [] },
      { rolname: 'halton_api_a', rolcanlogin: true, mighty: false, member_of: ['halton_api'] },
      { rolname: 'halton_api_b', rolcanlogin: true, mighty: false, member_of: ['halton_api'] },
    ]);
  });

  it('are the same after a second run', async () => {
    await prepare(PASSWORDS);
    expect(await logIn('halton_api_a', PASSWORDS.halton_api_a)).toHaveLength(1);
    expect(await logIn('halton_api_b', PASSWORDS.halton_api_b)).toHaveLength(1);
  });

  it('get a new password one at a time, without ending a session', async () => {
    const inUse = new pg.Client(postgres.asApi(database, 'halton_api_b'));
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
  afterEach(() => postgres.asSuperuser('ALTER ROLE halton_api_a NOBYPASSRLS'));

  it('refuses a login that may do more than the API needs, and changes nothing', async () => {
    await postgres.asSuperuser('ALTER ROLE halton_api_a BYPASSRLS');
    await expect(prepare({ ...PASSWORDS, halton_api_a: 'd3'.repeat(32) })).rejects.toMatchObject({ code: 'LOGIN_TOO_MIGHTY', message: expect.stringMatching(/^Got halton_api_a with an attribute/) as string });
    expect(await logIn('halton_api_a', PASSWORDS.halton_api_a)).toHaveLength(1);
  });

  it('says what is missing to a login without CREATEROLE', async () => {
    const client = new pg.Client(postgres.asApi(database));
    await client.connect();
    await expect(bootstrap(client, PASSWORDS)).rejects.toMatchObject({ code: 'BOOTSTRAP_FAILED', message: expect.stringContaining('42501') as string });
    await client.end();
  });
});
