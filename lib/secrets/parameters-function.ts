import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { ManagedPolicy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import type { HandlerCode } from '../handler-code.ts';
import { functionRole, HandlerFunction, LAMBDA_ARCHITECTURE, LAMBDA_RUNTIME } from '../lambda-function.ts';
import { l1 } from '../l1.ts';
import { storeLogGroup } from '../log-group.ts';
import { stores } from '../stores.ts';

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

    const logGroup = storeLogGroup(this, 'ProviderLogGroup', {
      store: stores.functionLog,
      encryptionKey: logKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const providerRole = functionRole(this, 'ProviderRole', logGroup);
    new ManagedPolicy(providerRole, 'Invoke', {
      roles: [providerRole],
      statements: [
        new PolicyStatement({
          actions: ['lambda:InvokeFunction', 'lambda:GetFunction'],
          resources: [handler.function.functionArn],
        }),
      ],
    });
    const provider = new Provider(this, 'Provider', {
      onEventHandler: handler.function,
      // Without updates: the framework would add the right to invoke every version of the function, of which there is one.
      frameworkOnEventRole: providerRole.withoutPolicyUpdates(),
      logGroup,
    });
    this.serviceToken = provider.serviceToken;
    provider.node.addDependency(providerRole);
    // The framework's function takes neither as a property, and picks its own.
    const framework = l1(provider.node.findChild('framework-onEvent'), CfnFunction);
    framework.runtime = LAMBDA_RUNTIME.name;
    framework.architectures = [LAMBDA_ARCHITECTURE.name];
  }
}
