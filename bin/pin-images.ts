import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { baseImages, withDigests } from '../api/image/base-images.ts';
import { readDigest, RegistryError } from '../api/image/registry.ts';

const HELP = `Usage: npm run pin-images [-- --dockerfile FILE]

Reads the digest that the tag of each base image has now from its registry, and writes it into the Dockerfile. An
image that starts from a digest is the same tomorrow; run this again for the base images' security updates.

      --dockerfile FILE  the Dockerfile (default: api/Dockerfile)
  -h, --help             this text

Exit codes: 0 every base image is pinned; 1 an image is unknown, altered on the way or not for arm64; 2 a registry could
not be asked. Unless every digest was read, the Dockerfile stays as it is.
`;

class UsageError extends Error {}

async function main(): Promise<0 | 1 | 2> {
  const values = parse();
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const file = values.dockerfile;
  const before = readFileSync(file, 'utf8');
  const images = baseImages(before);
  if (images.length === 0) throw new UsageError(`Got ${file}, which starts from no image, expected a Dockerfile.`);
  const digests = new Map<string, string>();
  for (const { name } of images) {
    process.stderr.write(`Asking for ${name} …\n`);
    digests.set(name, await readDigest(name));
  }
  writeFileSync(file, withDigests(before, digests));
  const width = Math.max(...images.map(({ name }) => name.length));
  for (const { name, digest } of images) {
    const now = digests.get(name) ?? '';
    process.stdout.write(`${name.padEnd(width)}  ${now}  ${digest === now ? 'unchanged' : 'pinned'}\n`);
  }
  return 0;
}

function parse() {
  try {
    return parseArgs({
      options: {
        dockerfile: { type: 'string', default: join(import.meta.dirname, '..', 'api', 'Dockerfile') },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

process.exitCode = await main().catch((error: unknown) => {
  if (error instanceof RegistryError) {
    process.stderr.write(`${error.code}: ${error.message} Nothing was changed.\n`);
    return error.code === 'REGISTRY_UNREACHABLE' ? 2 : 1;
  }
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${error instanceof UsageError ? `\n${HELP}` : ''}`);
  return 2;
});
