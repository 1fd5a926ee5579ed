import { AwsCallError, isAwsError, SecretsError } from './errors.ts';
import { isHoldOf } from './event.ts';
import { isCertainlyKey } from './key.ts';
import { absenceProblem, plaintextProblem } from './presence.ts';
import type { Demand } from './presence.ts';
import type { Version } from './store.ts';
import type { Action, Work } from './work.ts';

/** Begins at the beginning when another writer came between; two retries of one event meet once or twice, not thrice. */
const ATTEMPTS = 3;

/** What it takes to live on without a value that was generated. */
export interface Loss {
  /** What goes with it, as a clause. */
  readonly means: string;
  /** Stores a new value which neither the screen nor the shell's history shows. */
  readonly command: string;
}

export interface Keeping {
  readonly demand: Demand;
  readonly keyArn: string;
  /** Makes the first value; without it the parameter has to exist. */
  readonly make?: () => string | Promise<string>;
  /** For a value that cannot be made a second time. @default - the value comes from the operator, or is derived */
  readonly loss?: Loss;
  /** What an existing value has to become. @default - it stays as it is */
  readonly readdress?: (value: string) => string;
}

/**
 * Sees to it that a parameter exists, is held by this resource and lies under its key. A value is made only
 * where there is none; one that exists is never made anew.
 */
export async function keep(keeping: Keeping, work: Work): Promise<Action> {
  const { demand, keyArn, make } = keeping;
  const { path, replacement } = demand;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const last = await work.store.lastVersion(path);
    if (last !== undefined) {
      if (last.type !== 'SecureString') throw new SecretsError('PARAMETER_NOT_SECURE', `${plaintextProblem(path, last.type, replacement)}.`);
      const newlyHeld = await hold(path, work);
      const action = await bringUnderKey(keeping, last, work);
      return action === 'kept' && newlyHeld ? 'adopted' : action;
    }
    if (make === undefined) throw missing(demand);
    if (await work.store.create(path, await make(), keyArn, work.holder)) return 'created';
    await work.pause(1_000); // what another writer has just made may not be readable yet
  }
  throw contested(path);
}

/** @returns whether the parameter was not held by this resource before */
async function hold(path: string, { store, holder }: Work): Promise<boolean> {
  const value = (await store.tags(path)).get(holder.key);
  if (value !== holder.value) await store.tag(path, holder);
  return !isHoldOf(holder.id, value);
}

/**
 * Writes the same value under the key, if it is not there yet.
 *
 * Parameter Store cannot compare and set. So the number of the new version tells whether somebody wrote
 * between our reading and our writing; if so, what they wrote is what has to stay.
 */
async function bringUnderKey({ demand, keyArn, readdress }: Keeping, last: Version, { store }: Work): Promise<Action> {
  const { path } = demand;
  const ours = isCertainlyKey(last.keyId, keyArn);
  if (ours && readdress === undefined) return 'kept';
  const read = async (version?: number) => {
    const found = await readable(path, last, () => store.read(path, version));
    if (found.value.trim() === '') throw missing(demand);
    return { ...found, wanted: readdress === undefined ? found.value : readdress(found.value) };
  };
  let { value, wanted, version } = await read();
  if (ours && wanted === value) return 'kept';
  const action = wanted === value ? 're-encrypted' : 'readdressed';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const written = await store.overwrite(path, wanted, keyArn, last.tier);
    // Lower: it was deleted in between, and is back with the value that was there.
    if (written <= version + 1) return action;
    const between = await read(written - 1);
    if (between.wanted === wanted) return action;
    ({ wanted } = between);
    version = written;
  }
  throw contested(path);
}

function missing(demand: Demand): SecretsError {
  return new SecretsError('SECRET_MISSING', `${absenceProblem(demand)}. Then deploy again.`);
}

function contested(path: string): SecretsError {
  return new SecretsError('PARAMETER_CONTESTED', `${path} is being written or deleted by others at this moment. Find out by whom (CloudTrail, PutParameter), and deploy again.`);
}

/** Says which key an existing value needs, if it cannot be read: what a removed stack left is under that stack's key. */
async function readable<Answer>(path: string, last: Version, read: () => Promise<Answer>): Promise<Answer> {
  try {
    return await read();
  } catch (error) {
    if (!isAwsError(error, 'AccessDeniedException', 'InvalidKeyId', 'KMSInvalidStateException', 'KMSNotFoundException')) throw error;
    const name = error instanceof AwsCallError ? error.awsName : '';
    throw new AwsCallError('VALUE_UNREADABLE', name, `${path} was written under the key ${last.keyId ?? '(unknown)'}, which does not decrypt it (${name}). Enable that key or cancel its deletion, allow this function to decrypt with it, and deploy again; the value is lost with the key.`);
  }
}
