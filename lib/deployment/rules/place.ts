import { z } from 'zod';
import { CERTIFICATE_FORM, POLICY_FORM } from '../arns.ts';
import { HOSTED_REGION, partitionOf } from '../regions.ts';
import { deploymentSchema } from '../schema.ts';
import { regionOfZone } from '../zones.ts';
import { contradiction } from './contradiction.ts';

const { kind, region, account, permissionsBoundary } = deploymentSchema.shape;

// A text that is malformed is refused by itself.
const text = z.string().optional().catch(undefined);
const certificate = z.object({ certificateArn: text }).catch({});

/** Where a deployment is: region, zones, account. */
export const placeRules = [
  contradiction(`A hosted deployment is in ${HOSTED_REGION}.`, z.object({ kind, region }), (read) =>
    read.kind === 'enterprise' || read.region === HOSTED_REGION
      ? []
      : [
          {
            path: ['region'],
            got: read.region,
            expected: `${HOSTED_REGION}, since the hosted deployment is promised to be there and nowhere else (HM-REG-1)`,
            mend: `write ${HOSTED_REGION}, or kind: enterprise for a customer's deployment`,
          },
        ],
  ),
  contradiction(
    'Availability zones are zones of the region.',
    z.object({ region, network: z.object({ availabilityZones: z.array(z.string()) }) }),
    (read) =>
      read.network.availabilityZones.flatMap((zone, index) => {
        const zoneRegion = regionOfZone(zone);
        if (zoneRegion === undefined || zoneRegion === read.region) return [];
        return [
          {
            path: ['network', 'availabilityZones', index],
            got: zone,
            expected: `a zone of ${read.region}, the region of the deployment`,
            mend: `name one such as ${read.region}${zone.slice(-1)}, or change the region`,
          },
        ];
      }),
  ),
  contradiction(
    "The permissions boundary is a policy of the deployment's partition and account, or one of AWS.",
    z.object({ region, account, permissionsBoundary }),
    (read) => {
      const [, partition, owner] = POLICY_FORM.exec(read.permissionsBoundary ?? '') ?? [];
      if (partition === undefined || owner === undefined) return [];
      const wanted = partitionOf(read.region);
      const foreign = owner !== 'aws' && read.account !== undefined && owner !== read.account;
      if (partition === wanted && !foreign) return [];
      return [
        {
          path: ['permissionsBoundary'],
          got: read.permissionsBoundary,
          expected: `a policy that begins with arn:${wanted}:iam::${read.account ?? '<account>'}:policy/, since IAM takes no boundary from another account or partition`,
          mend: 'create the policy there and write its ARN',
        },
      ];
    },
  ),
  contradiction(
    'A certificate or a permissions boundary that names an account needs account.',
    z.object({ account: z.unknown().optional(), service: certificate, permissionsBoundary: text }),
    (read) => {
      if (read.account !== undefined) return [];
      const [, , , owner] = CERTIFICATE_FORM.exec(read.service.certificateArn ?? '') ?? [];
      const [, , bounding] = POLICY_FORM.exec(read.permissionsBoundary ?? '') ?? [];
      const named = owner ?? (bounding === 'aws' ? undefined : bounding);
      if (named === undefined) return [];
      return [
        {
          path: ['account'],
          expected: `the account that ${owner === undefined ? 'permissionsBoundary' : 'service.certificateArn'} names, since a file that names an account deploys to it and to no other`,
          mend: `add account: '${named}'`,
        },
      ];
    },
  ),
];
