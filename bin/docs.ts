import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { renderJsonSchema, renderReference } from '../lib/deployment/reference.ts';
import { fillArchitecture } from './architecture.ts';

const HELP = `Writes the files that are generated from the sources, relative to the working directory.

  npm run docs               write them
  npm run docs -- --check    write nothing, and name the ones that are stale

Exit codes: 0 written or current, 1 stale, 2 wrong usage.
`;

const generated: readonly { readonly path: string; readonly render: (current: string | undefined) => string | Promise<string> }[] = [
  { path: 'lib/deployment/schema.json', render: renderJsonSchema },
  { path: 'docs/deployment.md', render: renderReference },
  { path: 'docs/architecture.md', render: fillArchitecture },
];

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${HELP}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const rendered = await Promise.all(generated.map(async ({ path, render }) => ({ path, now: current(path), wanted: await render(current(path)) })));
  const stale = rendered.filter(({ now, wanted }) => now !== wanted);
  if (!options.check) {
    for (const { path, wanted } of stale) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, wanted);
      process.stdout.write(`wrote ${path}\n`);
    }
    return 0;
  }
  for (const { path } of stale) process.stderr.write(`${path} is stale: run \`npm run docs\` and commit what it writes\n`);
  return stale.length === 0 ? 0 : 1;
}

function readOptions(args: readonly string[]): { readonly check: boolean; readonly help: boolean } | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    return values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The text of a generated file; undefined where it has not been written yet. */
function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
