import type { KMSClient } from '@aws-sdk/client-kms';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { patientCall } from './calls.ts';
import type { Pause } from './calls.ts';
import { presentable, SecretsError } from './errors.ts';
import { holderKey, holdValue, physicalId, readEvent } from './event.ts';
import type { ResourceEvent } from './event.ts';
import { keep } from './keep.ts';
import { demandUsableKey } from './key.ts';
import { letGo } from './let-go.ts';
import { beforeOf, lossesSince, lostMeanwhile } from './lost.ts';
import type { Before, Losses } from './lost.ts';
import { planOf } from './plan.ts';
import type { Plan } from './plan.ts';
import { demandPresence } from './presence.ts';
import { parameterStore } from './store.ts';
import type { Work } from './work.ts';

export interface Dependencies {
  readonly ssm: SSMClient;
  readonly kms: KMSClient;
  /** Waits for so many milliseconds. */
  readonly pause: Pause;
  /** Takes one line of the log; no line holds a value. */
  readonly log: (line: Readonly<Record<string, string>>) => void;
  /** Milliseconds after which a request is given up. */
  readonly timeLimit: number;
}

/** There is no `Data`: whoever needs a secret reads it from Parameter Store. */
export interface Answer {
  readonly PhysicalResourceId: string;
}

/**
 * Answers the requests of CloudFormation for the three kinds of resource that check, make and keep secrets.
 *
 * Every request can be repeated, at any point of another one's course, and comes to the same end.
 *
 * @throws SecretsError whose message may be shown to anybody
 */
export function eventHandler({ ssm, kms, pause, log, timeLimit }: Dependencies): (input: unknown) => Promise<Answer> {
  return async (input) => {
    try {
      const event = readEvent(input);
      const call = patientCall(pause, AbortSignal.timeout(timeLimit));
      const id = physicalId(event);
      const holder = { key: holderKey(event), value: holdValue(id, event.ResourceProperties), id };
      const record: Work['record'] = (parameter, action) => log({ resource: event.ResourceType, request: event.RequestType, parameter, action });
      await handle(event, { kms, call, pause, store: parameterStore(ssm, call), holder, record });
      return { PhysicalResourceId: id };
    } catch (error) {
      throw presentable(error);
    }
  };
}

const NONE_LOST: Losses = { lost: [], passedOver: new Set() };

async function handle(event: ResourceEvent, work: Work): Promise<void> {
  if (event.RequestType === 'Delete') {
    const plan = planIfValid(event, event.ResourceProperties, work);
    if (plan !== undefined) await remove(plan, work);
    return;
  }
  const plan = planOf(event.ResourceType, event.ResourceProperties, work.store);
  await apply(plan, beforeOf(event), work);
  if (event.RequestType === 'Update') await dropOthers(planIfValid(event, event.OldResourceProperties, work), plan, work);
}

/** One parameter after the other: in parallel they would only meet Parameter Store's limit on writes per second. */
async function apply({ keyArn, demands, keepings }: Plan, before: Before | undefined, work: Work): Promise<void> {
  if (keyArn !== undefined) await demandUsableKey(keyArn, work.kms, work.call);
  const types = await work.store.types(demands.map(({ path }) => path));
  const { lost, passedOver } = before === undefined ? NONE_LOST : await lossesSince(before, keepings, (path) => types.has(path), work);
  demandPresence(demands.filter(({ path }) => !passedOver.has(path)), types, lost);
  for (const keeping of keepings) {
    const { demand: { path }, loss } = keeping;
    const notAnew = loss !== undefined && before?.named(path) === true;
    const careful = notAnew ? { ...keeping, make: () => { throw lostMeanwhile(keeping); } } : keeping;
    work.record(path, passedOver.has(path) ? 'lost' : await keep(careful, work));
  }
}

async function remove({ keepings, deleteOnDestroy }: Plan, work: Work): Promise<void> {
  for (const { demand: { path } } of keepings) work.record(path, await letGo(path, deleteOnDestroy, work));
}

/**
 * Lets go of what the new properties no longer name, and deletes nothing whatever `DeleteOnDestroy` says:
 * this update may yet be rolled back, and a value once deleted does not come back with it.
 */
async function dropOthers(before: Plan | undefined, now: Plan, work: Work): Promise<void> {
  const named = new Set(now.keepings.map(({ demand }) => demand.path));
  const dropped = (before?.keepings ?? []).filter(({ demand }) => !named.has(demand.path));
  for (const { demand: { path } } of dropped) work.record(path, await letGo(path, false, work));
}

/** Undefined for properties that no longer or never did fit: nothing was made by them, so there is nothing to let go of. */
function planIfValid(event: ResourceEvent, properties: unknown, { store }: Work): Plan | undefined {
  try {
    return planOf(event.ResourceType, properties, store);
  } catch (error) {
    if (error instanceof SecretsError && error.code === 'EVENT_INVALID') return undefined;
    throw error;
  }
}
