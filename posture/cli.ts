import { parseArgs } from 'node:util';
import { catalogue } from './catalogue.ts';
import { checkAssembly } from './check.ts';
import { controls } from './controls/index.ts';
import { print } from './print.ts';
import { serialize } from './results.ts';

const HELP = `Usage: npm run posture -- <command> [options]

Commands
  check DIR   Judge the cloud assembly in DIR, cdk.out for example; nothing is written
  catalogue   List every claim with its controls, with what it awaits, or both where they prove a part of it

Options
  --json      Print JSON for a machine
  --help      Print this

Exit codes
  0  no promise is broken; what lies outside the assembly is told and awaits a live check
  1  a promise is broken, or the templates do not settle it
  2  nothing could be judged: no readable assembly, a control that crashed, a wrong command
`;

class UsageError extends Error {}

/** Runs a command; what it returns is the exit code. */
function run(args: readonly string[]): number {
  const { values, positionals } = parse(args);
  const [command, ...operands] = positionals;
  if (values.help === true) {
    process.stdout.write(HELP);
    return 0;
  }
  switch (command) {
    case 'check':
      return check(operands, values.json === true);
    case 'catalogue':
      return list(operands, values.json === true);
    case undefined:
      throw new UsageError('no command was given');
    default:
      throw new UsageError(`${command} is no command`);
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function check(operands: readonly string[], json: boolean): number {
  const [directory] = operands;
  if (directory === undefined || operands.length > 1) {
    throw new UsageError(`check takes one directory, got ${operands.length === 0 ? 'none' : operands.join(' ')}`);
  }
  const results = checkAssembly(directory, process.cwd(), controls);
  const { stdout } = process;
  const text = json ? serialize(results) : print(results, stdout.isTTY ? { width: stdout.columns, color: stdout.hasColors() } : {});
  // An error without results is no output that a pipe should take for one.
  (results.error !== undefined && !json ? process.stderr : stdout).write(text);
  return results.exitCode;
}

function list(operands: readonly string[], json: boolean): number {
  if (operands.length > 0) throw new UsageError(`catalogue takes no operand, got ${operands.join(' ')}`);
  const entries = catalogue(controls);
  if (json) {
    process.stdout.write(`${JSON.stringify(entries.map(({ claim, controls: by }) => ({ ...claim, controls: by })), null, 2)}\n`);
    return 0;
  }
  const width = Math.max(...entries.map(({ claim }) => claim.says.length));
  for (const { claim, controls: by } of entries) {
    const proof = [...(by.length > 0 ? [by.join(', ')] : []), ...(claim.awaits === undefined ? [] : [`not yet: awaits ${claim.awaits}`])];
    process.stdout.write(`${claim.id.padEnd(9)}  ${claim.says.padEnd(width)}  ${proof.join('; ')}\n`);
  }
  return 0;
}

try {
  // Not process.exit: a pipe that is slow to read would lose the end of the text.
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage ? `\n${HELP}` : ''}`);
  process.exitCode = 2;
}
