import { join, relative } from 'node:path';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolatingResource,
  PolicyViolation,
} from 'aws-cdk-lib';
import { checkAssembly } from './check.ts';
import type { Control } from './controls/control.ts';
import { controls } from './controls/index.ts';
import { writeEvidence } from './evidence.ts';
import { isBroken, unjudged } from './judge.ts';
import { outdirOf } from './outdir.ts';
import { serialize } from './results.ts';
import type { ControlResult, FindingResult, Results } from './results.ts';

/**
 * Judges all templates of an app together when the CDK has written them, and fails synthesis on a broken promise.
 *
 * Every violation is fatal: the CDK lets anything milder be acknowledged away.
 */
export class PosturePlugin implements IPolicyValidationPlugin {
  readonly name = 'Halton';
  readonly ruleIds: string[];
  readonly #controls: readonly Control[];
  #results: Results | undefined;

  /** @param judgedBy @default every control there is */
  constructor(judgedBy: readonly Control[] = controls) {
    this.#controls = judgedBy;
    this.ruleIds = judgedBy.map(({ id }) => id);
  }

  /** What the last validation came to; undefined as long as there was none. */
  get results(): Results | undefined {
    return this.#results;
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const directory = outdirOf(context.appConstruct);
    const results = this.#judge(directory);
    this.#results = results;
    const places = placesOf(results, directory, context);
    const violations = results.controls.filter(isBroken).flatMap((control) => violationsOf(control, places));
    // The CDK prints nothing of a report without violations, and then takes the synthesis for a success.
    if (violations.length === 0 && results.exitCode !== 0) violations.push(notJudged(results));
    return { success: results.exitCode === 0, violations };
  }

  #judge(directory: string): Results {
    const results = checkAssembly(relative(process.cwd(), directory) || '.', process.cwd(), this.#controls);
    try {
      writeEvidence(directory, 'results.json', serialize(results));
      return results;
    } catch (error) {
      // Without its record a judgement is worth nothing, and what throws here would pass for a run without findings.
      return unjudged('EVIDENCE_NOT_WRITTEN', `The results could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Where the CDK knows a stack from. */
interface Place {
  readonly templatePath: string;
  readonly constructPath: string | undefined;
}

function placesOf({ templates }: Results, directory: string, { stackTemplates }: IPolicyValidationContext): ReadonlyMap<string, Place> {
  return new Map(
    templates.map(({ stack, file }) => {
      const templatePath = join(directory, file);
      return [stack, { templatePath, constructPath: stackTemplates.find((known) => known.templatePath === templatePath)?.stackConstructPath }];
    }),
  );
}

/** One violation a resource, since the CDK prints each under the code that made the resource. */
function violationsOf(control: ControlResult, places: ReadonlyMap<string, Place>): readonly PolicyViolation[] {
  const open = control.findings.filter(({ checks }) => checks.length === 0 || checks.some(({ outcome }) => outcome !== 'pass'));
  const { id: ruleName, promise, reason, detail } = control;
  const violation = (what: string, resource: PolicyViolatingResource): PolicyViolation => ({
    ruleName,
    severity: 'fatal',
    description: `${what}. The promise: ${promise}`,
    violatingResources: [resource],
  });
  // A violation without a resource is neither printed nor counted.
  if (open.length === 0) return [violation([reason, detail].filter((part) => part !== undefined).join(': '), { locations: [] })];
  return open.map((finding) => violation(whatIsOpen(finding), violatingResource(finding, places.get(finding.resource.stack))));
}

function whatIsOpen({ checks }: FindingResult): string {
  if (checks.length === 0) return 'Nothing was checked';
  return checks
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ property, expected, observed }) => `${property}: expected ${expected}, observed ${observed}`)
    .join('; ');
}

function violatingResource({ resource: { logicalId }, checks }: FindingResult, place: Place | undefined): PolicyViolatingResource {
  const locations = checks.filter(({ outcome }) => outcome !== 'pass').map(({ property }) => `Properties.${property.replace(/^Properties\./, '')}`);
  if (place !== undefined && logicalId !== '') return { resourceLogicalId: logicalId, templatePath: place.templatePath, locations };
  return place?.constructPath === undefined ? { locations } : { constructPath: place.constructPath, locations };
}

function notJudged({ error }: Results): PolicyViolation {
  return {
    ruleName: error?.code ?? 'NOTHING_JUDGED',
    severity: 'fatal',
    description: error?.message ?? 'There is no control, so nothing was judged.',
    violatingResources: [{ locations: [] }],
  };
}
