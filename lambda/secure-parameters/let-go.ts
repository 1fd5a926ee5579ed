import { HOLDER_PREFIX, isHoldOf } from './event.ts';
import type { Action, Work } from './work.ts';

/**
 * Gives up this resource's hold of a parameter, and deletes it if that is asked for and nobody else holds it.
 *
 * A resource that is replaced is deleted after its successor has taken hold, and a successor whose update is
 * rolled back is deleted while its predecessor lives on: both times the other's hold keeps the parameter.
 * A hold that another physical id has taken over in the same place is not this resource's to give up.
 */
export async function letGo(path: string, destroy: boolean, { store, holder }: Work): Promise<Action> {
  const tags = await store.tags(path);
  if (!isHoldOf(holder.id, tags.get(holder.key))) return 'untouched';
  const heldByOthers = [...tags.keys()].some((key) => key.startsWith(HOLDER_PREFIX) && key !== holder.key);
  if (destroy && !heldByOthers) {
    await store.delete(path);
    return 'deleted';
  }
  await store.untag(path, holder.key);
  return 'retained';
}
