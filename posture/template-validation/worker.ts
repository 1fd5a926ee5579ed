import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CloudFormationValidatePlugin } from 'aws-cdk-lib';
import type { PolicyValidationPluginReport, PolicyValidationStack } from 'aws-cdk-lib';
import { runAsWorker } from 'synckit';
import { z } from 'zod';

/** Validates templates that stand on disk, and counts their resources. */
export type ValidateTemplates = (stackTemplates: readonly PolicyValidationStack[]) => {
  readonly report: PolicyValidationPluginReport;
  readonly version: string | undefined;
  readonly resources: number;
};

const plugin = new CloudFormationValidatePlugin();
const appConstruct = new App();
const templateSchema = z.object({ Resources: z.record(z.string(), z.unknown()).default({}) });

const validate: ValidateTemplates = (stackTemplates) => {
  const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
  const counts = templatePaths.map((path) => Object.keys(templateSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).Resources).length);
  const report = plugin.validate({ appConstruct, stackTemplates: [...stackTemplates], templatePaths });
  return { report, version: plugin.version, resources: counts.reduce((sum, count) => sum + count, 0) };
};

// The engine is made for the types of resources in its first templates, and anew where there are others. Making it takes
// seconds, which pass while the app makes its stacks; a type that is missing here costs them again, and nothing else.
const WARM_UP = join(import.meta.dirname, 'warm-up.template.json');
validate([{ stackConstructPath: 'warm-up', templatePath: WARM_UP, accountId: undefined, region: undefined }]);

runAsWorker(validate);
