import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import pg from 'pg';
import type { ClientBase, ClientConfig } from 'pg';
import { bootstrap } from './bootstrap.ts';
import { DatabaseError, errorCode, explainPostgres } from './errors.ts';
import { migrate } from './migrate.ts';
import type { Migrated } from './migrate.ts';
import type { Release } from './release.ts';
import { MIGRATOR_LOGIN, OWNER_ROLE } from './roles.ts';
import type { Passwords } from './roles.ts';

/** How long a run waits for another one to end: longer than any migration takes, and less than the deployment waits. */
const TURN_TIMEOUT = '10min';
/** Milliseconds: a database in the same network answers in a few, a failover takes longer than anybody should wait. */
const CONNECT_TIMEOUT = 10_000;

const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Makes a database ready for a release: roles and passwords as its owner, then the schema as the migrator, who owns
 * nothing and takes the part of a role that cannot log in.
 *
 * Safe to run twice and from several places at once: one after the other takes its turn.
 *
 * @param connection as the owner of the database, with CREATEROLE
 * @throws DatabaseError
 */
export async function prepareDatabase(connection: ClientConfig, passwords: Passwords, release: Release): Promise<Migrated> {
  await inTurn(connection, (client) => bootstrap(client, passwords));
  return inTurn({ ...connection, user: MIGRATOR_LOGIN, password: passwords[MIGRATOR_LOGIN] }, async (client) => {
    await client.query(`SET ROLE ${OWNER_ROLE}`);
    return migrate(client, release);
  });
}

async function inTurn<T>(connection: ClientConfig, work: (client: ClientBase) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...connection, application_name: 'halton-migrate', connectionTimeoutMillis: CONNECT_TIMEOUT, keepAlive: true });
  client.on('error', () => undefined); // a connection that breaks fails the query under way, which tells
  try {
    await connect(client);
    await takeTurn(client);
    return await work(client);
  } finally {
    await client.end(); // and with the session goes its lock
  }
}

async function connect(client: pg.Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    const { host, port, user = '' } = client;
    throw new DatabaseError('DATABASE_UNREACHABLE', `Could not log in to ${host}:${port} as ${user}: ${explainPostgres(error)}. See that the database runs, that this process may reach it, and that its certificate and the password are right.`, { cause: error });
  }
}

/** The library's own lock, which this session may take again: passwords are set within it too. */
async function takeTurn(client: ClientBase): Promise<void> {
  try {
    await client.query(`SET lock_timeout = '${TURN_TIMEOUT}'`);
    await client.query('SELECT pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID]);
  } catch (error) {
    if (errorCode(error) !== LOCK_NOT_AVAILABLE) throw error;
    throw new DatabaseError('MIGRATION_BUSY', `Another run has held the database for ${TURN_TIMEOUT}. See whether it still does anything (pg_stat_activity, application_name halton-migrate), end it if not, and run this again.`, { cause: error });
  }
}
