import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { storeLogGroup } from './log-group.ts';
import { stores } from './stores.ts';

/** The one runtime: functions, tasks and the repository's own scripts run Node 24 on arm64. */
export const LAMBDA_RUNTIME = Runtime.NODEJS_24_X;
export const LAMBDA_ARCHITECTURE = Architecture.ARM_64;

export interface HandlerFunctionProps {
  readonly description: string;
  /** Folder of the bundled handler. */
  readonly code: string;
  readonly logKey: IKey;
  readonly timeout: Duration;
}

/** A bundled handler with a role of its own, which at first may do nothing but write to its own log group. */
export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, { description, code, logKey, timeout }: HandlerFunctionProps) {
    super(scope, id);
    const logGroup = storeLogGroup(this, 'LogGroup', {
      store: stores.functionLog,
      encryptionKey: logKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = functionRole(this, 'Role', logGroup);
    this.function = new LambdaFunction(this, 'Function', {
      description,
      runtime: LAMBDA_RUNTIME,
      architecture: LAMBDA_ARCHITECTURE,
      handler: 'index.handler',
      code: Code.fromAsset(code),
      role: this.role,
      timeout,
      memorySize: 256, // loading two SDK clients at 128 MB, where the processor share is half, takes twice as long
      logGroup,
      loggingFormat: LoggingFormat.JSON,
    });
    this.function.node.addDependency(this.role);
  }
}

/** A function's role without AWSLambdaBasicExecutionRole, which would let it write to every log group of the account. */
export function functionRole(scope: Construct, id: string, logGroup: LogGroup): Role {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  new ManagedPolicy(role, 'Logs', {
    roles: [role],
    statements: [
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    ],
  });
  return role;
}
