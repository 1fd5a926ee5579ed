import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { EmbeddedPostgres } from './server.ts';

/** A login and its password. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/**
 * Makes a database and the login that owns it, with what the master of an RDS instance has: CREATEROLE and CREATEDB,
 * and neither SUPERUSER nor anything else.
 */
export async function newMasterLogin({ port, user, password }: EmbeddedPostgres, database: string): Promise<Login> {
  const superuser = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres', ssl: false });
  const login = { user: 'halton_master', password: randomBytes(32).toString('hex') };
  await superuser.connect();
  try {
    await superuser.query(`CREATE ROLE ${login.user} LOGIN CREATEROLE CREATEDB PASSWORD ${superuser.escapeLiteral(login.password)}`);
    await superuser.query(`CREATE DATABASE ${superuser.escapeIdentifier(database)} OWNER ${login.user}`);
  } finally {
    await superuser.end();
  }
  return login;
}
