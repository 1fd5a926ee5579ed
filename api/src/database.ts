import pg from 'pg';
import type { ClientConfig, Pool } from 'pg';
import { isLoopback } from './config.ts';
import { StartError } from './start-error.ts';

/** Where the server's certificate has to come from, in PEM; asked for where TLS is. */
export type Roots = () => readonly string[];

/** How to reach a database. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  /** As libpq names it: `verify-full`, or `disable` on a loopback host. */
  readonly sslMode: string;
}

/**
 * Reads a URL such as `postgresql://login:password@host:5432/halton?sslmode=verify-full`.
 *
 * @throws StartError `DATABASE_URL_MALFORMED`, which does not repeat the URL
 */
export function parseDatabaseUrl(text: string): Address {
  const url = URL.parse(text); // `new URL` would throw an error that holds the text
  const parameters = [...(url?.searchParams.keys() ?? [])];
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol) || [url.hostname, url.username, url.password, url.pathname.slice(1)].includes('') || parameters.some((name) => name !== 'sslmode')) {
    throw new StartError('DATABASE_URL_MALFORMED', 'Got a database URL that does not read as postgresql://LOGIN:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full, expected exactly these parts. Deploy again, which writes it anew.');
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 5432 : Number(url.port),
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    sslMode: url.searchParams.get('sslmode') ?? '(none)',
  };
}

/**
 * What `pg` takes: TLS with the server's certificate and host name verified, or plaintext to this very machine.
 *
 * @throws StartError `DATABASE_TLS_REQUIRED`
 */
export function connectionTo({ sslMode, ...address }: Address, roots: Roots): ClientConfig {
  if (sslMode === 'verify-full') return { ...address, ssl: { ca: [...roots()], rejectUnauthorized: true } };
  if (sslMode === 'disable' && isLoopback(address.host)) return { ...address, ssl: false };
  throw new StartError('DATABASE_TLS_REQUIRED', `Got sslmode ${sslMode} for the host ${address.host}, expected verify-full: only a database on this machine (127.0.0.1, ::1, localhost) may be spoken to in plaintext, with sslmode=disable. Write verify-full into the URL.`);
}

/**
 * A pool of connections. Limits are in milliseconds, and each is above the one that ends the same thing more gently.
 */
export function openPool(connection: ClientConfig): Pool {
  return new pg.Pool({
    ...connection,
    application_name: 'halton-api',
    // Two tasks and their successors during a deployment stay well below the hundred and more that an instance takes.
    max: 10,
    // A connection within the network takes a few; a request that waits longer is better answered with 503.
    connectionTimeoutMillis: 5_000,
    // Postgres ends a statement that nobody waits for any more: the load balancer gives up a request after 60 s.
    statement_timeout: 15_000,
    // A request that waits longer for another's is better answered with 503 than by the end of its statement.
    lock_timeout: 5_000,
    // Where Postgres itself has gone silent, this side ends it.
    query_timeout: 20_000,
    // A transaction that a crashed handler left open would keep its locks.
    idle_in_transaction_session_timeout: 10_000,
    // Notices a connection that a failover or the network dropped without a word.
    keepAlive: true,
  });
}
