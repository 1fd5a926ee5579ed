import ipaddr from 'ipaddr.js';
import { judgeHostBits, judgeRangeForm } from './cidr.ts';
import type { Refusal } from './problems.ts';

/** The form of a range of clients, for editors; `judgeClientRange` knows more. */
export const CLIENT_RANGE_FORM = /^\d{1,3}(\.\d{1,3}){3}\/([1-9]|[12]\d|3[0-2])$/;

/** Two rules a range, for HTTPS and for the redirect, of the 60 that a security group takes (VPC quotas, "Inbound or outbound rules per security group"). */
export const MOST_CLIENT_RANGES = 30;

/** Addresses that the internet routes nowhere: RFC 1918, and RFC 6598, which networks use where the former run out. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** Refuses what is not a range of IPv4 addresses, and the range of all addresses. */
export function judgeClientRange(range: string): readonly Refusal[] {
  const malformed = judgeRangeForm(range);
  if (malformed.length > 0) return malformed;
  if (ipaddr.IPv4.parseCIDR(range)[1] > 0) return judgeHostBits(range);
  return [{ expected: 'a range of some addresses, since this one is every address there is', mend: 'name the ranges of your clients, or leave clientCidrs out' }];
}

/** Refuses lists that are empty or too long, and ranges that stand in them already, these by their place. */
export function judgeClientRanges(ranges: readonly string[]): readonly (Refusal & { readonly index?: number })[] {
  const repeated = ranges.flatMap((range, index) =>
    ranges.indexOf(range) === index ? [] : [{ index, expected: 'a range that is not in the list yet', mend: 'name another range or remove this one' }],
  );
  if (ranges.length === 0) return [{ expected: 'at least one range', mend: 'name the ranges of your clients, or leave clientCidrs out' }];
  if (ranges.length <= MOST_CLIENT_RANGES) return repeated;
  const expected = `at most ${MOST_CLIENT_RANGES} ranges, since each takes two of the 60 rules of a security group`;
  return [...repeated, { expected, mend: `write ranges that contain several of these, ${ranges.length - MOST_CLIENT_RANGES} fewer in all` }];
}

/** Whether every address of a range is private; false for what is no range. */
export function isPrivateRange(range: string): boolean {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(range)) return false;
  const [address, prefix] = ipaddr.IPv4.parseCIDR(range);
  return PRIVATE.some((wider) => {
    const [network, length] = ipaddr.IPv4.parseCIDR(wider);
    return prefix >= length && address.match(network, length);
  });
}
