import pg from 'pg';
import type { Pool } from 'pg';
import { newMasterLogin } from '../../db/embedded/master.ts';
import { newPasswords } from '../../db/embedded/passwords.ts';
import { startEmbeddedPostgres } from '../../db/embedded/server.ts';
import { prepareDatabase } from '../../db/prepare.ts';
import { readRelease } from '../../db/release.ts';
import type { LoginName, Passwords } from '../../db/roles.ts';

/** As an RDS instance has it: what is acknowledged has been written. */
const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', shared_buffers: '512MB', max_wal_size: '4GB' };

/** Connections of each pool: more than a small machine has cores, so that none of them waits for a round trip. */
export const CLIENTS = 4;

/** A database of this release, and the logins that are measured. */
export interface BenchDatabase {
  /** Whom no rule binds: to lay out what is measured. */
  readonly superuser: Pool;
  readonly api: Pool;
  readonly jobs: Pool;
}

/** A Postgres of its own with two databases. */
export interface BenchServer {
  readonly version: string;
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly passwords: Passwords;
  /** Of a service that has many workspaces. */
  readonly large: BenchDatabase;
  /** Of one that has a single one. */
  readonly small: BenchDatabase;
  readonly stop: () => Promise<void>;
}

/** Starts one, and makes both databases ready. */
export async function startBenchServer(): Promise<BenchServer> {
  const server = await startEmbeddedPostgres(DURABLE);
  const address = { host: '127.0.0.1', port: server.port, ssl: false };
  const passwords = newPasswords();
  const master = await newMasterLogin(server, 'large');
  const pools: Pool[] = [];
  const open = (database: string, login: { readonly user: string; readonly password: string }, max: number) => {
    const pool = new pg.Pool({ ...address, ...login, database, max });
    pool.on('error', () => undefined); // the end of the server takes idle connections along
    pools.push(pool);
    return pool;
  };
  const prepare = async (database: string): Promise<BenchDatabase> => {
    await prepareDatabase({ ...address, ...master, database }, passwords, readRelease());
    const login = (user: LoginName) => open(database, { user, password: passwords[user] }, CLIENTS);
    return { superuser: open(database, server, 1), api: login('halton_api_a'), jobs: login('halton_jobs') };
  };
  const large = await prepare('large');
  await large.superuser.query(`CREATE DATABASE small OWNER ${master.user}`);
  const small = await prepare('small');
  const { rows } = await large.superuser.query<{ server_version: string }>('SHOW server_version');
  return {
    version: rows[0]?.server_version ?? '(unknown)',
    port: server.port,
    passwords,
    large,
    small,
    async stop() {
      await Promise.all(pools.map((pool) => pool.end()));
      await server.stop();
    },
  };
}
