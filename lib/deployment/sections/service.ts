import { z } from 'zod';
import { CERTIFICATE_FORM, judgeCertificate } from '../arns.ts';
import { CLIENT_RANGE_FORM, judgeClientRange, judgeClientRanges, MOST_CLIENT_RANGES } from '../client-ranges.ts';
import { DOMAIN_FORM, HOSTED_ZONE_FORM, judgeDomain, judgeHostedZone } from '../domains.ts';
import { CPUS, LARGEST_MEMORY, SMALLEST_MEMORY } from '../fargate.ts';
import { judgeImage } from '../image.ts';
import { list, text } from './fields.ts';

/** One task in each of two zones, so that a zone can be lost and a task replaced without an interruption. */
export const FEWEST_TASKS = 2;

/** Far below the default quota of tasks a service, and far beyond what a typing error should start. */
const MOST_TASKS = 100;

const tasks = () =>
  z
    .number('a whole number of tasks')
    .min(FEWEST_TASKS, { error: `at least ${FEWEST_TASKS} tasks, so that losing a zone does not interrupt the service`, abort: true })
    .max(MOST_TASKS, { error: `at most ${MOST_TASKS} tasks`, abort: true })
    .int('a whole number of tasks');

const hostedZone = z
  .strictObject({
    id: text("a Route 53 hosted zone's id", judgeHostedZone).meta({ description: 'Id of the hosted zone.', pattern: HOSTED_ZONE_FORM.source }),
    name: text('a domain name', judgeDomain).meta({ description: 'Domain of the hosted zone, which contains domainName.', pattern: DOMAIN_FORM.source }),
  })
  .meta({ description: 'Hosted zone of the domain.' });

export const serviceSection = z
  .strictObject({
    domainName: text('a domain name', judgeDomain).meta({ description: 'Host name that the API answers to.', pattern: DOMAIN_FORM.source }),
    certificateArn: text('the ARN of an ACM certificate', judgeCertificate)
      .optional()
      .meta({
        description: 'ACM certificate of domainName, in the region and account of the deployment. Left out, the deployment requests one and waits until it is validated by DNS.',
        pattern: CERTIFICATE_FORM.source,
      }),
    hostedZone: hostedZone.optional().meta({
      description: 'Route 53 hosted zone in the same account for the record of domainName and the validation of a requested certificate. Left out, both records are yours to make.',
    }),
    loadBalancer: z.enum(['internet-facing', 'internal'], 'internet-facing or internal').default('internet-facing').meta({
      description: 'Whom the load balancer serves: the internet, or the network alone.',
    }),
    clientCidrs: list('a list of IPv4 ranges', text('an IPv4 range in CIDR notation', judgeClientRange).meta({ pattern: CLIENT_RANGE_FORM.source }), judgeClientRanges)
      .optional()
      .meta({
        description:
          'IPv4 ranges from which the load balancer takes requests, private ones if it is internal: the ranges of the corporate network, for example, and that of the VPC where callers are in it. Left out, an internal one takes them from the range of the VPC alone, and an internet-facing one from everywhere.',
        minItems: 1,
        maxItems: MOST_CLIENT_RANGES,
      }),
    image: text('the URI of a container image', judgeImage).optional().meta({
      description: 'Image of the API for arm64, by digest or version tag. In ECR it is in the region of the deployment, in its account or in another one, whose repository then has to let this account pull. Left out, it is built from api/Dockerfile during the deployment, which takes Docker.',
    }),
    cpu: z.literal([...CPUS], `one of ${CPUS.join(', ')}, which are the CPU units that Fargate offers`).default(512).meta({
      description: 'CPU units of a task, 1024 to the vCPU.',
    }),
    memoryMib: z
      .number('a whole number of MiB')
      .min(SMALLEST_MEMORY, { error: `at least ${SMALLEST_MEMORY} MiB, the smallest task of Fargate`, abort: true })
      .max(LARGEST_MEMORY, { error: `at most ${LARGEST_MEMORY} MiB, the largest task of Fargate`, abort: true })
      .int('a whole number of MiB')
      .default(1024)
      .meta({ description: 'Memory of a task, in MiB: one of the sizes that Fargate offers with cpu.' }),
    minTasks: tasks().default(FEWEST_TASKS).meta({ description: 'Fewest tasks that run, spread over the zones.' }),
    maxTasks: tasks().default(10).meta({ description: 'Most tasks that autoscaling starts.' }),
  })
  .meta({ description: 'The API on ECS Fargate and the load balancer before it.' });
