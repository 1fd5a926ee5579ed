// Keeps one Postgres for the process that started this one, and ends it with that process: standard input is a pipe
// from there, which the kernel closes however that process dies. Then Postgres stops, and its files go unless they are kept.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { programs, unprivileged } from './binaries.ts';
import type { RunAs } from './binaries.ts';
import type { EmbeddedOptions } from './server.ts';

type Postgres = ChildProcessByStdio<null, null, Readable>;

/** Nothing is kept, so nothing has to survive a power cut; and there is no socket file, only the port. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Of files that are kept: a laptop that goes out loses the last moment, and not the rest. */
const KEPT: Readonly<Record<string, string>> = { fsync: 'on', full_page_writes: 'on' };

/** Another process may take the port between its choice and its use; this often in a row it does not happen. */
const PORTS_TO_TRY = 5;
/** Milliseconds that a stop may take before Postgres is killed: sessions are cut off at once, a checkpoint follows. */
const STOP_TIMEOUT = 10_000;

/** Milliseconds between looks at whether Postgres is ready. */
const LOOK_EVERY = 20;
/** One that was killed cannot start again before all of its processes are gone, which takes a moment. */
const STARTS_TO_TRY = 100;
/** Characters of what Postgres says that can matter when it does not start. */
const ENOUGH_SAID = 10_000;

const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC' };

/** What it is asked for, as startEmbeddedPostgres passes it on. */
type Asked = EmbeddedOptions & { readonly settings: Readonly<Record<string, string>> };

function initialise(initdb: string, runAs: RunAs, scratch: string, { folder, password }: NonNullable<EmbeddedOptions['kept']>): string {
  const data = join(folder, 'data');
  if (existsSync(join(data, 'PG_VERSION'))) return data;
  const passwordFile = join(scratch, 'password');
  rmSync(data, { recursive: true, force: true }); // half made by one that was stopped
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (runAs) for (const path of [data, passwordFile]) chownSync(path, runAs.uid, runAs.gid);
  const flags = [`--pgdata=${data}`, `--pwfile=${passwordFile}`, '--username=postgres', '--auth=scram-sha-256', '--no-locale', '--encoding=UTF8', '--no-sync'];
  const { status, stderr } = spawnSync(initdb, flags, { ...runAs, cwd: scratch, env: ENVIRONMENT, encoding: 'utf8' });
  rmSync(passwordFile);
  if (status !== 0) throw new Error(`initdb failed: ${stderr || 'it could not be started'}`);
  return data;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}

/** @returns what Postgres said where it did not start */
async function start(command: string, data: string, port: number, runAs: RunAs, settings: Readonly<Record<string, string>>): Promise<Postgres | string> {
  if (letGo.aborted) return 'it was no longer wanted';
  const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const postgres = spawn(command, ['-D', data, '-p', String(port), ...flags], { ...runAs, cwd: data, env: ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] });
  letGo.addEventListener('abort', () => stop(postgres), { once: true });
  let said = '';
  postgres.stderr.setEncoding('utf8').on('data', (text: string) => { // read to the end: a full pipe would stop Postgres
    if (said.length < ENOUGH_SAID) said += text;
  });
  const failed = new Promise<string>((resolve) => {
    postgres.once('error', (error) => resolve(error.message));
    postgres.once('exit', () => resolve(said));
  });
  return Promise.race([failed, untilReady(data, postgres).then(() => postgres)]);
}

/** Postgres writes into this file that it takes connections, as its own pg_ctl waits for; one that was killed leaves it behind. */
async function untilReady(data: string, postgres: Postgres): Promise<void> {
  const status = () => readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => 'not yet written');
  const ready = new RegExp(`^${postgres.pid}\\n[^]*^ready\\s*$`, 'm');
  while (postgres.exitCode === null && postgres.signalCode === null && !ready.test(await status())) await sleep(LOOK_EVERY);
}

/** Waits until Postgres ends, and starts one that was killed again: what was committed is in its log. */
async function keep(postgres: Postgres, startAgain: () => Promise<Postgres | string>): Promise<void> {
  let running = postgres;
  while ((await signalOf(running)) === 'SIGKILL' && !letGo.aborted) {
    let next = await startAgain();
    for (let attempt = 1; typeof next === 'string' && attempt < STARTS_TO_TRY; attempt += 1) {
      await sleep(LOOK_EVERY);
      next = await startAgain();
    }
    if (typeof next === 'string') throw new Error(`Postgres did not start again: ${next}`);
    running = next;
  }
}

function signalOf(postgres: Postgres): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => postgres.once('exit', (_, signal) => resolve(signal)));
}

/** Cuts sessions off at once (fast shutdown), and waits for the checkpoint that follows. */
function stop(postgres: Postgres): void {
  postgres.kill('SIGINT');
  const kill = setTimeout(() => postgres.kill('SIGKILL'), STOP_TIMEOUT);
  postgres.once('exit', () => clearTimeout(kill));
}

async function run(scratch: string): Promise<void> {
  const asked: Asked = JSON.parse(process.argv[2] ?? '{}');
  const settings = { ...asked.settings, ...(asked.kept && KEPT) };
  const runAs = unprivileged();
  const { initdb, postgres: command } = programs(runAs, scratch, asked.programs);
  const { folder, password } = asked.kept ?? { folder: scratch, password: randomBytes(16).toString('hex') };
  const data = initialise(initdb, runAs, scratch, { folder, password });
  let said = '';
  for (let attempt = 0; attempt < PORTS_TO_TRY; attempt += 1) {
    const port = await freePort();
    const postgres = await start(command, data, port, runAs, settings);
    if (typeof postgres !== 'string') {
      process.stdout.write(`${JSON.stringify({ port, password })}\n`);
      await keep(postgres, () => start(command, data, port, runAs, settings));
      return;
    }
    said = postgres;
  }
  throw new Error(`Postgres did not start: ${said}`);
}

/** Aborted when the process that started this one is gone, or wants no Postgres any more. */
const leave = new AbortController();
const letGo = leave.signal;
process.stdin.once('close', () => leave.abort()).resume();
const scratch = mkdtempSync(join(tmpdir(), 'halton-postgres-'));
chmodSync(scratch, 0o711); // the other user has to get through, and see nothing
// A signal to this process is no reason to leave Postgres behind: the pipe decides.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.stdout.on('error', () => undefined); // whoever would read is gone, and the pipe says so too
try {
  await run(scratch);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ failed: error instanceof Error ? error.message : 'unknown error' })}\n`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
  process.exit();
}
