import type { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * The CloudFormation resource behind a construct of the CDK, for a property that the construct does not offer.
 *
 * @throws where the CDK makes the construct of another resource than it did
 */
export function l1<Resource extends CfnResource>(construct: IConstruct, type: abstract new (...args: never[]) => Resource): Resource {
  const resource = construct.node.defaultChild ?? construct;
  if (resource instanceof type) return resource;
  throw new Error(
    `${construct.node.path}: got ${resource.constructor.name}, expected ${type.name}; the CDK makes this construct in another way than before, so the property set here needs another place.`,
  );
}
