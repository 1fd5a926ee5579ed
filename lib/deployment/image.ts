import type { Refusal } from './problems.ts';

const IMAGE = /^(?<repository>(?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9._/-]+)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** The hosts of a private ECR registry: the plain one, and beside it those of FIPS and of IPv6. */
const ECR_HOST = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com|on\.aws)(?=\/)/;

/**
 * Refuses what is not the URI of one image: a tag that moves would let the same deployment run other code tomorrow, and
 * a host that is taken for another would run what the file does not name.
 */
export function judgeImage(uri: string): readonly Refusal[] {
  const parts = IMAGE.exec(uri)?.groups;
  if (parts === undefined) {
    return [{ expected: "the URI of a container image", mend: 'write one such as 123456789012.dkr.ecr.eu-west-2.amazonaws.com/halton-api:1.4.0, without https://' }];
  }
  const { tag, digest } = parts;
  const [host, account, region] = ECR_HOST.exec(uri) ?? [];
  const plain = `${account}.dkr.ecr.${region}.amazonaws.com`;
  if (host !== undefined && host !== plain) {
    return [
      {
        expected: 'a host of the form <account>.dkr.ecr.<region>.amazonaws.com, the one name of a private ECR registry that its VPC endpoint answers to',
        mend: `write ${plain} in place of ${host}`,
      },
    ];
  }
  if (digest !== undefined || (tag !== undefined && tag !== 'latest')) return [];
  return [
    {
      expected: 'an image by its digest or the tag of a version, so that the same file always runs the same code',
      mend: 'write @sha256:… or the tag of a release behind the repository',
    },
  ];
}

/** An image in a private ECR registry, by its parts. */
export interface EcrImage {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  /** The digest, or the tag of an image that has none. */
  readonly reference: string;
}

/** The parts of an image's URI; undefined where another registry than ECR's holds it. */
export function ecrImageOf(uri: string): EcrImage | undefined {
  const { repository: path = '', tag, digest } = IMAGE.exec(uri)?.groups ?? {};
  const [, account, region, repository] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/(.+)$/.exec(path) ?? [];
  const reference = digest ?? tag;
  if (account === undefined || region === undefined || repository === undefined || reference === undefined) return undefined;
  return { account, region, repository, reference };
}

/** The account of the registry that holds a deployment's image, where it is another one than the deployment's. */
export function imageAccountOf({ account, service: { image } }: { readonly account?: string | undefined; readonly service: { readonly image?: string | undefined } }): string | undefined {
  const owner = image === undefined ? undefined : ecrImageOf(image)?.account;
  return owner === account ? undefined : owner;
}
