import type { ClientBase } from 'pg';
import { DatabaseError, explainPostgres } from './errors.ts';
import { scramVerifier } from './scram.ts';

/** Holds what the API may do. Nobody logs in as it; migrations grant to it. */
export const API_ROLE = 'halton_api';

/** The logins of the API. There are two, so that the password of one can change while the other is in use. */
export const API_LOGINS = ['halton_api_a', 'halton_api_b'] as const;
export type ApiLogin = (typeof API_LOGINS)[number];

/** The passwords to set, by login. */
export type Passwords = Readonly<Record<ApiLogin, string>>;

/**
 * Makes the roles that are missing and sets the logins' passwords, in one transaction.
 *
 * A password leaves this process as its SCRAM verifier only: what a statement says can end up in logs and in
 * pg_stat_activity.
 *
 * @param client logged in as a role with CREATEROLE
 * @throws DatabaseError `PASSWORD_UNUSABLE`, `LOGIN_TOO_MIGHTY` or `BOOTSTRAP_FAILED`
 */
export async function bootstrap(client: ClientBase, passwords: Passwords): Promise<void> {
  const verifiers = API_LOGINS.map((login) => [login, scramVerifier(passwords[login])] as const);
  try {
    await client.query('BEGIN');
    await makeMissing(client, API_ROLE, 'NOLOGIN');
    for (const [login, verifier] of verifiers) {
      await makeMissing(client, login, 'LOGIN');
      await client.query(`ALTER ROLE ${login} PASSWORD ${client.escapeLiteral(verifier)}`);
      await client.query(`GRANT ${API_ROLE} TO ${login}`);
    }
    await demandModesty(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined); // the first error tells more
    if (error instanceof DatabaseError) throw error;
    throw new DatabaseError('BOOTSTRAP_FAILED', `The roles of the API could not be made: ${explainPostgres(error)}. The login needs CREATEROLE, and roles of these names have to be its own; nothing was changed.`, { cause: error });
  }
}

async function makeMissing(client: ClientBase, role: string, attribute: 'LOGIN' | 'NOLOGIN'): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${role} ${attribute}`);
}

/** A role that was there before may have been given more than the API needs. */
async function demandModesty(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>(
    `SELECT rolname FROM pg_roles
     WHERE rolname = ANY ($1) AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR (rolcanlogin AND rolname = $2))`,
    [[API_ROLE, ...API_LOGINS], API_ROLE],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ rolname }) => rolname).join(', ');
  throw new DatabaseError('LOGIN_TOO_MIGHTY', `Got ${names} with an attribute that no role of the API may have, expected none of SUPERUSER, CREATEROLE, CREATEDB, REPLICATION and BYPASSRLS, and LOGIN on its logins alone. Take it away (ALTER ROLE), and run this again.`);
}
