import { PermissionsBoundary, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { imageAccountOf } from './deployment/image.ts';
import type { Deployment } from './deployment/schema.ts';

/** The areas that have a stack, in the order in which stacks refer to one another. */
export type Area = 'network' | 'data' | 'service' | 'audit' | 'evidence';

/**
 * One stack of a deployment, named `halton-<deployment>-<area>`.
 *
 * The template says in its metadata which deployment it belongs to, so that an assembly can be judged
 * without the app that made it.
 */
export class AreaStack extends Stack {
  readonly #zones: readonly string[];

  constructor(scope: Construct, area: Area, deployment: Deployment, description: string) {
    const { permissionsBoundary } = deployment;
    super(scope, `halton-${deployment.name}-${area}`, {
      description: `Halton Meter Cloud (${deployment.name}): ${description}`,
      env: { region: deployment.region, account: deployment.account },
      // Applied by an aspect, so that it also reaches the roles that the CDK makes for functions of its own.
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary: PermissionsBoundary.fromArn(permissionsBoundary) }),
    });
    this.#zones = deployment.network.availabilityZones;
    const { name, kind, region } = deployment;
    const imageAccount = imageAccountOf(deployment);
    this.templateOptions.metadata = {
      Halton: {
        deployment: { name, kind, region },
        area,
        ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
        ...(imageAccount === undefined ? {} : { imageAccount }),
      },
    };
    Tags.of(this).add('halton:deployment', name);
  }

  /** The deployment file's zones: asking the account instead would make synthesis need credentials. */
  override get availabilityZones(): string[] {
    return [...this.#zones];
  }
}
