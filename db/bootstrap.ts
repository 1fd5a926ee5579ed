import type { ClientBase } from 'pg';
import { quietenServiceLogins } from './audit-log.ts';
import { DatabaseError, explainPostgres } from './errors.ts';
import { MEMBERSHIP_VALUES, STRAY_MEMBERSHIPS } from './memberships.ts';
import { LOGIN_SETTINGS, LOGINS, MEMBERSHIPS, NOINHERIT_ROLES, NOLOGIN_ROLES, OWNER_ROLE } from './roles.ts';
import type { Passwords } from './roles.ts';
import { scramVerifier } from './scram.ts';

/**
 * Makes the roles that are missing, sets the logins' passwords and takes back what Postgres gives everybody, in one
 * transaction.
 *
 * A password leaves this process as its SCRAM verifier only: what a statement says can end up in logs and in
 * pg_stat_activity.
 *
 * @param client logged in as the owner of the database, with CREATEROLE
 * @throws DatabaseError `PASSWORD_UNUSABLE`, `LOGIN_TOO_MIGHTY`, `AUDIT_LOG_UNSETTABLE` or `BOOTSTRAP_FAILED`
 */
export async function bootstrap(client: ClientBase, passwords: Passwords): Promise<void> {
  const verifiers = LOGINS.map((login) => [login, scramVerifier(passwords[login])] as const);
  try {
    await client.query('BEGIN');
    for (const role of NOLOGIN_ROLES) await makeMissing(client, role, 'NOLOGIN');
    for (const login of LOGINS) await makeMissing(client, login, 'LOGIN');
    await demandModesty(client); // first, since only a superuser sets the password of one
    const database = await currentDatabase(client);
    for (const [login, verifier] of verifiers) {
      // A login can change its own, for good: what it set is gone with the next deployment.
      await client.query(`ALTER ROLE ${login} RESET ALL`);
      await client.query(`ALTER ROLE ${login} IN DATABASE ${database} RESET ALL`);
      await client.query(`ALTER ROLE ${login} PASSWORD ${client.escapeLiteral(verifier)}`);
      for (const [setting, value] of Object.entries(LOGIN_SETTINGS[login])) await client.query(`ALTER ROLE ${login} SET ${setting} = ${client.escapeLiteral(value)}`);
    }
    for (const [role, member] of MEMBERSHIPS) await client.query(`GRANT ${role} TO ${member}`);
    await quietenServiceLogins(client);
    await closeDatabase(client, database);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined); // the first error tells more
    if (error instanceof DatabaseError) throw error;
    throw new DatabaseError('BOOTSTRAP_FAILED', `The roles of the service could not be made: ${explainPostgres(error)}. The login needs CREATEROLE and has to own the database, and roles of these names have to be its own; nothing was changed.`, { cause: error });
  }
}

async function makeMissing(client: ClientBase, role: string, attribute: 'LOGIN' | 'NOLOGIN'): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${role} ${attribute} ${NOINHERIT_ROLES.includes(role) ? 'NOINHERIT' : 'INHERIT'}`);
}

/** A role that was there before may have been given more than it needs. */
async function demandModesty(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>(
    `SELECT rolname FROM pg_roles
     WHERE rolname = ANY ($1) AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
       OR rolconnlimit <> -1 OR rolcanlogin <> (rolname = ANY ($2)) OR rolinherit = (rolname = ANY ($3)))
     ORDER BY rolname`,
    [[...NOLOGIN_ROLES, ...LOGINS], LOGINS, NOINHERIT_ROLES],
  );
  if (rows.length === 0) return demandMemberships(client);
  const names = rows.map(({ rolname }) => rolname).join(', ');
  throw new DatabaseError('LOGIN_TOO_MIGHTY', `Got ${names} with an attribute that it may not have, expected none of SUPERUSER, CREATEROLE, CREATEDB, REPLICATION, BYPASSRLS and CONNECTION LIMIT, LOGIN on the logins alone, and NOINHERIT on ${NOINHERIT_ROLES.join(' and ')}. Mend it (ALTER ROLE), and run this again.`);
}

/** What a role is a member of it may do too. */
async function demandMemberships(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ role: string; member: string }>(`${STRAY_MEMBERSHIPS} ORDER BY role, member`, [...MEMBERSHIP_VALUES]);
  if (rows.length === 0) return;
  const stray = rows.map(({ role, member }) => `${member} in ${role}`).join(', ');
  throw new DatabaseError('LOGIN_TOO_MIGHTY', `Got ${stray}, expected no memberships but those of db/roles.ts. Take them back (REVOKE role FROM member), and run this again.`);
}

/** As an identifier. */
async function currentDatabase(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  return client.escapeIdentifier(rows[0]?.name ?? '');
}

/** Postgres lets every login of the instance connect, make temporary tables and look into the schema public. */
async function closeDatabase(client: ClientBase, database: string): Promise<void> {
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${LOGINS.join(', ')}`);
  await client.query(`GRANT CREATE ON DATABASE ${database} TO ${OWNER_ROLE}`);
  await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  // REVOKE by a role that does not own the object warns and goes on.
  const { rows: left } = await client.query<{ open: boolean }>(
    `SELECT has_database_privilege('public', current_database(), 'CONNECT')
       OR has_database_privilege('public', current_database(), 'TEMPORARY')
       OR has_schema_privilege('public', 'public', 'USAGE')
       OR has_schema_privilege('public', 'public', 'CREATE') AS open`,
  );
  if (left[0]?.open === false) return;
  throw new DatabaseError('BOOTSTRAP_FAILED', 'Got a database on which PUBLIC keeps privileges, expected none: the login does not own the database. Log in as its owner; nothing was changed.');
}
