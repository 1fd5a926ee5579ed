import { z } from 'zod';
import { CERTIFICATE_FORM } from '../arns.ts';
import { isPrivateRange, judgeClientRange } from '../client-ranges.ts';
import { isWithin } from '../domains.ts';
import { memoryFor } from '../fargate.ts';
import { ecrImageOf } from '../image.ts';
import { partitionOf } from '../regions.ts';
import { deploymentSchema } from '../schema.ts';
import { networkSection } from '../sections/network.ts';
import { serviceSection } from '../sections/service.ts';
import { contradiction } from './contradiction.ts';

const { kind, region, account } = deploymentSchema.shape;
const network = networkSection.pick({ internet: true }).strip();

export const serviceRules = [
  contradiction("A hosted deployment's load balancer is internet-facing.", z.object({ kind, service: serviceSection.pick({ loadBalancer: true }).strip() }), (read) =>
    read.kind === 'hosted' && read.service.loadBalancer === 'internal'
      ? [
          {
            path: ['service', 'loadBalancer'],
            got: 'internal',
            expected: 'internet-facing, since the hosted deployment serves the public',
            mend: "write internet-facing, or kind: enterprise for a customer's deployment",
          },
        ]
      : [],
  ),
  contradiction("A hosted deployment's load balancer takes requests from everywhere.", z.object({ kind, service: serviceSection.pick({ clientCidrs: true }).strip() }), (read) =>
    read.kind === 'hosted' && read.service.clientCidrs !== undefined
      ? [
          {
            path: ['service', 'clientCidrs'],
            expected: 'no ranges, since the hosted deployment serves the public',
            mend: "remove them, or write kind: enterprise for a customer's deployment",
          },
        ]
      : [],
  ),
  contradiction(
    'An internal load balancer takes requests from private ranges alone.',
    z.object({ service: serviceSection.pick({ loadBalancer: true }).extend({ clientCidrs: z.array(z.unknown()) }).strip() }),
    ({ service: { loadBalancer, clientCidrs } }) =>
      clientCidrs.flatMap((range, index) =>
        loadBalancer === 'internet-facing' || typeof range !== 'string' || isPrivateRange(range) || judgeClientRange(range).length > 0
          ? []
          : [
              {
                path: ['service', 'clientCidrs', index],
                got: range,
                expected: 'a range within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10, since the internet reaches no internal load balancer',
                mend: 'write the ranges that your network gives its clients, or loadBalancer: internet-facing',
              },
            ],
      ),
  ),
  contradiction(
    "The certificate is of the deployment's region and account.",
    z.object({ region, account, service: serviceSection.pick({ certificateArn: true }).strip() }),
    (read) => {
      const { certificateArn } = read.service;
      const [, partition, certificateRegion, owner] = CERTIFICATE_FORM.exec(certificateArn ?? '') ?? [];
      if (certificateArn === undefined || partition === undefined) return [];
      const right = partition === partitionOf(read.region) && certificateRegion === read.region && (read.account === undefined || owner === read.account);
      if (right) return [];
      return [
        {
          path: ['service', 'certificateArn'],
          got: certificateArn,
          expected: `a certificate that begins with arn:${partitionOf(read.region)}:acm:${read.region}:${read.account ?? '<account>'}:certificate/, since a load balancer takes none from elsewhere`,
          mend: 'request or import it there, or leave it out to have one requested',
        },
      ];
    },
  ),
  contradiction(
    'The hosted zone contains the domain name.',
    z.object({ service: serviceSection.pick({ domainName: true, hostedZone: true }).strip() }),
    ({ service: { domainName, hostedZone } }) =>
      hostedZone === undefined || isWithin(domainName, hostedZone.name)
        ? []
        : [
            {
              path: ['service', 'hostedZone', 'name'],
              got: hostedZone.name,
              expected: `${domainName} or a domain that contains it`,
              mend: 'name the zone that holds the domain, or leave hostedZone out where its DNS is elsewhere',
            },
          ],
  ),
  contradiction("An image in ECR is in the deployment's region.", z.object({ region, service: serviceSection.pick({ image: true }).strip() }), (read) => {
    const ecr = ecrImageOf(read.service.image ?? '');
    if (ecr === undefined || ecr.region === read.region) return [];
    return [
      {
        path: ['service', 'image'],
        got: read.service.image,
        expected: `an image in ECR in ${read.region}, since a deployment depends on one region and no other (HM-REG-1)`,
        mend: `replicate the repository to ${read.region} and write ${ecr.account}.dkr.ecr.${read.region}.amazonaws.com`,
      },
    ];
  }),
  contradiction('Without the internet the image is in ECR.', z.object({ region, network, service: serviceSection.pick({ image: true }).strip() }), (read) => {
    const { image } = read.service;
    if (read.network.internet === 'nat' || image === undefined || ecrImageOf(image) !== undefined) return [];
    return [
      {
        path: ['service', 'image'],
        got: image,
        expected: `an image in ECR in ${read.region}, the one registry that tasks reach through the endpoints`,
        mend: `copy it to a registry such as <account>.dkr.ecr.${read.region}.amazonaws.com and write its URI there`,
      },
    ];
  }),
  contradiction('Fargate offers the memory with the CPU units.', z.object({ service: serviceSection.pick({ cpu: true, memoryMib: true }).strip() }), ({ service: { cpu, memoryMib } }) => {
    const sizes = memoryFor(cpu);
    if (sizes.includes(memoryMib)) return [];
    return [
      {
        path: ['service', 'memoryMib'],
        got: String(memoryMib),
        expected: `a size that Fargate offers with ${cpu} CPU units: ${sizes.length > 8 ? `${sizes[0]} to ${sizes.at(-1)} in steps of ${(sizes[1] ?? 0) - (sizes[0] ?? 0)}` : sizes.join(', ')}`,
        mend: `write ${sizes.find((size) => size >= memoryMib) ?? sizes.at(-1)}, or change cpu`,
      },
    ];
  }),
  contradiction('maxTasks is at least minTasks.', z.object({ service: serviceSection.pick({ minTasks: true, maxTasks: true }).strip() }), ({ service: { minTasks, maxTasks } }) =>
    maxTasks >= minTasks
      ? []
      : [
          {
            path: ['service', 'maxTasks'],
            got: String(maxTasks),
            expected: `at least ${minTasks}, which is minTasks`,
            mend: `raise it to ${minTasks} or more, or lower minTasks`,
          },
        ],
  ),
];
