import { partitionOf } from '../deployment/regions.ts';
import type { Deployment } from '../deployment/schema.ts';

/** A finding of a rule pack that stands, on one resource, because of a decision. */
export interface Suppression {
  /** `<pack>::<rule>`: only in this form does the finding stay in the report, with its reason. */
  readonly rule: string;
  /** Construct path, without the `halton-<deployment>-` in front of the area. */
  readonly resource: string;
  readonly reason: string;
  /** The record in docs/adr that decided it, by file name. */
  readonly decision: string;
}

export const aws = (rule: string): string => `AwsSolutions::AwsSolutions-${rule}`;
export const nist = (rule: string): string => `NIST.800.53.R5::NIST.800.53.R5-${rule}`;

/** Each resource with each rule, for one reason. */
export function suppress(rules: readonly string[], resources: readonly string[], decision: string, reason: string): readonly Suppression[] {
  return resources.flatMap((resource) => rules.map((rule) => ({ rule, resource, reason, decision })));
}

/** The start of an ARN as cdk-nag writes it into a finding's name. */
export function arn({ region, account }: Deployment, service: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account ?? '<AWS::AccountId>'}:${resource}`;
}
