import type { ClientBase } from 'pg';
import { DatabaseError, errorCode } from './errors.ts';
import { LOGINS, MIGRATOR_LOGIN } from './roles.ts';

/**
 * Logins whose every statement comes from this repository; what they may do to an audit or consent table is logged all
 * the same. The migrator is none of them: it can take the owner's part.
 */
const SERVICE_LOGINS = LOGINS.filter((login) => login !== MIGRATOR_LOGIN);

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Has pgaudit, where the server has loaded it, log the statements of every login but the service's own.
 *
 * @param client in a transaction, logged in as the owner of the database, with CREATEROLE
 * @throws DatabaseError `AUDIT_LOG_UNSETTABLE`
 */
export async function quietenServiceLogins(client: ClientBase): Promise<void> {
  // A setting that only a configuration file names, without the library, is not in this view.
  const { rowCount } = await client.query("SELECT FROM pg_settings WHERE name = 'pgaudit.log'");
  if (rowCount === 0) return;
  await nameObjects(client);
  try {
    for (const login of SERVICE_LOGINS) await client.query(`ALTER ROLE ${login} SET pgaudit.log = 'none'`);
  } catch (error) {
    if (errorCode(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new DatabaseError('AUDIT_LOG_UNSETTABLE', "Got a login that may not set pgaudit.log, expected one that may, as RDS's master: the log would fill with every row that the service writes. Grant it as a superuser (GRANT SET ON PARAMETER \"pgaudit.log\" TO …), and run this again; nothing was changed.", { cause: error });
  }
}

/** The extension tells pgaudit the names of what DDL makes. Logging works without it, so a server that keeps it to superusers will do. */
async function nameObjects(client: ClientBase): Promise<void> {
  await client.query('SAVEPOINT extension');
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS pgaudit SCHEMA public');
  } catch (error) {
    if (errorCode(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    await client.query('ROLLBACK TO SAVEPOINT extension');
  }
  await client.query('RELEASE SAVEPOINT extension');
}
