import ipaddr from 'ipaddr.js';
import type { Refusal } from './problems.ts';

/** The form of an IPv4 range, for editors; `judgeCidr` and `judgeExistingCidr` know more. */
export const CIDR_FORM = /^\d{1,3}(\.\d{1,3}){3}\/(1[6-9]|2[0-8])$/;

/** The shortest prefix that a VPC takes (VPC quotas, "IPv4 CIDR block"). */
const SHORTEST_PREFIX = 16;

/** The longest prefix that leaves each of four zones a /24 for its tasks and a /26 each for its load balancer and database. */
const LONGEST_PREFIX = 20;

/** The longest prefix that a VPC takes (VPC quotas, "IPv4 CIDR block"). */
const LONGEST_EXISTING_PREFIX = 28;

/** Refuses a VPC range that is not private IPv4, is misaligned, or has not the room for four zones of three subnets. */
export function judgeCidr(cidr: string): readonly Refusal[] {
  const malformed = judgeRangeForm(cidr);
  if (malformed.length > 0) return malformed;
  const [address, prefix] = ipaddr.IPv4.parseCIDR(cidr);
  const refusals = [...judgeShortest(address, prefix)];
  if (prefix > LONGEST_PREFIX) {
    refusals.push({
      expected: `a prefix from /${SHORTEST_PREFIX} to /${LONGEST_PREFIX}, since less than /${LONGEST_PREFIX} leaves too few addresses for three subnets in each of four zones`,
      mend: `widen it to /${LONGEST_PREFIX} or a shorter prefix`,
    });
  }
  if (address.range() !== 'private') {
    refusals.push({
      expected: 'private addresses (RFC 1918), since nothing in the VPC but its load balancer and NAT gateways has public ones',
      mend: 'choose a range in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
    });
  }
  return [...refusals, ...judgeHostBits(cidr)];
}

/** Refuses what cannot be the range of a VPC that somebody made already; which addresses it has was theirs to choose. */
export function judgeExistingCidr(cidr: string): readonly Refusal[] {
  const malformed = judgeRangeForm(cidr);
  if (malformed.length > 0) return malformed;
  const [address, prefix] = ipaddr.IPv4.parseCIDR(cidr);
  const longest =
    prefix > LONGEST_EXISTING_PREFIX
      ? [{ expected: `a prefix from /${SHORTEST_PREFIX} to /${LONGEST_EXISTING_PREFIX}, as VPCs have`, mend: "write the VPC's range, not a subnet's or an address" }]
      : [];
  return [...judgeShortest(address, prefix), ...longest, ...judgeHostBits(cidr)];
}

/** Refuses what is not an IPv4 range in CIDR notation, host bits or not. */
export function judgeRangeForm(cidr: string): readonly Refusal[] {
  if (ipaddr.IPv6.isValidCIDR(cidr)) {
    return [
      { expected: 'an IPv4 range, since the subnets have no IPv6 addresses', mend: 'write one such as 10.40.0.0/16' },
    ];
  }
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr)) return [];
  return [
    { expected: 'an IPv4 range in CIDR notation', mend: 'write four decimal numbers and a prefix, such as 10.40.0.0/16' },
  ];
}

function judgeShortest(address: ipaddr.IPv4, prefix: number): readonly Refusal[] {
  if (prefix >= SHORTEST_PREFIX) return [];
  return [
    {
      expected: `a prefix from /${SHORTEST_PREFIX} on, since a VPC takes no range larger than /${SHORTEST_PREFIX}`,
      mend: `write ${address.toString()}/${SHORTEST_PREFIX} or a longer prefix`,
    },
  ];
}

/** Refuses a well-formed range that does not begin with its first address. */
export function judgeHostBits(cidr: string): readonly Refusal[] {
  const [address, prefix] = ipaddr.IPv4.parseCIDR(cidr);
  const network = ipaddr.IPv4.networkAddressFromCIDR(cidr).toString();
  if (address.toString() === network) return [];
  return [{ expected: `the first address of the /${prefix} range, with no host bits set`, mend: `write ${network}/${prefix}` }];
}
