/** Sizes up to the largest of each kind of family, smallest first. */
const UP_TO_16 = ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge'];
const UP_TO_24 = [...UP_TO_16, '24xlarge'];
const UP_TO_32 = [...UP_TO_24, '32xlarge'];
const UP_TO_48 = [...UP_TO_24, '48xlarge'];
const SMALL = ['micro', 'small', 'medium', 'large', 'xlarge', '2xlarge'];

/**
 * The sizes of each family on which RDS runs PostgreSQL 17. The families of older generations, m1 to m4, r3, r4, t1 and
 * t2, ended with PostgreSQL 12 (RDS user guide, "Supported DB engines for DB instance classes").
 */
const SIZES: Readonly<Record<string, readonly string[]>> = {
  m5: UP_TO_24,
  m5d: UP_TO_24,
  m6g: UP_TO_16,
  m6gd: UP_TO_16,
  m6i: UP_TO_32,
  m6id: UP_TO_32,
  m6idn: UP_TO_32,
  m6in: UP_TO_32,
  m7g: UP_TO_16,
  m7i: UP_TO_48,
  m8g: UP_TO_48,
  m8gd: UP_TO_48,
  m9g: UP_TO_48,
  r5: UP_TO_24,
  r5b: UP_TO_24,
  r5d: UP_TO_24,
  r6g: UP_TO_16,
  r6gd: UP_TO_16,
  r6i: UP_TO_32,
  r6id: UP_TO_32,
  r6idn: UP_TO_32,
  r6in: UP_TO_32,
  r7g: UP_TO_16,
  r7i: UP_TO_48,
  r8g: UP_TO_48,
  r8gd: UP_TO_48,
  t3: SMALL,
  t4g: SMALL,
  x2g: UP_TO_16,
  x2idn: ['16xlarge', '24xlarge', '32xlarge'],
  x2iedn: ['xlarge', '2xlarge', '4xlarge', '8xlarge', '16xlarge', '24xlarge', '32xlarge'],
};

/**
 * The families that each region offers with PostgreSQL; of a region that is missing nothing is known.
 *
 * Both tables are what the CDK's validation of the templates knows, which refuses every other class; a test holds them
 * to it. They grow with a newer release of the CDK.
 */
const OFFERED: Readonly<Record<string, string>> = {
  'af-south-1': 'm5 m5d m6g m6i m8g r5 r5d r6g r6i r8gd t3 t4g',
  'ap-east-1': 'm5 m5d m6g m6gd m6i m8g r5 r5d r6g r6i r7g r8g r8gd t3 t4g',
  'ap-east-2': 'm6g m6gd m6i m6id m7g m7i r6g r6i r6id r7g r7i t3 t4g',
  'ap-northeast-1': 'm5 m5d m6g m6gd m6i m6id m6idn m6in m7g m7i m8g m8gd r5 r5b r5d r6g r6gd r6i r6id r6idn r6in r7g r7i r8g r8gd t3 t4g',
  'ap-northeast-2': 'm5 m5d m6g m6gd m6i m7g m7i m8g r5 r5d r6g r6i r7g r7i r8g r8gd t3 t4g',
  'ap-northeast-3': 'm5 m5d m6g m6gd m6i m7g r5 r5d r6g r6gd r6i r7g r8g t3 t4g',
  'ap-south-1': 'm5 m5d m6g m6gd m6i m7g m7i m8g r5 r5d r6g r6gd r6i r7g r7i r8g t3 t4g',
  'ap-south-2': 'm5 m6g m6gd m6i m7g m8g r5 r6g r7g r8g t3 t4g',
  'ap-southeast-1': 'm5 m5d m6g m6gd m6i m7g m7i m8g r5 r5b r5d r6g r6gd r6i r7g r7i r8g t3 t4g',
  'ap-southeast-2': 'm5 m5d m6g m6gd m6i m6id m7g m7i m8g m8gd r5 r5d r6g r6gd r6i r6id r7g r7i r8g r8gd t3 t4g x2idn x2iedn',
  'ap-southeast-3': 'm5 m5d m6g m6gd m6i m7g m7i r5 r5d r6g r6gd r7g r7i r8g r8gd t3 t4g',
  'ap-southeast-4': 'm5 m6g m6gd m7g m7i r5 r6g r8g t3 t4g',
  'ap-southeast-5': 'm6g m6gd m6i m6id m7g m7i m8g m8gd r6g r6gd r6i r6id r7g r7i r8g r8gd t3 t4g',
  'ap-southeast-6': 'm6g m6gd m6i m6id m7g m7i r6g r6i r6id r7g r7i t3 t4g',
  'ap-southeast-7': 'm6g m6gd m6i m6id m7g r6g r6gd r6i r6id r7g t3 t4g',
  'ca-central-1': 'm5 m5d m6g m6gd m6i m7g m7i m8gd r5 r5d r6g r6gd r6i r7g r7i r8g r8gd t3 t4g x2idn x2iedn',
  'ca-west-1': 'm6g m6gd m6i m6id m8g r6g r6i r6id r7g r8gd t3',
  'eu-central-1': 'm5 m5d m6g m6gd m6i m6id m7g m7i m8g m8gd m9g r5 r5b r5d r6g r6gd r6i r6id r7g r7i r8g r8gd t3 t4g x2idn x2iedn',
  'eu-central-2': 'm5 m6g m6gd m7g m8g r5 r6g r6gd r7g r8g t3 t4g',
  'eu-north-1': 'm5 m5d m6g m6gd m6i m7g m7i m8g r5 r5d r6g r6i r7g r7i r8g t3 t4g x2idn x2iedn',
  'eu-south-1': 'm5 m5d m6g m6gd m6i m8g r5 r5d r6g r6i r7g r7i t3 t4g x2idn x2iedn',
  'eu-south-2': 'm5 m6g m6gd m7g m7i m8g m8gd r5 r6g r6gd r7g r7i r8g r8gd t3 t4g',
  'eu-west-1': 'm5 m5d m6g m6gd m6i m6id m6idn m6in m7g m7i m8g m8gd r5 r5d r6g r6gd r6i r6id r6idn r6in r7g r7i r8g r8gd t3 t4g x2g x2idn x2iedn',
  'eu-west-2': 'm5 m5d m6g m6gd m6i m7g m7i m8g m8gd r5 r5d r6g r6i r7g r7i r8g r8gd t3 t4g',
  'eu-west-3': 'm5 m5d m6g m6gd m6i m7g m7i m8g r5 r5d r6g r6gd r6i r7i r8g t3 t4g',
  'il-central-1': 'm5 m6g m6gd m6i m7g r5 r6g r6gd r6i r6id r7g t3 t4g',
  'me-central-1': 'm5 m5d m6g m6gd m7g r5 r5d r6g t3 t4g',
  'me-south-1': 'm5 m5d m6g m6gd m6i m7g r5 r5d r6g r6i r7g t3 t4g',
  'mx-central-1': 'm6g m6gd m6i m6id m7g m7i r6g r6gd r6i r6id r7g r7i r8g t3 t4g',
  'sa-east-1': 'm5 m5d m6g m6i m7g m7i m8g m8gd r5 r5d r6g r6i r7g r7i r8g r8gd t3 t4g',
  'us-east-1': 'm5 m5d m6g m6gd m6i m6id m6idn m6in m7g m7i m8g m8gd m9g r5 r5b r5d r6g r6gd r6i r6id r6idn r6in r7g r7i r8g r8gd t3 t4g x2g x2iedn',
  'us-east-2': 'm5 m5d m6g m6gd m6i m6id m6idn m6in m7g m7i m8g m8gd m9g r5 r5b r5d r6g r6gd r6i r6id r6idn r6in r7g r7i r8g r8gd t3 t4g x2g',
  'us-gov-east-1': 'm5 m6g m6gd m6i m7g m7i r5 r6g r6gd r7g r7i r8g t3 t4g',
  'us-gov-west-1': 'm5 m6g m6gd m6i m7i r5 r6g r6gd r7g r7i r8g t3 t4g',
  'us-west-1': 'm5 m5d m6g m6gd m6i m7g m7i m8g r5 r5d r6g r6gd r6i r7g r7i r8g r8gd t3 t4g',
  'us-west-2': 'm5 m5d m6g m6gd m6i m6id m6idn m6in m7g m7i m8g m8gd m9g r5 r5b r5d r6g r6gd r6i r6id r6idn r6in r7g r7i r8g r8gd t3 t4g x2g x2iedn',
};

/** Every family on which RDS runs PostgreSQL 17. */
export const FAMILIES: readonly string[] = Object.keys(SIZES);

/** The sizes of a family; undefined where RDS runs no PostgreSQL 17 on it. */
export function sizesOf(family: string): readonly string[] | undefined {
  return Object.hasOwn(SIZES, family) ? SIZES[family] : undefined;
}

/** The families that a region offers; every one where nothing is known of it. */
export function familiesIn(region: string): readonly string[] {
  return OFFERED[region]?.split(' ') ?? FAMILIES;
}
