import { CustomResource, Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import { DATABASE_NAME } from '../database/postgres.ts';
import { parameterPath } from '../names.ts';
import type { ParametersFunction } from './parameters-function.ts';
import { secrets } from './table.ts';

export interface SecureParametersProps {
  readonly deployment: Deployment;
  readonly key: IKey;
  readonly function: ParametersFunction;
}

/** The deployment's SecureStrings: generated ones made, the operator's put under the deployment's key. */
export class SecureParameters extends Construct {
  readonly #props: SecureParametersProps;
  readonly #mayKeep: ManagedPolicy;
  /** Stands once every SecureString but the derived ones exists. */
  readonly parameters: CustomResource;

  constructor(scope: Construct, id: string, props: SecureParametersProps) {
    super(scope, id);
    this.#props = props;
    this.#mayKeep = new ManagedPolicy(this, 'Policy', {
      roles: [props.function.role],
      statements: keepParameters(Stack.of(this), parameterPath(props.deployment), props.key),
    });
    this.parameters = this.#customResource('Parameters', 'Custom::SecureParameters', {
      Parameters: secrets
        .filter((secret) => secret.source !== 'derived')
        .map((secret) => ({
          Name: secret.name,
          Source: secret.source,
          ...(secret.source === 'generated' ? { Format: secret.format } : {}),
        })),
    });
  }

  /** Keeps the URL with which the API connects; it can be made only once the instance has an address. */
  addDatabaseUrl(instance: IDatabaseInstance): void {
    const url = this.#customResource('DatabaseUrl', 'Custom::DatabaseUrl', {
      Name: 'database/url',
      Host: instance.dbInstanceEndpointAddress,
      Port: instance.dbInstanceEndpointPort,
      Database: DATABASE_NAME,
      Login: 'halton_api_a',
      PasswordName: 'database/api-a-password',
      SslMode: 'verify-full',
    });
    url.node.addDependency(this.parameters);
  }

  #customResource(id: string, resourceType: string, properties: Record<string, unknown>): CustomResource {
    const { deployment, key, function: { serviceToken } } = this.#props;
    const resource = new CustomResource(this, id, {
      resourceType,
      serviceToken,
      properties: {
        Deployment: deployment.name,
        Path: parameterPath(deployment),
        KeyArn: key.keyArn,
        DeleteOnDestroy: String(deployment.danger.deleteSecretsOnDestroy),
        ...properties,
      },
    });
    // Deleting goes the other way round, so the permission also outlives the resource.
    resource.node.addDependency(this.#mayKeep);
    return resource;
  }
}

/** This deployment's path only, and this key only to encrypt with. */
function keepParameters(stack: Stack, path: string, key: IKey): PolicyStatement[] {
  const parameters = stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${path.slice(1)}/*` });
  const throughParameterStore = {
    StringEquals: { 'kms:ViaService': `ssm.${stack.region}.amazonaws.com` },
    StringLike: { 'kms:EncryptionContext:PARAMETER_ARN': parameters },
  };
  return [
    new PolicyStatement({
      actions: [
        'ssm:GetParameter',
        'ssm:GetParameters',
        'ssm:GetParameterHistory',
        'ssm:PutParameter',
        'ssm:DeleteParameter',
        'ssm:AddTagsToResource',
        'ssm:ListTagsForResource',
        'ssm:RemoveTagsFromResource',
      ],
      resources: [parameters],
    }),
    new PolicyStatement({ actions: ['kms:DescribeKey'], resources: [key.keyArn] }),
    new PolicyStatement({
      actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
      conditions: throughParameterStore,
    }),
    new PolicyStatement({
      // Any key of the account, to read only: what an operator stored is under `aws/ssm`, and what a stack
      // that was rolled back left behind is under that stack's key.
      actions: ['kms:Decrypt'],
      resources: [stack.formatArn({ service: 'kms', resource: 'key', resourceName: '*' })],
      conditions: throughParameterStore,
    }),
  ];
}
