import { type App, Validations } from 'aws-cdk-lib';
import type { Deployment } from '../lib/deployment/schema.ts';
import { acknowledgeFindings, suppressions } from '../lib/suppressions/suppressions.ts';
import { type PackSummary, readPacks, type SuppressedFinding } from '../posture/pack-summary.ts';
import { packs } from '../posture/packs.ts';
import { PosturePlugin } from '../posture/plugin.ts';
import type { Results } from '../posture/results.ts';

/** What came of an app's promises and of the rule packs. */
export interface JudgedApp {
  /** Undefined where the promises were not judged. */
  readonly results: Results | undefined;
  /** With what is suppressed compared to the table of suppressions. */
  readonly packs: readonly PackSummary[];
}

/**
 * Synthesizes the app of a deployment, and judges it as every command does: by the controls and by the rule packs.
 *
 * @throws where the CDK ends a synthesis with findings by throwing, as it does outside its own command
 */
export function judgeApp(app: App, deployment: Deployment): JudgedApp {
  acknowledgeFindings(app, deployment);
  const posture = new PosturePlugin();
  Validations.of(app).addPlugins(posture, ...packs(app));
  app.synth();
  return { results: posture.results, packs: readPacks(app.outdir, acceptedFindings(deployment)) };
}

/** The table of suppressions, as the packs name what they find. */
export function acceptedFindings(deployment: Deployment): readonly SuppressedFinding[] {
  return suppressions(deployment).map(({ rule, resource }) => ({ rule, constructPath: `halton-${deployment.name}-${resource}` }));
}
