import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const handlers = { secureParameters: 'secure-parameters' } as const;

/** Folder of each bundled handler, by name. */
export type HandlerCode = Readonly<Record<keyof typeof handlers, string>>;

/**
 * Bundles every handler in one call of esbuild, the AWS SDK included.
 *
 * The SDK that Lambda brings along changes without notice; bundling it also makes the asset's hash say
 * everything about what runs.
 *
 * @param root folder of the repository
 * @param outdir folder to bundle into; emptied first
 * @returns the folder of each handler
 */
export function bundleHandlers(root: string, outdir = join(root, 'build', 'lambda')): HandlerCode {
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.values(handlers).map((folder) => [join(folder, 'index'), join('lambda', folder, 'handler.ts')])),
    outdir,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'], // ES modules first: the CommonJS builds of the SDK cannot be tree-shaken
    legalComments: 'none',
    logLevel: 'warning',
  });
  return { secureParameters: join(outdir, handlers.secureParameters) };
}
