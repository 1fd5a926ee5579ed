import { createHash } from 'node:crypto';

export type RegistryErrorCode = 'REGISTRY_UNREACHABLE' | 'IMAGE_UNKNOWN' | 'IMAGE_NOT_FOR_ARM64' | 'DIGEST_MISMATCH';

/** Why a digest could not be read. */
export class RegistryError extends Error {
  readonly code: RegistryErrorCode;

  constructor(code: RegistryErrorCode, message: string) {
    super(message);
    this.name = 'RegistryError';
    this.code = code;
  }
}

/** Milliseconds for an answer; a manifest has a few kilobytes. */
const TIMEOUT = 15_000;

/** An image for several platforms. A digest of one for a single platform would break the build on the others. */
const INDEX = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json'];

/**
 * Reads the digest that a tag has now, from the registry's HTTP API (OCI distribution).
 *
 * @param image as a Dockerfile names it, with a tag
 * @returns `sha256:…` of the index over all platforms, computed from what the registry sent
 * @throws RegistryError
 */
export async function readDigest(image: string): Promise<string> {
  const { host, repository, tag } = parseImage(image);
  const response = await askWithToken(`${schemeFor(host)}://${host}/v2/${repository}/manifests/${tag}`, image);
  if (response.status === 404) throw new RegistryError('IMAGE_UNKNOWN', `${host} has no ${repository} with the tag ${tag}. Correct the name in the Dockerfile.`);
  if (!response.ok) throw unreachable(image, `HTTP ${response.status}`);
  const body = Buffer.from(await response.arrayBuffer());
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const announced = response.headers.get('docker-content-digest');
  if (announced !== null && announced !== digest) {
    throw new RegistryError('DIGEST_MISMATCH', `${image}: got a manifest whose digest is ${digest}, expected ${announced} as the registry announced it. Something on the way changed it; do not build from it.`);
  }
  const index = response.headers.get('content-type')?.split(';', 1)[0] ?? '';
  if (!INDEX.includes(index) || !servesArm64(body)) {
    throw new RegistryError('IMAGE_NOT_FOR_ARM64', `${image}: got ${index || 'no media type'} without linux/arm64, expected an image for several platforms, on which the tasks run too. Take another tag.`);
  }
  return digest;
}

/** Host, repository and tag of an image, by Docker's rules: no host means Docker Hub, no folder there `library`. */
export function parseImage(image: string): { readonly host: string; readonly repository: string; readonly tag: string } {
  const first = image.split('/', 1)[0] ?? '';
  const named = image.includes('/') && /[.:]|^localhost$/.test(first);
  const rest = named ? image.slice(first.length + 1) : image;
  const [path = '', tag = 'latest'] = rest.split(':');
  return named ? { host: first, repository: path, tag } : { host: 'registry-1.docker.io', repository: path.includes('/') ? path : `library/${path}`, tag };
}

/** HTTPS, but for a registry on this machine, as Docker does. */
function schemeFor(host: string): 'http' | 'https' {
  return /^(localhost|127(\.\d+){3})(:\d+)?$/.test(host) ? 'http' : 'https';
}

/** Registries let anybody read a public image, with a token that they hand out when asked without. */
async function askWithToken(url: string, image: string): Promise<Response> {
  const first = await ask(url, image);
  const challenge = first.headers.get('www-authenticate') ?? '';
  if (first.status !== 401) return first;
  const parameters = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  const realm = URL.parse(parameters['realm'] ?? '');
  if (realm === null || realm.protocol !== `${schemeFor(realm.host)}:`) throw unreachable(image, 'HTTP 401, and no way to a token');
  for (const name of ['service', 'scope']) if (parameters[name] !== undefined) realm.searchParams.set(name, parameters[name]);
  const granted = await ask(realm.href, image);
  if (!granted.ok) throw unreachable(image, `HTTP ${granted.status} for a token`);
  const answer: unknown = await granted.json();
  return ask(url, image, tokenOf(answer));
}

function tokenOf(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return '';
  const token = 'token' in answer ? answer.token : 'access_token' in answer ? answer.access_token : undefined;
  return typeof token === 'string' ? token : '';
}

async function ask(url: string, image: string, token?: string): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { accept: INDEX.join(', '), ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(TIMEOUT),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw unreachable(image, cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer');
  }
}

function unreachable(image: string, why: string): RegistryError {
  return new RegistryError('REGISTRY_UNREACHABLE', `The registry of ${image} could not be asked (${why}). Run this where it can be.`);
}

function servesArm64(body: Buffer): boolean {
  const index: unknown = JSON.parse(body.toString());
  const manifests: unknown = typeof index === 'object' && index !== null && 'manifests' in index ? index.manifests : [];
  return Array.isArray(manifests) && manifests.some((manifest: { platform?: { os?: string; architecture?: string } }) => manifest.platform?.os === 'linux' && manifest.platform.architecture === 'arm64');
}
