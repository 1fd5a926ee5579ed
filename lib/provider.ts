import { CfnResource, type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction, Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { functionRole, LAMBDA_ARCHITECTURE, LAMBDA_RUNTIME } from './lambda-function.ts';
import { l1 } from './l1.ts';
import { storeLogGroup } from './log-group.ts';
import { stores } from './stores.ts';

export interface CustomResourceProviderProps {
  readonly logKey: IKey;
  readonly onEvent: IFunction;
  /** With it the framework asks again and again until the resource is complete. @default - onEvent's answer is the end */
  readonly waiting?: { readonly isComplete: IFunction; readonly interval: Duration; readonly timeout: Duration };
}

/**
 * The CDK's provider framework round a handler, brought up to the standard of the deployment's own
 * functions: their runtime, an encrypted log group that expires, and roles that hold only what is needed.
 */
export class CustomResourceProvider extends Construct {
  readonly serviceToken: string;

  constructor(scope: Construct, id: string, { logKey, onEvent, waiting }: CustomResourceProviderProps) {
    super(scope, id);
    const logGroup = storeLogGroup(this, 'LogGroup', {
      store: stores.functionLog,
      encryptionKey: logKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const starting = functionRole(this, 'OnEventRole', logGroup);
    const asking = waiting === undefined ? undefined : functionRole(this, 'IsCompleteRole', logGroup);
    const provider = new Provider(this, 'Provider', {
      onEventHandler: onEvent,
      // Without updates: the framework would add the right to invoke every version of a function, of which there is one.
      frameworkOnEventRole: starting.withoutPolicyUpdates(),
      logGroup,
      ...(waiting === undefined
        ? {}
        : {
            isCompleteHandler: waiting.isComplete,
            queryInterval: waiting.interval,
            totalTimeout: waiting.timeout,
            frameworkCompleteAndTimeoutRole: asking?.withoutPolicyUpdates(),
          }),
    });
    this.serviceToken = provider.serviceToken;

    const waiter = waiting === undefined ? undefined : l1(provider.node.findChild('waiter-state-machine').node.findChild('Resource'), CfnResource);
    new ManagedPolicy(starting, 'Invoke', {
      roles: [starting],
      statements: [
        mayInvoke(onEvent),
        ...(waiter === undefined ? [] : [new PolicyStatement({ actions: ['states:StartExecution'], resources: [waiter.ref] })]),
      ],
    });
    if (waiting !== undefined && asking !== undefined) {
      new ManagedPolicy(asking, 'Invoke', { roles: [asking], statements: [mayInvoke(waiting.isComplete)] });
    }
    for (const child of provider.node.children) {
      if (child instanceof LambdaFunction) runAsOurs(child, child.node.id === 'framework-onEvent' ? starting : (asking ?? starting));
    }
  }
}

/** The framework's functions take neither runtime nor architecture as a property, and pick their own. */
function runAsOurs(framework: LambdaFunction, role: Role): void {
  const resource = l1(framework, CfnFunction);
  resource.runtime = LAMBDA_RUNTIME.name;
  resource.architectures = [LAMBDA_ARCHITECTURE.name];
  // Also the policies beneath the role: a function that is asked before it may invoke fails the first deployment.
  framework.node.addDependency(role);
}

function mayInvoke(handler: IFunction): PolicyStatement {
  return new PolicyStatement({ actions: ['lambda:InvokeFunction', 'lambda:GetFunction'], resources: [handler.functionArn] });
}
