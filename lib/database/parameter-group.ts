import type { RemovalPolicy } from 'aws-cdk-lib';
import { type IInstanceEngine, ParameterGroup } from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { SERVER_SETTINGS } from './server-settings.ts';

/** The parameter group with the server's settings. */
export function parameterGroup(scope: Construct, id: string, engine: IInstanceEngine, removalPolicy: RemovalPolicy): ParameterGroup {
  return new ParameterGroup(scope, id, {
    engine,
    removalPolicy, // the instance's own: RDS deletes no group that an instance uses
    description: 'TLS enforced, pgaudit loaded',
    parameters: { ...SERVER_SETTINGS },
  });
}
