/** The areas of the world with which AWS begins the name of a region. */
const AREA = 'us|eu|ap|sa|ca|me|af|il|mx|cn|eusc';

/** A region's name wherever it stands. */
const REGION = new RegExp(
  `(?<![a-z0-9])(?:${AREA})-(?:(?:gov|iso[a-z]?|de)-)?(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[0-9](?![0-9])`,
  'gi',
);

/** A zone's id, `euw2-az1`, which names its region in short. */
const ZONE_ID = new RegExp(`(?<![a-z0-9])(?:${AREA})(?:n|s|e|w|c|ne|nw|se|sw)[0-9]-az[0-9]+(?![a-z0-9])`, 'gi');

/** Twelve digits that are no part of a longer word or number. */
const ACCOUNT = /(?<![A-Za-z0-9.])\d{12}(?![A-Za-z0-9]|\.\d)/g;

/** Ids of certificates and the like, whose last part may be twelve digits too. */
const UUID = /(?<![A-Za-z0-9])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![A-Za-z0-9])/gi;

/**
 * The regions other than `home`, the ids of zones and the accounts that a text names.
 *
 * The judge of the templates reads texts the same way, and lib imports nothing of it; a test holds the two together.
 */
export function foreignNames(text: string, home: string): readonly string[] {
  const regions = [...text.matchAll(REGION)].map(([region]) => region).filter((region) => region.toLowerCase() !== home);
  const zones = [...text.matchAll(ZONE_ID)].map(([zone]) => zone);
  return [...new Set([...regions, ...zones, ...(text.replaceAll(UUID, '').match(ACCOUNT) ?? [])])];
}
