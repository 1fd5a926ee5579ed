import type { Refusal } from './problems.ts';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

/** The form of a domain name: at least two labels, the last of which begins with a letter. */
export const DOMAIN_FORM = new RegExp(`^(?:${LABEL}\\.)+(?=[a-z])${LABEL}$`);

/** Most characters of a domain name (RFC 1035, section 2.3.4, without the root's dot). */
const LONGEST_DOMAIN = 253;

/** The form of a Route 53 hosted zone's id. */
export const HOSTED_ZONE_FORM = /^Z[A-Z0-9]{1,31}$/;

/** Refuses what is not a domain name in lower case. */
export function judgeDomain(name: string): readonly Refusal[] {
  if (DOMAIN_FORM.test(name) && name.length <= LONGEST_DOMAIN) return [];
  const bare = name.toLowerCase().replace(/^https?:\/\//, '').replace(/[/?#].*$/, '').replace(/\.$/, '');
  return [
    {
      expected: 'a domain name: labels of lower-case letters, digits and hyphens, joined by dots',
      mend: DOMAIN_FORM.test(bare) ? `write ${bare}` : 'write one such as api.example.com',
    },
  ];
}

/** Refuses what is not the id of a Route 53 hosted zone. */
export function judgeHostedZone(id: string): readonly Refusal[] {
  if (HOSTED_ZONE_FORM.test(id)) return [];
  const bare = id.replace(/^\/hostedzone\//, '');
  return [
    {
      expected: "a hosted zone's id: a Z, then capital letters and digits",
      mend: HOSTED_ZONE_FORM.test(bare) ? `write ${bare}` : 'copy it from `aws route53 list-hosted-zones`',
    },
  ];
}

/** Whether a hosted zone of domain `zone` may hold a record for `name`. */
export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
