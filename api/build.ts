// Bundles the service: node api/build.ts OUTDIR
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';

const HELP = `Usage: node api/build.ts OUTDIR

Bundles the service into a folder that runs alone with Node 24: server.js, jobs.js and the migrations beside them.
OUTDIR is emptied first.

Exit codes: 0 built; 1 it does not build; 2 no folder was named.
`;

const root = join(import.meta.dirname, '..');

/** The fonts that reports are written in. */
const FONTS = ['Helvetica', 'HelveticaBold'];

/** Fonts are asked for by a `require` that is made at run time and that no bundler follows; with its own it does. */
const standardFonts: Plugin = {
  name: 'standard-fonts',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]pdfkit\.node\.mjs$/ }, ({ path }) => {
      const found: string[] = [];
      const contents = readFileSync(path, 'utf8').replaceAll(/^.*\brequire\$1\('#standard-fonts\/(\w+)'\),?$/gm, (line, font: string) => {
        if (!FONTS.includes(font)) return '';
        found.push(font);
        return line.replace('require$1', 'require');
      });
      if (found.length !== FONTS.length) throw new Error(`Got the fonts ${found.join(', ') || '(none)'} in ${path}, expected ${FONTS.join(', ')}. Look how this release of pdfkit loads them, and change this plugin.`);
      return { contents, loader: 'js' };
    });
  },
};

/** Bundles the service into a folder, which is emptied first. */
async function bundleService(outdir: string): Promise<void> {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  await build({
    absWorkingDir: root,
    tsconfigRaw: {}, // the same bundle wherever it is built; the image's build has no tsconfig.json
    entryPoints: { server: 'api/src/server.ts', jobs: 'api/src/jobs.ts' },
    outdir,
    bundle: true,
    // What server and jobs share is there once. Whatever reads its own folder finds the same one in each file.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'], // ES modules first: the CommonJS builds of the SDK cannot be tree-shaken
    minify: true,
    keepNames: true, // names of errors end up in the log
    legalComments: 'none',
    // The migrations' library could also load them as programs. Ours are SQL, and the loader would write a cache.
    alias: { jiti: join(root, 'api', 'no-loader.ts'), fontkit: join(root, 'api', 'no-fonts.ts') },
    plugins: [standardFonts],
    // CommonJS packages ask for Node's modules by `require`, which an ES module has to make for itself.
    banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
    logLevel: 'warning',
  });
  cpSync(join(root, 'db', 'migrations'), join(outdir, 'migrations'), { recursive: true });
  writeFileSync(join(outdir, 'package.json'), `${JSON.stringify({ private: true, type: 'module' })}\n`);
}

async function main(): Promise<0 | 2> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean', short: 'h', default: false } } });
  const [outdir] = positionals;
  if (values.help || outdir === undefined || positionals.length > 1) {
    (values.help ? process.stdout : process.stderr).write(HELP);
    return values.help ? 0 : 2;
  }
  await bundleService(resolve(outdir));
  return 0;
}

process.exitCode = await main();
