import type { Json } from '../../posture/assembly/json.ts';
import { template } from '../../posture/assembly/template.ts';
import type { Template } from '../../posture/assembly/template.ts';
import type { Facts } from '../../posture/facts/facts.ts';
import { factsFromTemplates } from '../../posture/facts/from-templates.ts';

export interface AssemblyOptions {
  /** @default 'eu-west-2' */
  readonly region?: string;
  /** Regions of single stacks, by stack name. `null` leaves one to the moment of deployment. */
  readonly regions?: Readonly<Record<string, string | null>>;
  /** @default - left to the moment of deployment */
  readonly account?: string;
}

/** Templates as the assembly reader hands them on, from bodies written inline by stack name. */
export function templatesOf(bodies: Readonly<Record<string, unknown>>, options: AssemblyOptions = {}): readonly Template[] {
  return Object.entries(bodies).map(([stack, body]) => {
    const region = options.regions?.[stack] === undefined ? (options.region ?? 'eu-west-2') : options.regions[stack];
    const place = { stack, file: `${stack}.template.json`, account: options.account, region: region ?? undefined };
    // Through JSON, as from a file: what JSON cannot hold must not reach a control.
    return template(place, JSON.parse(JSON.stringify(body)) as Json);
  });
}

/** What controls read, from bodies written inline by stack name. */
export function factsOf(bodies: Readonly<Record<string, unknown>>, options: AssemblyOptions = {}): Facts {
  return factsFromTemplates(templatesOf(bodies, options));
}
