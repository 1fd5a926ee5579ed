import { CustomResource, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import { parameterPath } from '../names.ts';
import type { ParametersFunction } from './parameters-function.ts';
import { secrets } from './table.ts';

export interface OperatorSecretsProps {
  readonly deployment: Deployment;
  readonly function: ParametersFunction;
}

/** Fails the deployment, before anything costly is made, while a secret that the operator supplies is missing. */
export class OperatorSecrets extends Construct {
  constructor(scope: Construct, id: string, props: OperatorSecretsProps) {
    super(scope, id);
    const path = parameterPath(props.deployment);
    const names = secrets.filter((secret) => secret.source === 'operator').map((secret) => secret.name);
    const mayLook = new ManagedPolicy(this, 'Policy', {
      roles: [props.function.role],
      statements: [
        new PolicyStatement({
          actions: ['ssm:GetParameters'],
          resources: names.map((name) => Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${path.slice(1)}/${name}` })),
        }),
      ],
    });
    const check = new CustomResource(this, 'Check', {
      resourceType: 'Custom::OperatorSecrets',
      serviceToken: props.function.serviceToken,
      properties: { Deployment: props.deployment.name, Path: path, Names: names },
    });
    check.node.addDependency(mayLook);
  }
}
