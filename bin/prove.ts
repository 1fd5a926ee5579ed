import { parseArgs, styleText } from 'node:util';
import type { Proof } from '../prove/proof.ts';
import { PROOFS } from '../prove/proofs.ts';
import { exitCodeOf, runProofs, summary } from '../prove/run.ts';
import type { Report } from '../prove/run.ts';
import { UsageError } from './deployment-name.ts';

const HELP = `Usage: npm run prove [-- [NAME…] [--json]]

Runs the proofs that are too long for the suite, or that need more than Node: all of them, or the ones named.

${PROOFS.map(({ name, proves, needs }) => `  ${name.padEnd(10)}  ${proves}${needs === undefined ? '' : `\n${' '.repeat(14)}Needs ${needs}.`}`).join('\n')}

      --json  print [{name, proves, outcome, details, seconds}] instead; outcome is proved, failed or not run
  -h, --help  this text

Exit codes: 0 nothing failed, though what was not run is not proved; 1 a proof failed; 2 an argument is wrong;
3 a proof that was asked for by its name could not run.
`;

async function main(): Promise<0 | 1 | 3> {
  const { values, positionals } = args();
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const proofs = positionals.length === 0 ? PROOFS : positionals.map(proofNamed);
  const reports = await runProofs(proofs, (line) => process.stderr.write(`${line}\n`), values.json ? () => undefined : print);
  process.stdout.write(values.json ? `${JSON.stringify(reports, null, 2)}\n` : `${summary(reports)}\n`);
  return exitCodeOf(reports, positionals.length > 0);
}

function args() {
  try {
    return parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function proofNamed(asked: string): Proof {
  const proof = PROOFS.find(({ name }) => name === asked);
  if (proof === undefined) throw new UsageError(`Got ${asked}, expected one of ${PROOFS.map(({ name }) => name).join(', ')}.`);
  return proof;
}

function print({ name, outcome, seconds, details }: Report): void {
  const style = ({ proved: 'green', failed: 'red', 'not run': 'yellow' } as const)[outcome];
  process.stdout.write(`${styleText(style, outcome.padEnd(7), { stream: process.stdout })}  ${name} (${seconds} s): ${details}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
