import { resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The directory of an app's assembly.
 *
 * @throws Error where the construct is no App
 */
export function outdirOf(app: IConstruct): string {
  if (!App.isApp(app)) throw new Error(`${app.node.path} is no App. Expected one: evidence is kept beside the manifest of the whole app.`);
  return resolve(app.outdir);
}
