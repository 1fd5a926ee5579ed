import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { renderJsonSchema, renderReference } from '../lib/deployment/reference.ts';

const HELP = `Writes the files that are generated from the sources, relative to the working directory.

  npm run docs [-- FILE…]            write them, or only the ones named
  npm run docs -- --check [FILE…]    write nothing, and name the ones that are stale

Exit codes: 0 written or current, 1 stale, 2 wrong usage.
`;

// The last five synthesize whole deployments, start a Postgres or load the service, so what they need is loaded only where they are asked for.
const generated: readonly { readonly path: string; readonly render: (current: string | undefined) => string | Promise<string> }[] = [
  { path: 'lib/deployment/schema.json', render: renderJsonSchema },
  { path: 'docs/deployment.md', render: renderReference },
  { path: 'docs/architecture.md', render: async (text) => (await import('./architecture.ts')).fillArchitecture(text) },
  { path: 'docs/modes.md', render: async () => (await import('./modes.ts')).renderModes() },
  { path: 'docs/openapi.json', render: async () => (await import('./api-docs.ts')).renderOpenApi() },
  { path: 'docs/permissions.md', render: async () => (await import('./api-docs.ts')).renderPermissions() },
  { path: 'db/schema.sql', render: async () => (await import('./schema.ts')).renderSchema() },
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
  const asked = generated.filter(({ path }) => options.files.length === 0 || options.files.includes(path));
  const rendered = await Promise.all(asked.map(async ({ path, render }) => ({ path, now: current(path), wanted: await render(current(path)) })));
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

interface Options {
  readonly check: boolean;
  readonly help: boolean;
  /** None for all of them. */
  readonly files: readonly string[];
}

function readOptions(args: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    const unknown = positionals.find((file) => generated.every(({ path }) => path !== file));
    if (unknown !== undefined) return `Got ${unknown}, expected one of ${generated.map(({ path }) => path).join(', ')}.`;
    return { ...values, files: positionals };
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
