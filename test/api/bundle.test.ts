import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import pg from 'pg';
import { MIGRATE_SECRETS, SERVER_SECRETS } from '../../api/src/secrets.ts';
import { readRelease } from '../../db/release.ts';
import { fated, ParameterStoreServer } from '../support/parameter-store.ts';
import { PASSWORDS, query, TestPostgres } from '../support/postgres.ts';
import { ContainerCredentials, ServiceProcess } from '../support/service-process.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { temporaryFolder } from '../support/temporary.ts';

const PATH = '/halton/hosted';
const IDENTITY = { IDENTITY_AUTHORIZED_PARTY: 'https://app.example.com', IDENTITY_JWKS_URL: 'https://clerk.example.com/jwks' };
/** Bytes: small enough that a task has loaded it before anybody notices. */
const MOST = 3 * 1024 * 1024;
/** The lock under which the migrations' library runs, as it documents. */
const MIGRATE_LOCK = '7241865325823964';

let folder: string;
let postgres: TestPostgres;
let store: ParameterStoreServer;
let credentials: ContainerCredentials;

beforeAll(async () => {
  const built = temporaryFolder('built');
  execFileSync(process.execPath, ['api/build.ts', built]);
  folder = temporaryFolder('service');
  cpSync(built, folder, { recursive: true });
  rmSync(built, { recursive: true });
  chmodSync(folder, 0o555);
  postgres = await TestPostgres.start();
  credentials = await ContainerCredentials.start();
});
afterAll(async () => {
  await credentials.stop();
  await postgres.stop();
});

beforeEach(async () => {
  store = await ParameterStoreServer.start();
  for (const name of SERVER_SECRETS) store.parameters.put(`${PATH}/${name}`, `s3cr3t ${name}`);
  store.parameters.put(`${PATH}/fernet/keys`, `${'k'.repeat(43)}=`);
  store.parameters.put(`${PATH}/clerk/webhook-signing-secret`, `whsec_${'w'.repeat(43)}=`);
  for (const name of MIGRATE_SECRETS) store.parameters.put(`${PATH}/${name}`, 's3cr3t');
  store.parameters.put(`${PATH}/database/master-password`, postgres.master.password);
  for (const [login, password] of Object.entries(PASSWORDS)) store.parameters.put(`${PATH}/database/${login.replace('halton_', '').replace('_', '-')}-password`, password);
});
afterEach(() => store.close());

const run = (args: readonly string[], settings: Readonly<Record<string, string>> = {}) =>
  new ServiceProcess(args, folder, { AWS_REGION: 'eu-west-2', PARAMETER_PATH: PATH, AWS_ENDPOINT_URL: store.endpoint, ...IDENTITY, ...credentials.environment, ...settings });
const migrate = (database: string, settings: Readonly<Record<string, string>> = {}) =>
  run(['jobs.js', 'migrate'], { DATABASE_HOST: '127.0.0.1', DATABASE_PORT: String(postgres.port), DATABASE_NAME: database, DATABASE_SSLMODE: 'disable', ...settings });

function serve(database: string, settings: Readonly<Record<string, string>>, port = postgres.port): ServiceProcess {
  store.parameters.put(`${PATH}/database/url`, `postgresql://halton_api_a:${PASSWORDS.halton_api_a}@127.0.0.1:${port}/${database}?sslmode=disable`);
  return run(['server.js'], { HOST: '127.0.0.1', ...settings });
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

const everySecret = () => store.parameters.paths().map((path) => store.parameters.value(path) ?? '');

describe('the bundled service, alone in an empty folder that it cannot write to', () => {
  it('is small, and brings its migrations', () => {
    const sizes = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => statSync(join(entry.parentPath, entry.name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST);
    expect(readRelease(join(folder, 'migrations')).migrations).toEqual(readRelease().migrations);
  });

  it.each(['server.js', 'jobs.js'])('explains itself: %s --help', async (file) => {
    expect(await run([file, '--help']).ended()).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^Usage: node [\s\S]*Exit codes: /) as string });
  });

  it('migrates a database, twice without harm, and says what it did in one line', async () => {
    const database = await postgres.empty();
    const first = await migrate(database).ended();
    expect(first.last).toEqual({ outcome: 'done', job: 'migrate', applied: readRelease().migrations, from: 0, to: readRelease().version, milliseconds: expect.any(Number) as number });
    expect(first).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^[^\n]+\n$/) as string });
    expect((await migrate(database).ended()).last).toMatchObject({ outcome: 'done', applied: [] });
    expect(await query(postgres.asLogin(database, 'halton_api_b'), 'SELECT max(version) AS version FROM halton.schema_versions')).toEqual([{ version: readRelease().version }]);
  });

  it('serves HTTPS with a certificate of its own making, and ends in good order on SIGTERM', async () => {
    const PORT = await freePort();
    const server = serve(await postgres.migrated(), { PORT });
    expect(await server.said('Server listening')).toBe(true);
    const answer = await new Promise<{ status: number | undefined; hsts: unknown; issuer: string | undefined }>((resolve, reject) => {
      request({ host: '127.0.0.1', port: PORT, path: '/readyz', rejectUnauthorized: false }, (response) => {
        const issuer = (response.socket as TLSSocket).getPeerX509Certificate()?.issuer;
        resolve({ status: response.resume().statusCode, hsts: response.headers['strict-transport-security'], issuer });
      }).once('error', reject).end();
    });
    expect(answer).toEqual({ status: 200, hsts: 'max-age=63072000; includeSubDomains; preload', issuer: 'CN=halton-api' });
    await expect(fetch(`http://127.0.0.1:${PORT}/readyz`)).rejects.toThrow('fetch failed');
    expect(server.output).toContain(`Server listening at https://127.0.0.1:${PORT}`);
    server.signal('SIGTERM');
    const { exitCode, output } = await server.ended();
    expect(exitCode).toBe(0);
    for (const secret of everySecret()) expect(output).not.toContain(secret);
  });

  it('listens only once the database answers with a schema that it runs on', async () => {
    const PORT = await freePort();
    const proxy = await TcpProxy.start(postgres.port);
    proxy.mode = 'refuse';
    const server = serve(await postgres.migrated(), { PORT }, proxy.port);
    expect(await server.said('not ready, so not listening yet')).toBe(true);
    expect(server.output).toContain('DATABASE_UNAVAILABLE');
    await expect(fetch(`http://127.0.0.1:${PORT}/healthz`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    proxy.mode = 'pass';
    expect(await server.said('Server listening')).toBe(true);
    server.signal('SIGTERM');
    expect(await server.ended()).toMatchObject({ exitCode: 0 });
    await proxy.stop();
  });

  it('ends at once on a signal while it waits for the database', async () => {
    const server = serve(await postgres.empty(), { PORT: await freePort() });
    expect(await server.said('not ready, so not listening yet')).toBe(true);
    server.signal('SIGTERM');
    expect(await server.ended()).toMatchObject({ exitCode: 0 });
  });

  it('ends at once on a signal before it serves', async () => {
    store.intercept = fated('GetParameters', 'hang');
    const server = serve('halton', { PORT: await freePort() });
    while (store.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    server.signal('SIGTERM');
    expect(await server.ended()).toMatchObject({ exitCode: 0 });
  });
});

describe('what the bundled service says when it fails', () => {
  it.each([['fernet/keys', 'SEAL_KEYS_MALFORMED'], ['clerk/webhook-signing-secret', 'SECRET_MALFORMED']])('exits with 2 when %s is malformed, without repeating it', async (name, code) => {
    store.parameters.put(`${PATH}/${name}`, 'n0nsense');
    const { exitCode, last, output } = await serve('postgres', {}).ended();
    expect({ exitCode, code: last['code'] }).toEqual({ exitCode: 2, code });
    expect(output).not.toContain('n0nsense');
  });

  it('exits with 2 when the configuration is wrong', async () => {
    expect(await run(['server.js'], { PORT: 'x' }).ended()).toMatchObject({ exitCode: 2, last: { level: 'fatal', code: 'CONFIG_INVALID' } });
    expect(await run(['jobs.js', 'migrate']).ended()).toMatchObject({ exitCode: 2, last: { outcome: 'failed', job: 'migrate', code: 'CONFIG_INVALID', reason: expect.stringContaining('DATABASE_HOST') as string } });
    expect(await run(['jobs.js', 'dance']).ended()).toMatchObject({ exitCode: 2, last: { outcome: 'failed', job: 'dance', code: 'ARGUMENTS_INVALID' } });
  });

  it('exits with 1 when its port is taken, and names it', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const PORT = String((taken.address() as AddressInfo).port);
    const reason = `Got port ${PORT} of 127.0.0.1, which another process listens on, expected a free one. End that process, or set PORT to another port.`;
    expect(await serve(await postgres.migrated(), { PORT }).ended()).toMatchObject({ exitCode: 1, last: { level: 'fatal', code: 'PORT_IN_USE', reason } });
    await new Promise((resolve) => taken.close(resolve));
  });

  it('exits with 2 when a secret is missing, and names its path', async () => {
    store.parameters.run('DeleteParameter', { Name: `${PATH}/fernet/keys` });
    expect(await serve('halton', {}).ended()).toMatchObject({ exitCode: 2, last: { code: 'SECRET_MISSING', reason: expect.stringContaining('/halton/hosted/fernet/keys') as string } });
  });

  it('exits with 2 rather than speak to a database without TLS', async () => {
    expect(await migrate('halton', { DATABASE_HOST: 'db.example', DATABASE_SSLMODE: 'disable' }).ended()).toMatchObject({ exitCode: 2, last: { code: 'DATABASE_TLS_REQUIRED' } });
  });

  it('exits with 1 when the database refuses the password, which it does not show', async () => {
    store.parameters.put(`${PATH}/database/master-password`, 'wrong-s3cr3t');
    const { exitCode, last, output } = await migrate('halton').ended();
    expect({ exitCode, last }).toMatchObject({ exitCode: 1, last: { outcome: 'failed', code: 'DATABASE_UNREACHABLE', reason: expect.stringContaining('28P01: password authentication failed for user "halton_master"') as string } });
    for (const secret of everySecret()) expect(output).not.toContain(secret);
  });

  it('exits with 1 when a migration is stopped', async () => {
    const database = await postgres.empty();
    const other = new pg.Client(postgres.asMaster(database));
    await other.connect();
    await other.query(`SELECT pg_advisory_lock(${MIGRATE_LOCK})`);
    const job = migrate(database);
    const waiting = "SELECT FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'advisory'";
    while ((await postgres.asSuperuser(waiting, [database])).length === 0);
    job.signal('SIGTERM');
    expect(await job.ended()).toMatchObject({ exitCode: 1, last: { outcome: 'failed', job: 'migrate', code: 'STOPPED' } });
    await other.end();
  });
});
