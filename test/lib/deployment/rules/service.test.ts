import { parseDeployment } from '../../../../lib/deployment/load.ts';
import { serviceRules } from '../../../../lib/deployment/rules/service.ts';
import { refusesTogether } from '../cases.ts';
import { existing, fileWith, merge, publicKey } from '../refused.ts';

const certificate = (region: string, account: string, partition = 'aws') =>
  `arn:${partition}:acm:${region}:${account}:certificate/12345678-1234-1234-1234-123456789012`;
const closed = { network: merge(existing, { internet: 'none' }), identity: { publicKey: publicKey() } };
const ecr = (region: string) => `111122223333.dkr.ecr.${region}.amazonaws.com/halton-api:1.4.0`;

const certificateHere = "The certificate is of the deployment's region and account.";
const zone = 'The hosted zone contains the domain name.';
const everywhere = "A hosted deployment's load balancer takes requests from everywhere.";
const privately = 'An internal load balancer takes requests from private ranges alone.';
const near = "An image in ECR is in the deployment's region.";
const registry = 'Without the internet the image is in ECR.';
const size = 'Fargate offers the memory with the CPU units.';

refusesTogether(serviceRules, [
  {
    rule: "A hosted deployment's load balancer is internet-facing.",
    change: { kind: 'hosted', service: { loadBalancer: 'internal' }, identity: { authorizedParty: 'https://app.haltonmeter.com' } },
    field: 'service.loadBalancer',
    got: 'internal',
    expected: /^internet-facing, since the hosted deployment serves the public$/,
    mend: /^write internet-facing, or kind: enterprise/,
  },
  {
    rule: everywhere,
    change: { kind: 'hosted', service: { clientCidrs: ['10.0.0.0/8'] }, identity: { authorizedParty: 'https://app.haltonmeter.com' } },
    field: 'service.clientCidrs',
    got: 'a list of 1',
    expected: /^no ranges, since the hosted deployment serves the public$/,
    mend: /^remove them, or write kind: enterprise/,
  },
  ...['0.0.0.0/1', '8.8.8.0/24', '10.0.0.0/7', '172.0.0.0/8', '192.0.0.0/8', '100.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16'].map((range) => ({
    rule: privately,
    change: { service: { loadBalancer: 'internal', clientCidrs: ['10.0.0.0/8', range] } },
    field: 'service.clientCidrs[1]',
    got: range,
    expected: /^a range within 10\.0\.0\.0\/8, .*, since the internet reaches no internal load balancer$/,
    mend: /^write the ranges that your network gives its clients, or loadBalancer: internet-facing$/,
  })),
  {
    rule: certificateHere,
    change: { account: '111122223333', service: { certificateArn: certificate('us-east-1', '111122223333') } },
    field: 'service.certificateArn',
    got: `${certificate('us-east-1', '111122223333').slice(0, 60)}…`,
    expected: /begins with arn:aws:acm:eu-west-2:111122223333:certificate\//,
    mend: /^request or import it there/,
  },
  {
    rule: certificateHere,
    change: { account: '444455556666', service: { certificateArn: certificate('eu-west-2', '111122223333') } },
    field: 'service.certificateArn',
    got: `${certificate('eu-west-2', '111122223333').slice(0, 60)}…`,
    expected: /begins with arn:aws:acm:eu-west-2:444455556666:certificate\//,
    mend: /^request or import it there/,
  },
  {
    rule: certificateHere,
    change: { account: '111122223333', service: { certificateArn: certificate('eu-west-2', '111122223333', 'aws-us-gov') } },
    field: 'service.certificateArn',
    got: `${certificate('eu-west-2', '111122223333', 'aws-us-gov').slice(0, 60)}…`,
    expected: /begins with arn:aws:acm:eu-west-2:/,
    mend: /^request or import it there/,
  },
  {
    rule: zone,
    change: { service: { hostedZone: { id: 'Z0123456789ABC', name: 'other.example' } } },
    field: 'service.hostedZone.name',
    got: 'other.example',
    expected: /^api\.acme\.example or a domain that contains it$/,
    mend: /leave hostedZone out where its DNS is elsewhere$/,
  },
  {
    rule: zone,
    change: { service: { domainName: 'api-acme.example', hostedZone: { id: 'Z0123456789ABC', name: 'acme.example' } } },
    field: 'service.hostedZone.name',
    got: 'acme.example',
    expected: /^api-acme\.example or a domain that contains it$/,
    mend: /^name the zone/,
  },
  ...[{}, closed].map((network) => ({
    rule: near,
    change: { ...network, service: { image: ecr('eu-west-1') } },
    field: 'service.image',
    got: `${ecr('eu-west-1').slice(0, 60)}…`,
    expected: /^an image in ECR in eu-west-2, since a deployment depends on one region and no other \(HM-REG-1\)$/,
    mend: /^replicate the repository to eu-west-2 and write 111122223333\.dkr\.ecr\.eu-west-2\.amazonaws\.com$/,
  })),
  {
    rule: registry,
    change: { ...closed, service: { image: 'docker.io/halton/api:1.4.0' } },
    field: 'service.image',
    got: 'docker.io/halton/api:1.4.0',
    expected: /^an image in ECR in eu-west-2, the one registry that tasks reach/,
    mend: /^copy it to a registry such as <account>\.dkr\.ecr\.eu-west-2\.amazonaws\.com/,
  },
  {
    rule: size,
    change: { service: { cpu: 512, memoryMib: 512 } },
    field: 'service.memoryMib',
    got: '512',
    expected: /with 512 CPU units: 1024, 2048, 3072, 4096$/,
    mend: /^write 1024, or change cpu$/,
  },
  {
    rule: size,
    change: { service: { cpu: 8192 } },
    field: 'service.memoryMib',
    got: '1024 (the default)',
    expected: /with 8192 CPU units: 16384 to 61440 in steps of 4096$/,
    mend: /^write 16384, or change cpu$/,
  },
  {
    rule: size,
    change: { service: { cpu: 256, memoryMib: 3072 } },
    field: 'service.memoryMib',
    got: '3072',
    expected: /with 256 CPU units: 512, 1024, 2048$/,
    mend: /^write 2048, or change cpu$/,
  },
  {
    rule: 'maxTasks is at least minTasks.',
    change: { service: { minTasks: 12 } },
    field: 'service.maxTasks',
    got: '10 (the default)',
    expected: /^at least 12, which is minTasks$/,
    mend: /^raise it to 12 or more, or lower minTasks$/,
  },
]);

test.each([
  { service: { clientCidrs: ['8.8.8.0/24', '10.0.0.0/8'] } },
  { service: { loadBalancer: 'internal', clientCidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/24', '100.64.0.0/10', '10.1.2.3/32'] } },
  { service: { image: ecr('eu-west-2') } },
  { account: '444455556666', service: { image: ecr('eu-west-2') } },
  { account: '111122223333', service: { certificateArn: certificate('eu-west-2', '111122223333') } },
  { service: { domainName: 'acme.example', hostedZone: { id: 'Z0123456789ABC', name: 'acme.example' } } },
  { service: { hostedZone: { id: 'Z0123456789ABC', name: 'acme.example' } } },
  { service: { image: 'docker.io/halton/api:1.4.0' } },
  { ...closed, service: { image: ecr('eu-west-2') } },
  closed,
  { service: { cpu: 16_384, memoryMib: 122_880 } },
  { service: { cpu: 256, memoryMib: 512 } },
  { service: { minTasks: 10 } },
])('a service that holds together is read: %#', (change) => {
  expect(parseDeployment(fileWith(change), 'acme.yaml')).toMatchObject('service' in change ? { service: change.service } : {});
});
