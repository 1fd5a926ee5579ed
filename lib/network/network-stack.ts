import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { AreaStack } from '../area-stack.ts';
import type { Deployment } from '../deployment/schema.ts';
import type { HandlerCode } from '../handler-code.ts';
import { OperatorSecrets } from '../secrets/operator-secrets.ts';
import { ParametersFunction } from '../secrets/parameters-function.ts';
import { Endpoints } from './endpoints.ts';
import { ExistingVpc } from './existing-vpc.ts';
import { logKey } from './log-key.ts';
import type { Network } from './plan.ts';
import { SecurityGroups } from './security-groups.ts';
import { HaltonVpc } from './vpc.ts';

export interface NetworkStackProps {
  readonly deployment: Deployment;
  readonly code: HandlerCode;
}

/** The VPC, made or taken as it is, with its ways in and out, all security groups, and the key of all logs. */
export class NetworkStack extends AreaStack implements Network {
  readonly vpc: IVpc;
  readonly loadBalancerSubnets: SubnetSelection;
  readonly taskSubnets: SubnetSelection;
  readonly databaseSubnets: SubnetSelection;
  readonly securityGroups: SecurityGroups;
  readonly logKey: Key;
  readonly parametersFunction: ParametersFunction;

  constructor(scope: Construct, { deployment, code }: NetworkStackProps) {
    super(scope, 'network', deployment, 'network, security groups and the key of the logs');
    this.logKey = logKey(this, 'LogKey', deployment);

    this.parametersFunction = new ParametersFunction(this, 'Parameters', { deployment, code, logKey: this.logKey });
    const operatorSecrets = new OperatorSecrets(this, 'OperatorSecrets', { deployment, function: this.parametersFunction });

    const { vpc, loadBalancerSubnets, taskSubnets, databaseSubnets } = this.#network(deployment);
    this.vpc = vpc;
    this.loadBalancerSubnets = loadBalancerSubnets;
    this.taskSubnets = taskSubnets;
    this.databaseSubnets = databaseSubnets;
    this.securityGroups = new SecurityGroups(this, 'SecurityGroups', { deployment, vpc });
    if (this.securityGroups.endpoints !== undefined) {
      new Endpoints(this, 'Endpoints', { deployment, network: this, securityGroup: this.securityGroups.endpoints });
    }

    // A forgotten secret is found in the first minute, not after the network and the database stand.
    for (const begun of [vpc, this.securityGroups]) begun.node.addDependency(operatorSecrets);
  }

  #network(deployment: Deployment): Network {
    const { availabilityZones, existing } = deployment.network;
    return existing === undefined
      ? new HaltonVpc(this, 'Network', { deployment, logKey: this.logKey })
      : new ExistingVpc(this, 'Network', { availabilityZones, existing });
  }
}
