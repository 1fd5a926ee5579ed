import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { SecretsError } from './errors.ts';

const text = z.string('expected a text');
const common = {
  ResourceType: z.enum(['Custom::OperatorSecrets', 'Custom::SecureParameters', 'Custom::DatabaseUrl'], 'expected a type that this function serves'),
  StackId: text,
  LogicalResourceId: text,
  RequestId: text,
  ResourceProperties: z.unknown(),
};

const schema = z.discriminatedUnion('RequestType', [
  z.object({ ...common, RequestType: z.literal('Create') }),
  z.object({ ...common, RequestType: z.literal('Update'), PhysicalResourceId: text, OldResourceProperties: z.unknown() }),
  z.object({ ...common, RequestType: z.literal('Delete'), PhysicalResourceId: text }),
], 'expected Create, Update or Delete');

/** What the provider framework hands on of CloudFormation's request. */
export type ResourceEvent = z.infer<typeof schema>;

/** @throws SecretsError `EVENT_INVALID` */
export const readEvent = (input: unknown): ResourceEvent => read(schema, input, 'the event');

/** Reads with a schema and says, of everything that does not fit, where it stands and what was expected. */
export function read<Output>(shape: z.ZodMiniType<Output>, input: unknown, what: string): Output {
  const result = shape.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || what}: ${message}`);
  throw new SecretsError('EVENT_INVALID', `${what} does not fit: ${problems.join('; ')}. Synthesize and deploy with one and the same version.`);
}

/**
 * The physical id: made once from what identifies the Create, so that a repeated one answers the same, and
 * kept by every later request.
 */
export function physicalId(event: ResourceEvent): string {
  if (event.RequestType !== 'Create') return event.PhysicalResourceId;
  return `halton-${digest(event.StackId, event.LogicalResourceId, event.RequestId)}`;
}

/**
 * The tag by which a resource holds a parameter. It names the resource's place (stack and logical id) and
 * its value is the physical id of whoever has that place now.
 *
 * The stack's name without its unique id: of two stacks with one name the older is gone, and so is its hold.
 */
export function holderTag(event: ResourceEvent): string {
  const stack = /:stack\/([^/]+)\//.exec(event.StackId)?.[1] ?? event.StackId;
  return `${HOLDER_PREFIX}${digest(stack, event.LogicalResourceId)}`;
}

/** Begins every tag by which a resource holds a parameter. */
export const HOLDER_PREFIX = 'halton:holder:';

/** 128 bits are plenty to tell resources apart, and keep a tag's key short. */
const digest = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
