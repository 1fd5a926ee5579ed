import type { CfnResource, PolicyValidationPluginReport, PolicyViolation } from 'aws-cdk-lib';
import { NagRuleCompliance } from 'cdk-nag';
import type { IApplyRule } from 'cdk-nag';
import { writeEvidence } from './evidence.ts';
import type { PackEvidence } from './pack-summary.ts';

/** The runs of an app's packs, which share one file of evidence. */
export class PackRuns {
  readonly #outdir: string;
  readonly #finished = new Map<string, PackEvidence>();

  constructor(outdir: string) {
    this.#outdir = outdir;
  }

  of(pack: string): PackRun {
    return new PackRun(pack, (evidence) => {
      this.#finished.set(pack, evidence);
      writeEvidence(this.#outdir, 'packs.json', `${JSON.stringify([...this.#finished.values()], null, 2)}\n`);
    });
  }
}

/** Watches one pack at work. */
export class PackRun {
  readonly #pack: string;
  readonly #finish: (evidence: PackEvidence) => void;
  #resources = 0;
  #findings = 0;
  #rules = new Set<string>();
  #crashes: { readonly path: string; readonly message: string }[] = [];

  constructor(pack: string, finish: (evidence: PackEvidence) => void) {
    this.#pack = pack;
    this.#finish = finish;
  }

  /** Runs the whole pack, and adds a fatal violation for each resource that it could not look at. */
  validate(validate: () => PolicyValidationPluginReport): PolicyValidationPluginReport {
    this.#resources = 0;
    this.#findings = 0;
    this.#rules = new Set();
    this.#crashes = [];
    const report = validate();
    this.#finish({ pack: this.#pack, resources: this.#resources, rules: this.#rules.size, findings: this.#findings, crashes: this.#crashes.length });
    const violations = [...report.violations, ...this.#crashes.map((crash) => crashed(this.#pack, crash))];
    return { ...report, success: violations.length === 0, violations };
  }

  /** Looks at one resource. What is thrown here would end the pack and, in the CDK's report, the findings with it. */
  look(node: CfnResource, check: () => void): void {
    this.#resources += 1;
    try {
      check();
    } catch (error) {
      this.#crashes.push({ path: node.node.path, message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Adds what a pack that looks at whole templates has looked at and found. */
  count(resources: number, findings: number): void {
    this.#resources += resources;
    this.#findings += findings;
  }

  /** Counts what a rule finds, also where an acknowledgement in its bare form then takes it out of the report. */
  observe(params: IApplyRule): IApplyRule {
    const suffix = params.ruleSuffixOverride ?? params.rule.name;
    this.#rules.add(suffix);
    return {
      ...params,
      ruleSuffixOverride: suffix,
      rule: (node) => {
        // A rule that throws is a finding too.
        this.#findings += 1;
        const result = params.rule(node);
        this.#findings += Array.isArray(result) ? result.length - 1 : result === NagRuleCompliance.NON_COMPLIANT ? 0 : -1;
        return result;
      },
    };
  }
}

function crashed(pack: string, { path, message }: { readonly path: string; readonly message: string }): PolicyViolation {
  return {
    ruleName: `${pack}-crashed`,
    severity: 'fatal',
    description: `The pack crashed on this resource: ${message}`,
    violatingResources: [{ constructPath: path, locations: ['Properties'] }],
  };
}
