import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Deployment } from '../deployment/schema.ts';

/** A VPC, whoever made it, and which of its subnets are for what. */
export interface Network {
  readonly vpc: IVpc;
  readonly loadBalancerSubnets: SubnetSelection;
  readonly taskSubnets: SubnetSelection;
  readonly databaseSubnets: SubnetSelection;
}

type NetworkSection = Deployment['network'];

/**
 * The range of the VPC's addresses, whoever made it.
 *
 * @throws where the deployment names none, which reading its file refuses
 */
export function vpcRange({ cidr, existing }: NetworkSection): string {
  const range = existing?.cidr ?? cidr;
  if (range === undefined) throw new Error('network: got neither cidr nor existing, expected one of the two; name the range of a new VPC or a VPC that is there.');
  return range;
}

/** Whether the deployment makes the VPC's endpoints. */
export function makesEndpoints({ existing }: NetworkSection): boolean {
  return existing === undefined || !existing.endpoints;
}
