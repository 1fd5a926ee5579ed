import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { misfits } from '../shared/misfits.ts';
import { MigrationError } from './errors.ts';

const text = z.string('expected a text');
const matching = (pattern: RegExp, expected: string) => z.string(expected).check(z.regex(pattern, expected));
const ResourceType = z.literal('Custom::Migrations', 'expected Custom::Migrations');

const event = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete'], 'expected Create, Update or Delete'),
  ResourceType,
  StackId: text,
  LogicalResourceId: text,
  RequestId: text,
  PhysicalResourceId: z.optional(text),
  ResourceProperties: z.unknown(),
});

const properties = z.object({
  Deployment: matching(/^[a-z0-9-]+$/, "expected the deployment's name"),
  Cluster: matching(/^arn:[\w-]+:ecs:[\w-]+:\d{12}:cluster\/[\w-]+$/, "expected a cluster's ARN"),
  TaskDefinition: matching(/^arn:[\w-]+:ecs:[\w-]+:\d{12}:task-definition\/[\w-]+:\d+$/, "expected a task definition's ARN with its revision"),
  Subnets: z.array(matching(/^subnet-[0-9a-f]+$/, 'expected a subnet')).check(z.minLength(1, 'expected a subnet at least')),
  SecurityGroups: z.array(matching(/^sg-[0-9a-f]+$/, 'expected a security group')).check(z.minLength(1, 'expected a security group at least')),
  Container: matching(/^[\w-]+$/, "expected a container's name"),
  LogGroup: matching(/^[\w./#-]+$/, "expected a log group's name"),
  LogStreamPrefix: matching(/^[\w./#-]+$/, 'expected the prefix of the log streams'),
  Release: matching(/^[\w.:/@+-]{1,250}$/, "expected the release's name"),
  MaxSeconds: z.optional(matching(/^[1-9]\d{0,4}$/, 'expected a number of seconds')),
});

const migration = z.discriminatedUnion('Run', [
  z.object({ Run: z.literal('started'), TaskArn: text, StartedAt: z.iso.datetime('expected a time') }),
  z.object({ Run: z.literal('skipped'), Reason: text }),
], 'expected a migration that was started or skipped');

const waiting = z.object({ ResourceType, Migration: migration, ResourceProperties: z.unknown() });

/** What the provider framework hands on of CloudFormation's request. */
export type ResourceEvent = z.infer<typeof event>;
/** What is started, and where. */
export type Properties = z.infer<typeof properties>;
/** What the first of the two functions did, handed on to the second by the framework. */
export type Migration = z.infer<typeof migration>;
/** The event again, with what the first function answered in it. */
export type WaitingEvent = z.infer<typeof waiting>;

/** @throws MigrationError `EVENT_INVALID` */
export const readEvent = (input: unknown): ResourceEvent => read(event, input, 'the event');
/** @throws MigrationError `EVENT_INVALID` */
export const readWaitingEvent = (input: unknown): WaitingEvent => read(waiting, input, 'the event');
/** @throws MigrationError `EVENT_INVALID` */
export const readProperties = (input: unknown): Properties => read(properties, input, 'Custom::Migrations');

function read<Output>(shape: z.ZodMiniType<Output>, input: unknown, what: string): Output {
  const result = shape.safeParse(input);
  if (result.success) return result.data;
  throw new MigrationError('EVENT_INVALID', `${what} does not fit: ${misfits(result.error, what)}. Synthesize and deploy with one and the same version.`);
}

/** The physical id: named by the resource's place at its creation, and kept by every later request. */
export function physicalId({ PhysicalResourceId, StackId, LogicalResourceId }: ResourceEvent): string {
  return PhysicalResourceId ?? `halton-migrations-${digest(StackId, LogicalResourceId)}`;
}

/**
 * What identifies the one task that a request starts: the same whenever the request is repeated, and another
 * one for the next request, though it were for the same release.
 */
export function startId({ StackId, LogicalResourceId, RequestId }: ResourceEvent): string {
  return `halton-${digest(StackId, LogicalResourceId, RequestId)}`;
}

/** 128 bits are plenty to tell requests apart, and fit into what ECS takes as a client token. */
const digest = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
