import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs, styleText } from 'node:util';
import { drain } from '../api/src/drain.ts';
import type { Draining } from '../api/src/drain.ts';
import { openPool } from '../api/src/database.ts';
import { parseFernetKeys } from '../api/src/sealing/keys.ts';
import { newService } from '../api/src/service.ts';
import { startEmbeddedPostgres } from '../db/embedded/server.ts';
import type { EmbeddedPostgres } from '../db/embedded/server.ts';
import { newMasterLogin } from '../db/embedded/master.ts';
import { newDemoIssuer } from './demo-issuer.ts';
import { newPasswords } from '../db/embedded/passwords.ts';
import { prepareDatabase } from '../db/prepare.ts';
import { readRelease } from '../db/release.ts';
import type { LoginName } from '../db/roles.ts';

const HELP = `Usage: npm start [-- [--port N] [--verbose]]

Runs the API on a Postgres of its own, migrated and empty, at http://127.0.0.1. ctrl-C ends both and leaves nothing.

  -p, --port N   port to listen on, or any free one if it is taken (default: 3000)
  -v, --verbose  every line of the log, not warnings only
  -h, --help     this text

Exit codes: 0 ended in good order; 1 failed; 2 an argument is wrong.
`;

const HOST = '127.0.0.1';
const DATABASE = 'halton';
/** Milliseconds: nobody has to be told first, and a request at hand may end. */
const LIMITS = { notice: 0, finish: 5_000 };
/** Milliseconds between looks at whether the process that started this one is still there. */
const LOOK_EVERY = 500;

const begun = performance.now();
let postgres: EmbeddedPostgres | undefined;
let service: Draining | undefined;
let stopping = false;

async function main(): Promise<void> {
  const { port, verbose } = readArguments();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  stopWithParent();

  progress('Starting Postgres');
  postgres = await startEmbeddedPostgres();
  const { port: databasePort } = postgres;
  const address = { host: HOST, port: databasePort, database: DATABASE, ssl: false };
  progress('Migrating');
  const release = readRelease();
  const passwords = newPasswords();
  const { applied } = await prepareDatabase({ ...address, ...(await newMasterLogin(postgres, DATABASE)) }, passwords, release);
  progress(`Applied ${applied.join(', ')}`);

  const poolOf = (user: LoginName) => openPool({ ...address, user, password: passwords[user] });
  const issuer = newDemoIssuer();
  const keys = parseFernetKeys(randomBytes(32).toString('base64url') + '=');
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
  service = await newService({ pool: poolOf('halton_api_a'), support: poolOf('halton_support'), keys, webhookSecret, release, identity: issuer.identity, log: { level: verbose ? 'info' : 'warn' } });
  const url = await listen(service, port);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(`\nReady after ${seconds} s. Try it:\n\n  ${bold(`curl ${url}/readyz`)}\n\nctrl-C ends it.\n`);
}

async function listen({ app }: Draining, port: number): Promise<string> {
  try {
    return await app.listen({ host: HOST, port });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    progress(`Port ${port} is taken; taking a free one`);
    return app.listen({ host: HOST, port: 0 });
  }
}

function readArguments(): { readonly port: number; readonly verbose: boolean } {
  const values = parse();
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) throw new UsageError(`Got --port ${values.port}, expected a number from 0 to 65535.`);
  return { port, verbose: values.verbose };
}

class UsageError extends Error {}

function parse() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', short: 'p', default: '3000' },
        verbose: { type: 'boolean', short: 'v', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Without a terminal no signal tells that whoever started this is gone; then another process takes the place. */
function stopWithParent(): void {
  const begunBy = ancestors();
  setInterval(() => {
    if (ancestors() !== begunBy) void stop(0);
  }, LOOK_EVERY).unref();
}

/** The parent, and on Linux the one before it: there npm starts a script through a shell that outlives npm. */
function ancestors(): string {
  try {
    const status = readFileSync(`/proc/${process.ppid}/status`, 'utf8');
    return `${process.ppid} ${/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? ''}`;
  } catch {
    return `${process.ppid}`; // no /proc: not Linux
  }
}

async function stop(exitCode: 0 | 1): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (exitCode === 0) progress('Stopping');
  if (service) await drain(service, LIMITS);
  await postgres?.stop();
  process.exit(exitCode);
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}

process.stdout.on('error', () => undefined); // the terminal may be gone before what is told to it
process.stderr.on('error', () => undefined);
try {
  await main();
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
  // While it stops, what was being started fails for want of Postgres.
  if (!stopping) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await stop(1);
  }
}
