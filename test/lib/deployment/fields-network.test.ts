import { refusesFields } from './cases.ts';
import { existing } from './refused.ts';

const subnets = (...first: readonly unknown[]) => [...first, 'subnet-0d000001'];

refusesFields([
  { field: 'network.internet', value: 'igw', got: 'igw', expected: /^nat or none$/, mend: /^write nat or none$/ },
  { field: 'network.internet', value: false, got: 'false', expected: /^nat or none$/, mend: /^write nat or none$/ },
]);

describe('of a VPC that is there already', () => {
  refusesFields(
    [
      { field: 'network.existing.vpcId', value: 'vpc-1', got: 'vpc-1', expected: /^the id of a VPC, such as vpc-/, mend: /describe-vpcs/ },
      { field: 'network.existing.vpcId', value: 'subnet-0a1b2c3d', got: 'subnet-0a1b2c3d', expected: /^the id of a VPC/, mend: /describe-vpcs/ },
      { field: 'network.existing.vpcId', value: undefined, got: 'nothing', expected: /^a VPC's id/, mend: /^add network\.existing\.vpcId$/ },

      { field: 'network.existing.cidr', value: undefined, got: 'nothing', expected: /CIDR notation/, mend: /^add network\.existing\.cidr$/ },
      { field: 'network.existing.cidr', value: '10.20.0.0', got: '10.20.0.0', expected: /CIDR notation/, mend: /and a prefix/ },
      { field: 'network.existing.cidr', value: 'fd00::/56', got: 'fd00::/56', expected: /^an IPv4 range, since/, mend: /10\.40\.0\.0\/16/ },
      { field: 'network.existing.cidr', value: '10.0.0.0/8', got: '10.0.0.0/8', expected: /no range larger than \/16/, mend: /^write 10\.0\.0\.0\/16/ },
      { field: 'network.existing.cidr', value: '10.20.0.0/29', got: '10.20.0.0/29', expected: /to \/28, as VPCs have$/, mend: /^write the VPC's range/ },
      { field: 'network.existing.cidr', value: '10.20.1.0/16', got: '10.20.1.0/16', expected: /no host bits set/, mend: /^write 10\.20\.0\.0\/16$/ },

      { field: 'network.existing.privateSubnets[0]', value: subnets('10.20.0.0/24'), got: '10.20.0.0/24', expected: /^the id of a subnet, such as subnet-/, mend: /describe-subnets/ },
      { field: 'network.existing.isolatedSubnets[0]', value: subnets('subnet-0A1B2C3D'), got: 'subnet-0A1B2C3D', expected: /^the id of a subnet/, mend: /describe-subnets/ },
      { field: 'network.existing.loadBalancerSubnets[0]', value: subnets('subnet-0a1b2c3d4'), got: 'subnet-0a1b2c3d4', expected: /^the id of a subnet/, mend: /describe-subnets/ },
      { field: 'network.existing.privateSubnets[0]', value: subnets(7), got: '7', expected: /as text$/, mend: /^quote it: '7'$/ },
      { field: 'network.existing.privateSubnets', value: 'subnet-0a000001', got: 'subnet-0a000001', expected: /^a list of subnet ids$/, mend: /^write it as a list/ },
      { field: 'network.existing.isolatedSubnets', value: undefined, got: 'nothing', expected: /^a list of subnet ids$/, mend: /^add network\.existing\.isolatedSubnets$/ },

      { field: 'network.existing.endpoints', value: 'yes', got: 'yes', expected: /^true or false$/, mend: /without quotes$/ },
      { field: 'network.existing.s3PrefixList', value: 'com.amazonaws.eu-west-2.s3', got: 'com.amazonaws.eu-west-2.s3', expected: /^the id of a prefix list, such as pl-/, mend: /com\.amazonaws\.REGION\.s3$/ },
    ],
    { network: existing },
  );

  refusesFields([{ field: 'network.existing', value: 'vpc-0a1b2c3d', got: 'vpc-0a1b2c3d', expected: /^a mapping with the keys vpcId, cidr, privateSubnets,/, mend: /^put its keys below it/ }], {
    network: { cidr: undefined },
  });
});
