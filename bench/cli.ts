import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchApi } from './api/index.ts';
import { benchDatabase } from './database/index.ts';
import { table, verdictOf } from './row.ts';

const HELP = `Usage: npm run bench -- (api | database) [--quick] [--json]

Measures what is promised about speed. Each figure stands beside what the same machine does in the same minute without
what is measured, and is judged by the ratio: a median of five rounds, in turn.

  api       the service as a process of its own: batches over HTTP, latency at half of its load, export, reports, start, memory
  database  row-level security, batches with an audit entry, verification of the audit log, 10,000 workspaces, a purge

      --quick  a tenth of the rows, and a second for each measurement instead of three
      --json   print {machine, postgres, rows: [{name, measured, reference, referenceIs, unit, ratio, target, verdict}]}
  -h, --help   this text

Exit codes: 0 every target is met; 1 one is missed, or it failed; 2 an argument is wrong.
`;

const BENCHES = new Map([['api', benchApi], ['database', benchDatabase]]);

async function main(): Promise<0 | 1 | 2> {
  const { values, positionals } = readArguments();
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const bench = BENCHES.get(positionals.join(' '));
  if (bench === undefined) throw new UsageError(`Got ${JSON.stringify(positionals.join(' '))}, expected ${[...BENCHES.keys()].join(' or ')}.`);
  const before = machine();
  const { postgres, rows } = await bench(values.quick, (line) => process.stderr.write(`${line}\n`));
  const judged = rows.map((row) => ({ ...row, verdict: verdictOf(row) }));
  process.stdout.write(values.json ? `${JSON.stringify({ machine: before, postgres, rows: judged }, null, 2)}\n` : `${before}, Postgres ${postgres}\n\n${table(rows)}\n`);
  return judged.some(({ verdict }) => verdict === 'missed') ? 1 : 0;
}

/** The machine, and how busy it is with other things. */
function machine(): string {
  const load = loadavg()[0]?.toFixed(1) ?? '?';
  return `${cpus()[0]?.model ?? 'a processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB, load ${load} before, Node ${process.version}`;
}

class UsageError extends Error {}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
