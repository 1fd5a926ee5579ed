import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { ClientConfig } from 'pg';
import { newMasterLogin } from '../../db/embedded/master.ts';
import type { Login } from '../../db/embedded/master.ts';
import { newPasswords } from '../../db/embedded/passwords.ts';
import { startEmbeddedPostgres } from '../../db/embedded/server.ts';
import type { Passwords } from '../../db/roles.ts';
import { SERVER_SETTINGS } from '../../lib/database/server-settings.ts';
import { LOG_SETTINGS, ServerLog } from './server-log.ts';

/** Where Debian puts its versions of Postgres; the newest with pgaudit is taken. */
const FOLDERS = [18, 17, 16, 15].map((version) => `/usr/lib/postgresql/${version}`);

/** Folder of a Postgres of this machine that has pgaudit; undefined where there is none. */
export function folderWithPgaudit(): string | undefined {
  return FOLDERS.find((folder) => existsSync(join(folder, 'lib', 'pgaudit.so')) && existsSync(join(folder, 'bin', 'initdb')));
}

/** A server with pgaudit and the settings of the deployment, whose log is read. */
export interface AuditedServer {
  readonly version: string;
  readonly superuser: pg.Client;
  readonly log: ServerLog;
  readonly master: Login;
  readonly passwords: Passwords;
  readonly database: string;
  readonly as: (login: Login) => ClientConfig;
  readonly stop: () => Promise<void>;
}

/** Starts one; its master is no superuser, and may set pgaudit.log as RDS's master may. */
export async function startAuditedServer(folder: string): Promise<AuditedServer> {
  const database = 'halton';
  // Of RDS alone is rds.force_ssl, which Postgres takes for a setting of an extension that is not there.
  const server = await startEmbeddedPostgres({ ...SERVER_SETTINGS, ...LOG_SETTINGS }, { programs: folder });
  const address = { host: '127.0.0.1', port: server.port, ssl: false };
  const master = await newMasterLogin(server, database);
  const superuser = new pg.Client({ ...address, user: server.user, password: server.password, database });
  await superuser.connect();
  await superuser.query(`GRANT SET ON PARAMETER "pgaudit.log" TO ${master.user}`);
  await superuser.query('CREATE EXTENSION pgaudit SCHEMA public'); // RDS lets its master do so
  const { rows } = await superuser.query<{ server_version: string }>('SHOW server_version');
  return {
    version: rows[0]?.server_version ?? '(unknown)',
    superuser,
    log: new ServerLog(superuser),
    master,
    passwords: newPasswords(),
    database,
    as: (login) => ({ ...address, ...login, database }),
    async stop() {
      await superuser.end();
      await server.stop();
    },
  };
}
