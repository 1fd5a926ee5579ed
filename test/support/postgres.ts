import pg from 'pg';
import type { ClientConfig } from 'pg';
import { newMasterLogin } from '../../db/embedded/master.ts';
import type { Login } from '../../db/embedded/master.ts';
import { startEmbeddedPostgres } from '../../db/embedded/server.ts';
import type { EmbeddedPostgres } from '../../db/embedded/server.ts';
import { prepareDatabase } from '../../db/prepare.ts';
import { readRelease } from '../../db/release.ts';
import type { LoginName, Passwords } from '../../db/roles.ts';

export const PASSWORDS: Passwords = {
  halton_migrator: 'e0'.repeat(32),
  halton_api_a: 'a0'.repeat(32),
  halton_api_b: 'b1'.repeat(32),
  halton_jobs: 'e1'.repeat(32),
  halton_support: 'e2'.repeat(32),
  halton_analytics: 'e3'.repeat(32),
};

const TEMPLATE = 'template_halton';

/** The folder of another version of Postgres, on which the proof `versions` runs the tests of the database. */
const OTHER = process.env['HALTON_TEST_POSTGRES'];

/** A real Postgres for one test file, with a master that may do what RDS lets its master do. */
export class TestPostgres {
  readonly #embedded: EmbeddedPostgres;
  readonly master: Login;
  #databases = 0;
  #template: Promise<unknown> | undefined;

  private constructor(embedded: EmbeddedPostgres, master: Login) {
    this.#embedded = embedded;
    this.master = master;
  }

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<TestPostgres> {
    const embedded = await startEmbeddedPostgres(settings, OTHER === undefined ? {} : { programs: OTHER });
    return new TestPostgres(embedded, await newMasterLogin(embedded, TEMPLATE));
  }

  get port(): number {
    return this.#embedded.port;
  }

  stop(): Promise<void> {
    return this.#embedded.stop();
  }

  /** An empty database that the master owns. */
  async empty(): Promise<string> {
    const name = this.#newName();
    await this.asSuperuser(`CREATE DATABASE ${name} OWNER ${this.master.user}`);
    return name;
  }

  /** A database that this release has been prepared on: a copy, so that each test has its own. */
  async migrated(): Promise<string> {
    this.#template ??= prepareDatabase(this.asMaster(TEMPLATE), PASSWORDS, readRelease());
    await this.#template;
    const name = this.#newName();
    await this.asSuperuser(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} OWNER ${this.master.user}`);
    // What is granted on the database itself is the one thing that a copy does not bring along.
    await this.asSuperuser('UPDATE pg_database SET datacl = (SELECT datacl FROM pg_database WHERE datname = $1) WHERE datname = $2', [TEMPLATE, name]);
    return name;
  }

  asMaster(database: string): ClientConfig {
    return this.as(this.master, database);
  }

  /** @param user @default 'halton_api_a' */
  asLogin(database: string, user: LoginName = 'halton_api_a'): ClientConfig {
    return this.as({ user, password: PASSWORDS[user] }, database);
  }

  as(login: Login, database: string): ClientConfig {
    return { host: '127.0.0.1', port: this.port, database, ...login, ssl: false };
  }

  /** The superuser, whom no rule binds: to look behind the curtain, or to break something. */
  superuser(database = 'postgres'): ClientConfig {
    return this.as(this.#embedded, database);
  }

  /** Rows of one statement as the superuser. */
  async asSuperuser<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = [], database = 'postgres'): Promise<readonly Row[]> {
    return query<Row>(this.superuser(database), text, values);
  }

  #newName(): string {
    this.#databases += 1;
    return `test_${this.#databases}`;
  }
}

/** Rows of one statement on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(connection: ClientConfig, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
