import { type App, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import { dataSuppressions } from './data.ts';
import { evidenceSuppressions } from './evidence.ts';
import { networkSuppressions } from './network.ts';
import { serviceSuppressions } from './service.ts';
import type { Suppression } from './suppression.ts';

/** Every finding that stands. The tests refuse one that matches nothing, so the table cannot outlive its reasons. */
export function suppressions(deployment: Deployment): readonly Suppression[] {
  return [networkSuppressions, dataSuppressions, serviceSuppressions, evidenceSuppressions].flatMap((table) => table(deployment));
}

/**
 * Acknowledges every finding of the table on its one resource.
 *
 * @throws where a resource of the table is not in the app
 */
export function acknowledgeFindings(app: App, deployment: Deployment): void {
  for (const { rule, resource, reason, decision } of suppressions(deployment)) {
    const path = `halton-${deployment.name}-${resource}`;
    const construct = path.split('/').reduce<IConstruct | undefined>((node, id) => node?.node.tryFindChild(id), app);
    if (construct === undefined) {
      throw new Error(`lib/suppressions: got ${path} for ${rule}, expected a construct of this app; remove the entry or mend its path.`);
    }
    Validations.of(construct).acknowledge({ id: rule, reason: `${reason} (ADR ${decision})` });
  }
}
