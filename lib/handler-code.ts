import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const handlers = { secureParameters: 'secure-parameters' } as const;

/** Folder of each bundled handler, by name. */
export type HandlerCode = Readonly<Record<keyof typeof handlers, string>>;

/** The folders into which `bundleHandlers` bundles. */
export function handlerFolders(outdir: string): HandlerCode {
  return { secureParameters: join(outdir, handlers.secureParameters) };
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
  await rm(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.values(handlers).map((folder) => [join(folder, 'index'), join('lambda', folder, 'handler.ts')])),
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
