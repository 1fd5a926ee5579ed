/** The areas of the world with which AWS begins the name of a region. */
const AREA = 'us|eu|ap|sa|ca|me|af|il|mx|cn|eusc';

/**
 * A region's name wherever it stands: alone, in an ARN, a host name, a bucket name, or with a zone's letter.
 * Between area and direction may come a partition (`us-gov-west-1`, `us-isob-east-1`, `eusc-de-east-1`).
 */
const REGION = new RegExp(
  `(?<![a-z0-9])(?:${AREA})-(?:(?:gov|iso[a-z]?|de)-)?(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[0-9](?![0-9])`,
  'gi',
);

/** A zone's account-independent id, `euw2-az1`, which names its region in short. */
const ZONE_ID = new RegExp(`(?<![a-z0-9])((?:${AREA})(?:n|s|e|w|c|ne|nw|se|sw)[0-9])-az[0-9]+(?![a-z0-9])`, 'gi');

/** An ARN whose region is left to the moment of deployment, as `${name}`. */
const OPEN_ARN = /(?<![A-Za-z0-9])arn:[^:\s]*:[^:\s]*:\$\{[^}]*\}/;

/** Whether a string is or holds an ARN whose region nobody can tell yet. */
export const leavesRegionOpen = (text: string): boolean => OPEN_ARN.test(text);

/** The regions other than `home` that a string names, by their own name or by that of one of their zones. */
export function otherRegions(text: string, home: string | undefined): readonly string[] {
  const regions = [...text.matchAll(REGION)].map(([region]) => region.toLowerCase()).filter((region) => region !== home);
  const zones = [...text.matchAll(ZONE_ID)].filter(([, region]) => home === undefined || region?.toLowerCase() !== shortened(home));
  return [...new Set([...regions, ...zones.map(([zone]) => zone)])];
}

/** `euw2` for `eu-west-2`, `apse1` for `ap-southeast-1`. */
function shortened(region: string): string {
  return region.replace(/north|south|east|west|central/g, ([initial = '']) => initial).replaceAll('-', '');
}
