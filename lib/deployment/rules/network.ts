import { z } from 'zod';
import { existingSection, networkSection } from '../sections/network.ts';
import { serviceSection } from '../sections/service.ts';
import { contradiction } from './contradiction.ts';

/** The lists of subnets of a VPC that is there already. */
const LISTS = ['privateSubnets', 'isolatedSubnets', 'loadBalancerSubnets'] as const;

// A list that is malformed is refused by itself and must not keep the others from being compared.
const lists = z.object(Object.fromEntries(LISTS.map((name) => [name, z.array(z.unknown()).optional().catch(undefined)])));
const internet = networkSection.pick({ internet: true }).strip();
const loadBalancer = serviceSection.pick({ loadBalancer: true }).strip();
const existing = existingSection.pick({ endpoints: true, s3PrefixList: true }).strip();

const sharable = new Set<string>(['privateSubnets', 'loadBalancerSubnets']);

export const networkRules = [
  contradiction(
    'The network has either a cidr, for a VPC of its own, or an existing VPC.',
    z.object({ network: z.object({ cidr: z.unknown().optional(), existing: z.unknown().optional() }) }),
    ({ network }) => {
      if (network.cidr === undefined && network.existing === undefined) {
        return [{ path: ['network'], got: 'neither cidr nor existing', expected: 'one of the two', mend: 'add cidr for a VPC of its own, such as 10.40.0.0/16, or existing for one that is there' }];
      }
      if (network.cidr === undefined || network.existing === undefined) return [];
      return [{ path: ['network', 'cidr'], expected: 'no range for a new VPC, since existing names one that is there', mend: 'remove cidr, or remove existing' }];
    },
  ),
  contradiction(
    'An existing VPC gives one subnet of each kind for every zone.',
    z.object({ network: z.object({ availabilityZones: z.array(z.unknown()), existing: lists }) }),
    ({ network }) =>
      LISTS.flatMap((name) => {
        const count = network.existing[name]?.length;
        const wanted = network.availabilityZones.length;
        if (count === wanted || count === undefined) return [];
        return [
          {
            path: ['network', 'existing', name],
            got: `a list of ${count}`,
            expected: `${wanted} subnets, one for each of network.availabilityZones in their order`,
            mend: count < wanted ? `add ${wanted - count}` : `remove ${count - wanted}, or name their zones`,
          },
        ];
      }),
  ),
  contradiction(
    'A subnet of an existing VPC stands in one list once; an internal load balancer may share the subnets of the tasks.',
    z.object({ network: z.object({ existing: lists }), service: loadBalancer }),
    ({ network, service }) => {
      const seen = new Map<unknown, string>();
      return LISTS.flatMap((name) =>
        (network.existing[name] ?? []).flatMap((subnet, index) => {
          const other = seen.get(subnet);
          seen.set(subnet, name);
          if (other === undefined || typeof subnet !== 'string') return [];
          if (other !== name && service.loadBalancer === 'internal' && sharable.has(other) && sharable.has(name)) return [];
          return [
            {
              path: ['network', 'existing', name, index],
              got: subnet,
              expected: `a subnet that is not in ${other} already, since load balancer, tasks and database are kept apart by their subnets`,
              mend: 'name another subnet',
            },
          ];
        }),
      );
    },
  ),
  contradiction(
    'An existing VPC with endpoints and without the internet needs s3PrefixList; no other has a use for it.',
    z.object({ network: internet.extend({ existing }) }),
    ({ network: { internet: way, existing: { endpoints, s3PrefixList } } }) => {
      const path = ['network', 'existing', 's3PrefixList'];
      if (way === 'none' && endpoints) {
        if (s3PrefixList !== undefined) return [];
        return [
          {
            path,
            expected: "the id of the region's prefix list for S3, since image layers come from S3 and the tasks have no other way to it",
            mend: 'copy it from `aws ec2 describe-managed-prefix-lists`, where it is called com.amazonaws.REGION.s3',
          },
        ];
      }
      if (s3PrefixList === undefined) return [];
      return [
        {
          path,
          got: s3PrefixList,
          expected: 'no prefix list where the tasks reach S3 through NAT or through an endpoint that the deployment makes',
          mend: 'remove it, or write internet: none and endpoints: true',
        },
      ];
    },
  ),
  contradiction(
    "A VPC of the deployment's own without the internet has an internal load balancer.",
    z.object({ network: internet.extend({ existing: z.undefined().optional() }), service: loadBalancer }),
    ({ network, service }) =>
      network.internet === 'none' && service.loadBalancer === 'internet-facing'
        ? [
            {
              path: ['service', 'loadBalancer'],
              got: 'internet-facing',
              expected: 'internal, since a VPC without the internet has no public subnet for it',
              mend: 'write internal, or internet: nat',
            },
          ]
        : [],
  ),
];
