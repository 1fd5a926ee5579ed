import type { Contradiction } from './rules/contradiction.ts';
import { dangerRules } from './rules/danger.ts';
import { databaseRules } from './rules/database.ts';
import { identityRules } from './rules/identity.ts';
import { namesRules } from './rules/names.ts';
import { networkRules } from './rules/network.ts';
import { placeRules } from './rules/place.ts';
import { serviceRules } from './rules/service.ts';

/** Every rule that spans fields, in the order of the file. */
export const contradictions: readonly Contradiction[] = [
  ...placeRules,
  ...namesRules,
  ...networkRules,
  ...serviceRules,
  ...identityRules,
  ...databaseRules,
  ...dangerRules,
];
