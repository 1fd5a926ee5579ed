import { parseArgs } from 'node:util';
import type { Environment } from './config.ts';
import { runPurge, runRotateFernet } from './jobs/commands.ts';
import { runMigrate } from './jobs/migrate.ts';
import { failureOf, StartError } from './start-error.ts';

/** Every job, by the name it is started with; what it resolves to stands in the line about its outcome. */
const jobs: Readonly<Record<string, (environment: Environment) => Promise<object>>> = {
  migrate: runMigrate,
  purge: runPurge,
  'rotate-fernet': runRotateFernet,
};

const HELP = `Usage: node jobs.js migrate|purge|rotate-fernet

Runs a job and prints one line of JSON about its outcome:
  {"outcome":"done","job":"migrate","applied":[…],"from":0,"to":1,"milliseconds":…}
  {"outcome":"failed","job":"migrate","code":"…","reason":"…"}

  migrate        makes the API's roles, sets their passwords and brings the schema up to this release
  purge          purges workspaces whose deletion was requested 30 days ago, and requests beyond their window
  rotate-fernet  seals anew what an older Fernet key has sealed

Each is safe to run twice and at once, and goes on where one that was stopped has ended.

Settings, from the environment:
  AWS_REGION        region of the secrets and the database
  PARAMETER_PATH    path of the deployment's secrets in Parameter Store, as /halton/hosted
  RDS_ROOTS         root certificates of the database, in base64, a space between (default: those of the release)
Of migrate, which knows no database URL yet:
  DATABASE_HOST     host name of the database
  DATABASE_PORT     its port (default: 5432)
  DATABASE_NAME     its name (default: halton)
  DATABASE_SSLMODE  verify-full, or disable on a loopback host (default: verify-full)
Of the others:
  EVIDENCE_BUCKET   bucket that tombstones are handed to before anything is purged

Exit codes: 0 done; 1 failed; 2 the configuration is wrong.
`;

const started = performance.now();
let name: string | undefined;

async function main(environment: Environment): Promise<void> {
  const { help, positionals } = readArguments();
  if (help) {
    process.stdout.write(HELP);
    return;
  }
  name = positionals[0];
  const job = name !== undefined && Object.hasOwn(jobs, name) ? jobs[name] : undefined;
  if (job === undefined || positionals.length > 1) {
    throw new StartError('ARGUMENTS_INVALID', `Got ${JSON.stringify(positionals.join(' '))}, expected the name of one job: ${Object.keys(jobs).join(', ')}.`);
  }
  process.once('SIGTERM', () => {
    // Nothing to undo: Postgres rolls back what a closed connection leaves open.
    end({ outcome: 'failed', job: name, code: 'STOPPED', reason: 'It was told to stop before it was done. Run it again.' }, 1);
  });
  const outcome = await job(environment);
  end({ outcome: 'done', job: name, ...outcome, milliseconds: Math.round(performance.now() - started) }, 0);
}

function readArguments(): { readonly help: boolean; readonly positionals: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean', short: 'h', default: false } } });
    return { help: values.help, positionals };
  } catch {
    throw new StartError('ARGUMENTS_INVALID', 'Got an option that does not exist, expected the name of a job, or --help.');
  }
}

function end(outcome: object, exitCode: 0 | 1 | 2): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
  process.exit(exitCode);
}

// eslint-disable-next-line node/no-process-env -- where the process starts is where its environment is read
main(process.env).catch((error: unknown) => {
  const { code, reason, exitCode } = failureOf(error);
  end({ outcome: 'failed', job: name, code, reason }, exitCode);
});
