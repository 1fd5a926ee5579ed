/** An image that a Dockerfile starts from. */
export interface BaseImage {
  /** As it stands there, without the digest: `node:24-trixie-slim`. */
  readonly name: string;
  /** `sha256:…`, or undefined where only the tag stands. */
  readonly digest: string | undefined;
}

const FROM = /^(?<before>FROM\s+(?:--platform=\S+\s+)?)(?<name>[^\s@]+)(?:@(?<digest>\S+))?(?<after>(?:\s+AS\s+(?<stage>\S+))?\s*)$/gim;

/** The images that a Dockerfile starts from; earlier stages of its own and `scratch` are none. */
export function baseImages(dockerfile: string): readonly BaseImage[] {
  const own = new Set(['scratch']);
  const images: BaseImage[] = [];
  for (const { groups } of dockerfile.matchAll(FROM)) {
    const { name = '', digest, stage } = groups ?? {};
    if (!own.has(name)) images.push({ name, digest });
    if (stage !== undefined) own.add(stage);
  }
  return images;
}

/** The Dockerfile with these digests, by image name; images without one stay as they are. */
export function withDigests(dockerfile: string, digests: ReadonlyMap<string, string>): string {
  return dockerfile.replaceAll(FROM, (line: string, before: string, name: string, _digest: string | undefined, after: string) => {
    const digest = digests.get(name);
    return digest === undefined ? line : `${before}${name}@${digest}${after}`;
  });
}
