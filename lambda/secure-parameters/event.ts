import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { misfits } from '../shared/misfits.ts';
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
  throw new SecretsError('EVENT_INVALID', `${what} does not fit: ${misfits(result.error, what)}. Synthesize and deploy with one and the same version.`);
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
 * The key of the tag by which a resource holds a parameter; it names the resource's place (stack and logical id).
 *
 * The stack's name without its unique id: of two stacks with one name the older is gone, and so is its hold.
 */
export function holderKey(event: ResourceEvent): string {
  const stack = /:stack\/([^/]+)\//.exec(event.StackId)?.[1] ?? event.StackId;
  return `${HOLDER_PREFIX}${digest(stack, event.LogicalResourceId)}`;
}

/** The value of that tag: the physical id of whoever has the place now, and the properties by which it was last kept. */
export const holdValue = (id: string, properties: unknown): string => `${id}:${digest(inOrder(properties))}`;

/** Whether the value of that tag is one of this physical id, by whichever properties. */
export const isHoldOf = (id: string, value: string | undefined): boolean => value?.startsWith(`${id}:`) === true;

/** Begins every tag by which a resource holds a parameter. */
export const HOLDER_PREFIX = 'halton:holder:';

/** 128 bits are plenty to tell resources apart, and keep a tag's key short. */
const digest = (...parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** The same with sorted keys: CloudFormation promises no order, neither of one request's properties nor of two requests'. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([key, inner]) => [key, inOrder(inner)]);
}
