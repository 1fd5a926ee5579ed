import { z } from 'zod';
import { CIDR_FORM, judgeCidr, judgeExistingCidr } from '../cidr.ts';
import { judgePrefixList, judgeSubnet, judgeVpc, PREFIX_LIST_FORM, SUBNET_FORM, VPC_FORM } from '../resource-ids.ts';
import { FEWEST_ZONES, judgeZone, judgeZoneList, MOST_ZONES, ZONE_FORM } from '../zones.ts';
import { flag, list, text } from './fields.ts';

const subnets = (description: string) =>
  z.array(text("a subnet's id", judgeSubnet).meta({ pattern: SUBNET_FORM.source }), 'a list of subnet ids').meta({
    description,
    minItems: FEWEST_ZONES,
    maxItems: MOST_ZONES,
  });

export const existingSection = z
  .strictObject({
    vpcId: text("a VPC's id", judgeVpc).meta({ description: 'Id of the VPC, with DNS resolution and DNS host names on.', pattern: VPC_FORM.source }),
    cidr: text('an IPv4 range in CIDR notation', judgeExistingCidr).meta({
      description: 'The IPv4 range of the VPC that its subnets and endpoints are in. Rules of security groups name it.',
      pattern: CIDR_FORM.source,
    }),
    privateSubnets: subnets("Subnets of the tasks, one a zone, in the zones' order."),
    isolatedSubnets: subnets("Subnets of the database, one a zone, in the zones' order, whose route tables lead nowhere outside the VPC."),
    loadBalancerSubnets: subnets(
      "Subnets of the load balancer, one a zone, in the zones' order: public ones for an internet-facing load balancer, private ones for an internal one, which may be those of the tasks.",
    ),
    endpoints: flag().meta({
      description:
        'Whether the VPC has the endpoints already: S3, and with private DNS ssm, kms, ecr.api, ecr.dkr, logs, sts, kinesis-firehose and monitoring, open on 443 to the private subnets. Left off, the deployment makes them, for its tasks alone; private DNS then leads everything in the VPC to them, so leave it off only where nothing else is in the VPC.',
    }),
    s3PrefixList: text("a prefix list's id", judgePrefixList)
      .optional()
      .meta({
        description:
          "Id of the region's prefix list for S3, the tasks' way to a gateway endpoint that is there already. Needed with `internet: none` and `endpoints: true`, and nowhere else.",
        pattern: PREFIX_LIST_FORM.source,
      }),
  })
  .meta({ description: 'A VPC that is there already.' });

export const networkSection = z
  .strictObject({
    cidr: text('an IPv4 range in CIDR notation', judgeCidr)
      .optional()
      .meta({
        description:
          'Private IPv4 range of a VPC of the deployment\'s own, /16 to /20. It cannot be changed once deployed, so keep it apart from the ranges of networks that will be peered with it. Left out where `existing` names a VPC.',
        pattern: CIDR_FORM.source,
      }),
    availabilityZones: list('a list of availability zones', text('the name of an availability zone', judgeZone).meta({ pattern: ZONE_FORM.source }), judgeZoneList).meta({
      description: `The availability zones to spread over, ${FEWEST_ZONES} to ${MOST_ZONES} of the region, by name. They are written here so that synthesis never asks the account. Their order is the order of the subnets: once deployed, a zone can be added at the end, and none can be moved or taken out.`,
      minItems: FEWEST_ZONES,
      maxItems: MOST_ZONES,
    }),
    internet: z.enum(['nat', 'none'], 'nat or none').default('nat').meta({
      description:
        "The tasks' way out: `nat` through NAT gateways, `none` to the VPC endpoints and nowhere else. A VPC of the deployment's own then has neither internet gateway nor public subnets.",
    }),
    existing: existingSection.optional(),
  })
  .meta({ description: 'The VPC: one of its own by `cidr`, or one that is there already by `existing`.' });
