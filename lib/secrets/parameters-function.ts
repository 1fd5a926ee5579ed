import { Duration } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import type { HandlerCode } from '../handler-code.ts';
import { HandlerFunction } from '../lambda-function.ts';
import { CustomResourceProvider } from '../provider.ts';

export interface ParametersFunctionProps {
  readonly deployment: Deployment;
  readonly code: HandlerCode;
  readonly logKey: IKey;
}

/**
 * The function behind the custom resources that check, make and keep SecureStrings, which CloudFormation
 * itself cannot.
 *
 * Its role starts empty; each custom resource adds what it needs, where the key that it names lives.
 */
export class ParametersFunction extends Construct {
  readonly role: Role;
  readonly serviceToken: string;

  constructor(scope: Construct, id: string, { deployment, code, logKey }: ParametersFunctionProps) {
    super(scope, id);
    const handler = new HandlerFunction(this, 'Handler', {
      description: `Keeps the SecureStrings of ${deployment.name}`,
      code: code.secureParameters,
      logKey,
      // A dozen parameters take seconds; the rest is for throttling and for IAM, which is eventually consistent.
      timeout: Duration.minutes(2),
    });
    this.role = handler.role;

    this.serviceToken = new CustomResourceProvider(this, 'Provider', { logKey, onEvent: handler.function }).serviceToken;
  }
}
