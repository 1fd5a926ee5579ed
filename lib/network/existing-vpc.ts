import { Annotations } from 'aws-cdk-lib';
import { Subnet, Vpc, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/schema.ts';
import type { Network } from './plan.ts';

export interface ExistingVpcProps {
  readonly availabilityZones: readonly string[];
  readonly existing: NonNullable<Deployment['network']['existing']>;
}

/**
 * A VPC that is there already, taken as the deployment file describes it and looked up nowhere.
 *
 * Its flow logs, its default security group and its routes are its owner's: others may live in it, and what
 * they rely on is not for this deployment to close.
 */
export class ExistingVpc extends Construct implements Network {
  readonly vpc: IVpc;
  readonly loadBalancerSubnets: SubnetSelection;
  readonly taskSubnets: SubnetSelection;
  readonly databaseSubnets: SubnetSelection;

  constructor(scope: Construct, id: string, { availabilityZones, existing }: ExistingVpcProps) {
    super(scope, id);
    Annotations.of(this).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', "Route tables of an existing VPC are its owner's: nothing here reads them.");
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: existing.vpcId,
      vpcCidrBlock: existing.cidr,
      availabilityZones: [...availabilityZones],
    });
    const selection = (name: string, ids: readonly string[]): SubnetSelection => ({
      subnets: ids.map((subnetId, index) =>
        Subnet.fromSubnetAttributes(this, `${name}Subnet${index + 1}`, { subnetId, availabilityZone: availabilityZones[index] }),
      ),
    });
    this.loadBalancerSubnets = selection('LoadBalancer', existing.loadBalancerSubnets);
    this.taskSubnets = selection('Private', existing.privateSubnets);
    this.databaseSubnets = selection('Isolated', existing.isolatedSubnets);
  }
}
