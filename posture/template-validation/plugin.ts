import { join } from 'node:path';
import { CloudFormationValidatePlugin } from 'aws-cdk-lib';
import type { IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { createSyncFn } from 'synckit';
import type { PackRun, PackRuns } from '../pack-run.ts';
import type { ValidateTemplates } from './worker.ts';

/** Ten times what validation has been seen to take on two cores, so that a worker that died ends the run. */
const TIMEOUT_MS = 60_000;

/** Starts the thread, once, that makes the engine ready while the app makes its stacks. */
export function startTemplateValidation(): ValidateTemplates {
  return createSyncFn<ValidateTemplates>(join(import.meta.dirname, 'worker.ts'), { timeout: TIMEOUT_MS });
}

/**
 * The CDK's own validation of the templates, in a thread of its own and with evidence that it ran.
 *
 * The CDK takes it in place of the one that it would add itself, and no setting of the environment switches it off.
 */
export class TemplateValidation extends CloudFormationValidatePlugin {
  readonly #validate = startTemplateValidation();
  readonly #run: PackRun;
  #version: string | undefined;

  constructor(runs: PackRuns) {
    super();
    this.#run = runs.of(CloudFormationValidatePlugin.PLUGIN_NAME);
  }

  /** The engine's; undefined until it has run, since asking for it loads a second engine into this thread. */
  override get version(): string | undefined {
    return this.#version;
  }

  override validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    return this.#run.validate(() => {
      const { report, version, resources } = this.#validate(stackTemplates);
      this.#version = version;
      this.#run.count(resources, report.violations.flatMap(({ violatingResources }) => violatingResources).length);
      return report;
    });
  }
}
