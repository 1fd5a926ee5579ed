import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { drain } from '../api/src/drain.ts';
import type { Draining } from '../api/src/drain.ts';
import { newService } from '../api/src/service.ts';
import type { EmbeddedPostgres } from '../db/embedded/server.ts';
import { newDemoIssuer } from './demo-issuer.ts';
import { examplesOf, makeDemo } from './demo.ts';
import { openLaptop } from './laptop-database.ts';
import { dataFolder, resetLaptop, takeLaptop } from './laptop.ts';

const HELP = `Usage: npm start [-- [--port N] [--data FOLDER] [--reset] [--verbose]]

Runs the API on a Postgres of its own at http://127.0.0.1, with a demo workspace and lines to paste that try it. ctrl-C ends
both; the next start finds the data again.

  -p, --port N       port to listen on, or any free one if it is taken (default: 3000)
  -d, --data FOLDER  where the data is kept (default: .halton here; for root below /var/tmp)
      --reset        begins anew, without what was kept
  -v, --verbose      every line of the log, not warnings only
  -h, --help         this text

Exit codes: 0 ended in good order; 1 failed; 2 an argument is wrong.
`;

const HOST = '127.0.0.1';
/** Milliseconds: nobody has to be told first, and a request at hand may end. */
const LIMITS = { notice: 0, finish: 5_000 };
/** Milliseconds between looks at whether the process that started this one is still there. */
const LOOK_EVERY = 500;

const begun = performance.now();
let postgres: EmbeddedPostgres | undefined;
let service: Draining | undefined;
let stopping = false;

async function main(): Promise<void> {
  const { port, verbose, folder, reset } = readArguments();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  stopWithParent();
  takeLaptop(folder);
  if (reset) resetLaptop(folder);
  const laptop = await openLaptop(folder);
  ({ postgres } = laptop);
  const issuer = newDemoIssuer();
  service = await newService({ ...laptop.deps, identity: issuer.identity, log: { level: verbose ? 'info' : 'warn' } });
  const url = await listen(service, port);
  const demo = laptop.demo ?? laptop.keepDemo(await makeDemo(url, issuer));
  const examples = examplesOf(url, demo, await issuer.token(demo.ownerId), new Date());
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(`\nReady after ${seconds} s at ${bold(url)}, with a demo workspace to try. Its data is kept in ${folder}.\n`);
  for (const { does, line } of examples) process.stdout.write(`\n# ${does}\n${bold(line)}\n`);
  process.stdout.write('\nctrl-C ends it.\n');
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

function readArguments(): { readonly port: number; readonly verbose: boolean; readonly folder: string; readonly reset: boolean } {
  const values = parse();
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) throw new UsageError(`Got --port ${values.port}, expected a number from 0 to 65535.`);
  return { port, verbose: values.verbose, folder: resolve(values.data ?? dataFolder()), reset: values.reset };
}

class UsageError extends Error {}

function parse() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', short: 'p', default: '3000' },
        data: { type: 'string', short: 'd' },
        reset: { type: 'boolean', default: false },
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
