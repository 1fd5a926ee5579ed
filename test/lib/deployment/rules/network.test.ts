import { parseDeployment } from '../../../../lib/deployment/load.ts';
import { networkRules } from '../../../../lib/deployment/rules/network.ts';
import { refusesTogether } from '../cases.ts';
import { existing, fileWith, merge, publicKey } from '../refused.ts';

const vpc = (changes: Record<string, unknown>, network: Record<string, unknown> = {}) => ({
  network: merge({ ...existing, ...network }, { existing: changes }),
});
/** Without the internet the key has to be pinned, or the file is refused for that as well. */
const pinned = { identity: { publicKey: publicKey() } };

const either = 'The network has either a cidr, for a VPC of its own, or an existing VPC.';
const count = 'An existing VPC gives one subnet of each kind for every zone.';
const once = 'A subnet of an existing VPC stands in one list once; an internal load balancer may share the subnets of the tasks.';
const prefixList = 'An existing VPC with endpoints and without the internet needs s3PrefixList; no other has a use for it.';

refusesTogether(networkRules, [
  {
    rule: either,
    change: { network: { ...existing, cidr: '10.40.0.0/16' } },
    field: 'network.cidr',
    got: '10.40.0.0/16',
    expected: /^no range for a new VPC, since existing names one/,
    mend: /^remove cidr, or remove existing$/,
  },
  {
    rule: either,
    change: { network: { cidr: undefined } },
    field: 'network',
    got: 'neither cidr nor existing',
    expected: /^one of the two$/,
    mend: /^add cidr .* 10\.40\.0\.0\/16, or existing/,
  },
  {
    rule: count,
    change: vpc({ privateSubnets: ['subnet-0a000001'] }),
    field: 'network.existing.privateSubnets',
    got: 'a list of 1',
    expected: /^2 subnets, one for each of network\.availabilityZones/,
    mend: /^add 1$/,
  },
  {
    rule: count,
    change: vpc({ isolatedSubnets: [] }),
    field: 'network.existing.isolatedSubnets',
    got: 'a list of 0',
    expected: /^2 subnets/,
    mend: /^add 2$/,
  },
  {
    rule: count,
    change: vpc({ loadBalancerSubnets: ['subnet-0c000001', 'subnet-0c000002', 'subnet-0c000003'] }),
    field: 'network.existing.loadBalancerSubnets',
    got: 'a list of 3',
    expected: /^2 subnets/,
    mend: /^remove 1, or name their zones$/,
  },
  {
    rule: once,
    change: vpc({ isolatedSubnets: ['subnet-0b000001', 'subnet-0a000002'] }),
    field: 'network.existing.isolatedSubnets[1]',
    got: 'subnet-0a000002',
    expected: /^a subnet that is not in privateSubnets already/,
    mend: /^name another subnet$/,
  },
  {
    rule: once,
    change: vpc({ privateSubnets: ['subnet-0a000001', 'subnet-0a000001'] }),
    field: 'network.existing.privateSubnets[1]',
    got: 'subnet-0a000001',
    expected: /^a subnet that is not in privateSubnets already/,
    mend: /^name another subnet$/,
  },
  {
    rule: once,
    change: vpc({ loadBalancerSubnets: ['subnet-0c000001', 'subnet-0a000001'] }),
    field: 'network.existing.loadBalancerSubnets[1]',
    got: 'subnet-0a000001',
    expected: /^a subnet that is not in privateSubnets already/,
    mend: /^name another subnet$/,
  },
  {
    rule: once,
    change: { ...vpc({ loadBalancerSubnets: ['subnet-0c000001', 'subnet-0b000001'] }), service: { loadBalancer: 'internal' } },
    field: 'network.existing.loadBalancerSubnets[1]',
    got: 'subnet-0b000001',
    expected: /^a subnet that is not in isolatedSubnets already/,
    mend: /^name another subnet$/,
  },
  {
    rule: prefixList,
    change: { ...vpc({ endpoints: true }, { internet: 'none' }), ...pinned },
    field: 'network.existing.s3PrefixList',
    got: 'nothing',
    expected: /^the id of the region's prefix list for S3, since image layers come from S3/,
    mend: /describe-managed-prefix-lists/,
  },
  {
    rule: prefixList,
    change: vpc({ endpoints: true, s3PrefixList: 'pl-6ea54007' }),
    field: 'network.existing.s3PrefixList',
    got: 'pl-6ea54007',
    expected: /^no prefix list where the tasks reach S3 through NAT/,
    mend: /^remove it, or write internet: none and endpoints: true$/,
  },
  {
    rule: prefixList,
    change: { ...vpc({ endpoints: false, s3PrefixList: 'pl-6ea54007' }, { internet: 'none' }), ...pinned },
    field: 'network.existing.s3PrefixList',
    got: 'pl-6ea54007',
    expected: /or through an endpoint that the deployment makes$/,
    mend: /^remove it/,
  },
  {
    rule: "A VPC of the deployment's own without the internet has an internal load balancer.",
    change: { network: { internet: 'none' }, ...pinned },
    field: 'service.loadBalancer',
    got: 'internet-facing (the default)',
    expected: /^internal, since a VPC without the internet has no public subnet/,
    mend: /^write internal, or internet: nat$/,
  },
]);

test.each([
  { network: existing },
  vpc({ endpoints: true }),
  { ...vpc({ endpoints: true, s3PrefixList: 'pl-6ea54007' }, { internet: 'none' }), ...pinned },
  { ...vpc({ endpoints: false }, { internet: 'none' }), ...pinned },
  { ...vpc({ loadBalancerSubnets: [...existing.existing.privateSubnets] }), service: { loadBalancer: 'internal' } },
  { network: { internet: 'none' }, service: { loadBalancer: 'internal' }, ...pinned },
])('a network that holds together is read: %#', (change) => {
  expect(() => parseDeployment(fileWith(change), 'acme.yaml')).not.toThrow();
});
