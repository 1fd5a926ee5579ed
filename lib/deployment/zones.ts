import type { Refusal } from './problems.ts';

/** Multi-AZ RDS needs two zones. */
export const FEWEST_ZONES = 2;

/** The VPC's range is cut for at most four zones. */
export const MOST_ZONES = 4;

/** The form of an availability zone's name: its region's name and one letter. */
export const ZONE_FORM = /^([a-z]{2}(?:-[a-z]+)+-\d+)[a-z]$/;

/** Local and Wavelength Zones put a place between region and letter: us-west-2-lax-1a, us-east-1-wl1-bos-wlz-1. */
const EDGE_ZONE_FORM = /^[a-z]{2}(?:-[a-z]+)+-\d+-[a-z]/;

const ZONE_ID_FORM = /^[a-z0-9]+-az\d+$/;

/** The region that an availability zone's name begins with, or undefined where the name is malformed. */
export function regionOfZone(zone: string): string | undefined {
  return ZONE_FORM.exec(zone)?.[1];
}

/** Refuses what is not the name of an availability zone. */
export function judgeZone(zone: string): readonly Refusal[] {
  if (ZONE_FORM.test(zone)) return [];
  const expected = 'the name of an availability zone, such as eu-west-2a';
  if (EDGE_ZONE_FORM.test(zone)) {
    return [
      {
        expected: 'an availability zone, since Multi-AZ RDS does not run in Local and Wavelength Zones',
        mend: 'choose a zone whose name is that of the region and one letter',
      },
    ];
  }
  if (ZONE_ID_FORM.test(zone)) {
    return [
      {
        expected: `${expected}, and not a zone's id`,
        mend: 'find the name that the id has in your account with `aws ec2 describe-availability-zones`',
      },
    ];
  }
  const lower = zone.toLowerCase();
  return [{ expected, mend: ZONE_FORM.test(lower) ? `write ${lower}` : 'write the name of the region and one letter' }];
}

/** Refuses lists that are too short or too long, and zones that stand in it already, these by their place. */
export function judgeZoneList(zones: readonly string[]): readonly (Refusal & { readonly index?: number })[] {
  const repeated = zones.flatMap((zone, index) =>
    zones.indexOf(zone) === index
      ? []
      : [{ index, expected: 'a zone that is not in the list yet', mend: 'name another zone or remove this one' }],
  );
  if (zones.length < FEWEST_ZONES) {
    const expected = `at least ${FEWEST_ZONES} zones, since the database and its standby are in different ones`;
    return [...repeated, { expected, mend: `add ${FEWEST_ZONES - zones.length}` }];
  }
  if (zones.length > MOST_ZONES) {
    const expected = `at most ${MOST_ZONES} zones, since the range of the VPC is cut for no more`;
    return [...repeated, { expected, mend: `remove ${zones.length - MOST_ZONES}` }];
  }
  return repeated;
}
