import type { Resource } from '../facts/facts.ts';
import { isDeeperThan, isList, isObject, own } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { UnreadableAssembly } from './unreadable.ts';

/** Where a stack's template lies and where the stack will be deployed, as the manifest says. */
export interface StackPlace {
  /** The stack's name in CloudFormation. */
  readonly stack: string;
  /** The template's path inside the assembly. */
  readonly file: string;
  /** Undefined where the manifest leaves the account to the moment of deployment. */
  readonly account: string | undefined;
  /** Undefined where the manifest leaves the region to the moment of deployment. */
  readonly region: string | undefined;
}

/** A resource together with what its template declares of it. */
export interface TemplateResource extends Resource {
  readonly body: JsonObject;
}

/** One stack's template, known to be in a shape that can be judged. */
export interface Template extends StackPlace {
  readonly body: JsonObject;
  readonly resources: ReadonlyMap<string, TemplateResource>;
}

/** CloudFormation documents no limit; CDK's deepest templates nest about 20 levels, and recursion is safe to thousands. */
const DEEPEST = 200;

/** Resources that deploy templates of their own, which this assembly's templates do not show. */
const NESTING = /^AWS::CloudFormation::(Stack|StackSet)$|^AWS::ServiceCatalog::CloudFormationProvisionedProduct$|::MODULE$/;

/**
 * Takes a parsed template over, or refuses it.
 *
 * @throws UnreadableAssembly where CloudFormation would refuse the template too, or would deploy something other than
 *   what it says: a transform rewrites it, a nested stack or a module adds to it
 */
export function template(place: StackPlace, body: Json): Template {
  if (!isObject(body)) throw malformed(place, 'it is not a JSON object');
  if (isDeeperThan(body, DEEPEST)) throw malformed(place, `it nests deeper than ${DEEPEST} levels`);
  if (own(body, 'Transform') !== undefined || usesTransform(body)) {
    throw new UnreadableAssembly(
      'TEMPLATE_TRANSFORMED',
      `${place.file} uses a transform, so CloudFormation deploys something else than the template says. ` +
        'Expected a template without Transform and Fn::Transform: declare what the macro would make.',
    );
  }
  const declared = own(body, 'Resources');
  if (!isObject(declared)) throw malformed(place, 'it has no Resources object');
  const resources = new Map<string, TemplateResource>();
  for (const [logicalId, resource] of Object.entries(declared)) {
    resources.set(logicalId, templateResource(place, logicalId, resource));
  }
  return { ...place, body, resources };
}

function templateResource(place: StackPlace, logicalId: string, body: Json): TemplateResource {
  const type = isObject(body) ? own(body, 'Type') : undefined;
  if (!isObject(body) || typeof type !== 'string') {
    throw malformed(place, `its resource ${JSON.stringify(logicalId)} is not an object with a Type`);
  }
  if (NESTING.test(type)) {
    throw new UnreadableAssembly(
      'TEMPLATE_NESTED',
      `${place.file} declares ${logicalId}, a ${type}, whose own template is not judged. ` +
        'Expected every resource in a stack of the assembly: move them out of it.',
    );
  }
  return { id: `${place.stack}/${logicalId}`, type, stack: place.stack, logicalId, body };
}

function usesTransform(value: Json): boolean {
  if (isList(value)) return value.some(usesTransform);
  if (!isObject(value)) return false;
  return Object.hasOwn(value, 'Fn::Transform') || Object.values(value).some(usesTransform);
}

function malformed(place: StackPlace, what: string): UnreadableAssembly {
  return new UnreadableAssembly(
    'TEMPLATE_MALFORMED',
    `${place.file} cannot be judged: ${what}. Expected a CloudFormation template in JSON: synthesize it again.`,
  );
}
