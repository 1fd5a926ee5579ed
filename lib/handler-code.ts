import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Entry of each handler below `lambda/`, by the name of its function. */
const handlers = {
  secureParameters: 'secure-parameters/handler.ts',
  startMigrations: 'run-migrations/on-event.ts',
  awaitMigrations: 'run-migrations/is-complete.ts',
} as const;

type Handler = keyof typeof handlers;

/** Folder of each bundled handler, by name. */
export type HandlerCode = Readonly<Record<Handler, string>>;

/** The folders into which `bundleHandlers` bundles. */
export function handlerFolders(outdir: string): HandlerCode {
  const folder = (handler: Handler) => join(outdir, handler);
  return {
    secureParameters: folder('secureParameters'),
    startMigrations: folder('startMigrations'),
    awaitMigrations: folder('awaitMigrations'),
  };
}

/**
 * Bundles every handler in one call of esbuild, the AWS SDK included.
 *
 * The SDK that Lambda brings along changes without notice; bundling it also makes the asset's hash say
 * everything about what runs.
 *
 * @param root folder of the repository
 * @param outdir folder to bundle into; emptied first
 */
export async function bundleHandlers(root: string, outdir: string): Promise<HandlerCode> {
  // Not awaited: the caller goes on to load the CDK, which would keep the build from starting.
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(handlers).map(([name, entry]) => [join(name, 'index'), join('lambda', entry)])),
    outdir,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    outExtension: { '.js': '.cjs' }, // below this repository's package.json a .js file would be an ES module
    mainFields: ['module', 'main'], // ES modules first: the CommonJS builds of the SDK cannot be tree-shaken
    legalComments: 'none',
    logLevel: 'warning',
  });
  return handlerFolders(outdir);
}
