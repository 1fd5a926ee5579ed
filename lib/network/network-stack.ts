import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { AreaStack } from '../area-stack.ts';
import type { Deployment } from '../deployment/schema.ts';
import type { HandlerCode } from '../handler-code.ts';
import { OperatorSecrets } from '../secrets/operator-secrets.ts';
import { ParametersFunction } from '../secrets/parameters-function.ts';
import { Endpoints } from './endpoints.ts';
import { logKey } from './log-key.ts';
import { SecurityGroups } from './security-groups.ts';
import { HaltonVpc } from './vpc.ts';

export interface NetworkStackProps {
  readonly deployment: Deployment;
  readonly code: HandlerCode;
}

/** The VPC with its ways in and out, all security groups, and the key of all logs. */
export class NetworkStack extends AreaStack {
  readonly vpc: IVpc;
  readonly securityGroups: SecurityGroups;
  readonly logKey: Key;
  readonly parametersFunction: ParametersFunction;

  constructor(scope: Construct, { deployment, code }: NetworkStackProps) {
    super(scope, 'network', deployment, 'network, security groups and the key of the logs');
    this.logKey = logKey(this, 'LogKey', deployment);

    this.parametersFunction = new ParametersFunction(this, 'Parameters', { deployment, code, logKey: this.logKey });
    const operatorSecrets = new OperatorSecrets(this, 'OperatorSecrets', { deployment, function: this.parametersFunction });

    const { vpc } = new HaltonVpc(this, 'Network', { deployment, logKey: this.logKey });
    this.vpc = vpc;
    this.securityGroups = new SecurityGroups(this, 'SecurityGroups', { vpc });
    new Endpoints(this, 'Endpoints', { vpc, securityGroup: this.securityGroups.endpoints });

    // A forgotten secret is found in the first minute, not after the network and the database stand.
    vpc.node.addDependency(operatorSecrets);
  }
}
