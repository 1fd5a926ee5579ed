import type { CfnResource, IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import type { IApplyRule } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { outdirOf } from './outdir.ts';
import { PackRuns, type PackRun } from './pack-run.ts';
import { TemplateValidation } from './template-validation/plugin.ts';

/**
 * The rule packs that run beside the controls, the CDK's validation of templates among them, each leaving evidence that it
 * ran.
 *
 * A pack that found nothing and a pack that never ran leave the same report, and what a pack throws is lost to it.
 */
export function packs(app: IConstruct): IPolicyValidationPlugin[] {
  const runs = new PackRuns(outdirOf(app));
  return [new AwsSolutions(runs), new Nist(runs), new TemplateValidation(runs)];
}

class AwsSolutions extends AwsSolutionsChecks {
  readonly #run: PackRun;

  constructor(runs: PackRuns) {
    super();
    this.#run = runs.of(this.name);
  }

  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return this.#run.validate(() => super.validate(context));
  }

  protected override checkResource(node: CfnResource): void {
    this.#run.look(node, () => super.checkResource(node));
  }

  protected override applyRule(params: IApplyRule): void {
    super.applyRule(this.#run.observe(params));
  }
}

class Nist extends NIST80053R5Checks {
  readonly #run: PackRun;

  constructor(runs: PackRuns) {
    super();
    this.#run = runs.of(this.name);
  }

  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return this.#run.validate(() => super.validate(context));
  }

  protected override checkResource(node: CfnResource): void {
    this.#run.look(node, () => super.checkResource(node));
  }

  protected override applyRule(params: IApplyRule): void {
    super.applyRule(this.#run.observe(params));
  }
}
