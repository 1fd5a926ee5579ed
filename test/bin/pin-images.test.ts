import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { baseImages, withDigests } from '../../api/image/base-images.ts';
import { parseImage } from '../../api/image/registry.ts';
import { temporaryFolder } from '../support/temporary.ts';

const INDEX = 'application/vnd.oci.image.index.v1+json';
const index = (...architectures: readonly string[]) => JSON.stringify({ schemaVersion: 2, manifests: architectures.map((architecture) => ({ platform: { os: 'linux', architecture } })) });
const digestOf = (body: string) => `sha256:${createHash('sha256').update(body).digest('hex')}`;

interface Manifest { readonly body: string; readonly type?: string; readonly announced?: string }

/** A registry that lets nobody read without a token, and gives everybody one. */
class Registry {
  readonly manifests = new Map<string, Manifest>();
  readonly asked: string[] = [];
  readonly #server: Server = createServer(({ url = '', headers }, response) => this.#answer(url, headers.authorization, response));

  static async start(): Promise<Registry> {
    const registry = new Registry();
    await new Promise<void>((resolve) => void registry.#server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(url: string, authorization: string | undefined, response: ServerResponse): void {
    this.asked.push(url);
    if (url.startsWith('/token')) return void response.end(JSON.stringify({ token: 'for-anybody' }));
    if (authorization !== 'Bearer for-anybody') {
      response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${this.host}/token",service="registry",scope="repository:base:pull"` });
      return void response.end();
    }
    const manifest = this.manifests.get(url);
    if (manifest === undefined) return void response.writeHead(404).end();
    const { body, type = INDEX, announced = digestOf(body) } = manifest;
    response.writeHead(200, { 'content-type': type, 'docker-content-digest': announced }).end(body);
  }
}

let registry: Registry;
beforeEach(async () => {
  registry = await Registry.start();
});
afterEach(() => registry.stop());

function dockerfile(text: string): string {
  const file = join(temporaryFolder('dockerfile'), 'Dockerfile');
  writeFileSync(file, text.replaceAll('REGISTRY', registry.host));
  return file;
}

async function pin(...args: readonly string[]) {
  return new Promise<{ exitCode: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, ['bin/pin-images.ts', ...args], (error, stdout, stderr) => resolve({ exitCode: error ? error.code : 0, stdout, stderr }));
  });
}

describe('npm run pin-images', () => {
  it('writes the digest that each tag has now beside the tag, and leaves the rest as it is', async () => {
    const build = index('amd64', 'arm64');
    const run = index('arm64');
    registry.manifests.set('/v2/team/build/manifests/24', { body: build }).set('/v2/run/manifests/latest', { body: run });
    const file = dockerfile('# base\nFROM --platform=$BUILDPLATFORM REGISTRY/team/build:24 AS build\nRUN x\nFROM REGISTRY/run\nCOPY --from=build /a .\nFROM build AS again\n');
    const { exitCode, stdout } = await pin('--dockerfile', file);
    expect(exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(
      `# base\nFROM --platform=$BUILDPLATFORM ${registry.host}/team/build:24@${digestOf(build)} AS build\nRUN x\nFROM ${registry.host}/run@${digestOf(run)}\nCOPY --from=build /a .\nFROM build AS again\n`,
    );
    expect(stdout.match(/pinned$/gm)).toHaveLength(2);
    expect(registry.asked).toContain('/token?service=registry&scope=repository%3Abase%3Apull');
  });

  it('takes the new digest of a tag that has moved, and says where none has', async () => {
    const body = index('arm64');
    registry.manifests.set('/v2/run/manifests/24', { body });
    const file = dockerfile(`FROM REGISTRY/run:24@sha256:${'0'.repeat(64)}\n`);
    expect((await pin('--dockerfile', file)).stdout).toMatch(/pinned$/m);
    expect(readFileSync(file, 'utf8')).toBe(`FROM ${registry.host}/run:24@${digestOf(body)}\n`);
    expect((await pin('--dockerfile', file)).stdout).toMatch(/unchanged$/m);
  });

  it.each([
    ['2, when a registry cannot be asked', 'FROM REGISTRY/run:24\nFROM 127.0.0.1:1/other:1\n', 2, 'REGISTRY_UNREACHABLE'],
    ['1, when the tag is unknown', 'FROM REGISTRY/run:24\nFROM REGISTRY/unknown:1\n', 1, 'IMAGE_UNKNOWN'],
    ['1, when the manifest was altered on the way', 'FROM REGISTRY/run:24\nFROM REGISTRY/altered:1\n', 1, 'DIGEST_MISMATCH'],
    ['1, when the image does not run on arm64', 'FROM REGISTRY/run:24\nFROM REGISTRY/amd64:1\n', 1, 'IMAGE_NOT_FOR_ARM64'],
    ['1, when the image is for one platform', 'FROM REGISTRY/run:24\nFROM REGISTRY/single:1\n', 1, 'IMAGE_NOT_FOR_ARM64'],
  ])('changes nothing and exits with %s', async (_, text, code, name) => {
    registry.manifests
      .set('/v2/run/manifests/24', { body: index('arm64') })
      .set('/v2/altered/manifests/1', { body: index('arm64'), announced: digestOf('another') })
      .set('/v2/amd64/manifests/1', { body: index('amd64') })
      .set('/v2/single/manifests/1', { body: '{}', type: 'application/vnd.oci.image.manifest.v1+json' });
    const file = dockerfile(text);
    const before = readFileSync(file, 'utf8');
    const { exitCode, stderr } = await pin('--dockerfile', file);
    expect(exitCode).toBe(code);
    expect(stderr).toMatch(new RegExp(`^${name}: .* Nothing was changed\\.$`, 'm'));
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('explains itself, and exits with 2 on an option that it does not know', async () => {
    expect(await pin('--help')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Exit codes:') as string });
    expect(await pin('--dockrfile', 'x')).toMatchObject({ exitCode: 2 });
  });
});

describe('the name of an image', () => {
  it.each([
    ['node:24-trixie-slim', 'registry-1.docker.io', 'library/node', '24-trixie-slim'],
    ['team/app', 'registry-1.docker.io', 'team/app', 'latest'],
    ['gcr.io/distroless/nodejs24-debian13:nonroot', 'gcr.io', 'distroless/nodejs24-debian13', 'nonroot'],
    ['localhost:5000/app:1', 'localhost:5000', 'app', '1'],
  ])('is read by the rules of Docker: %s', (image, host, repository, tag) => {
    expect(parseImage(image)).toEqual({ host, repository, tag });
  });
});

describe('the Dockerfile of the service', () => {
  const text = readFileSync('api/Dockerfile', 'utf8');
  const ignored = readFileSync('.dockerignore', 'utf8').split('\n');

  it('starts from images that can be pinned', () => {
    expect(baseImages(text)).toHaveLength(2);
    const digests = new Map(baseImages(text).map(({ name }) => [name, digestOf(name)]));
    expect(baseImages(withDigests(text, digests))).toEqual(baseImages(text).map(({ name }) => ({ name, digest: digestOf(name) })));
  });

  it('copies only what its context lets through', () => {
    const sources = [...text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '));
    expect(sources).toEqual(['package.json', 'package-lock.json', '.npmrc', 'api', 'db']);
    for (const source of sources) expect(ignored).toContain(`!${source}`);
  });

  it('ends in an image without root, shell or package manager', () => {
    const last = text.slice(text.lastIndexOf('FROM'));
    expect(last).toMatch(/^FROM gcr\.io\/distroless\/nodejs24-debian13:nonroot(@sha256:[0-9a-f]{64})?\n/);
    expect(last).not.toMatch(/^(RUN|USER root)/m);
    expect(last).toMatch(/^CMD \["server\.js"\]$/m);
  });
});
