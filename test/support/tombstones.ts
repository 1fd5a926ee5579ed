import type { Tombstone, TombstoneStore } from '../../api/src/jobs/tombstones.ts';

/** A store outside the database, for as long as the test lasts. */
export class MemoryTombstones implements TombstoneStore {
  readonly #kept = new Map<string, Tombstone>();

  async put(tombstone: Tombstone): Promise<void> {
    this.#kept.set(tombstone.workspaceHash, tombstone);
  }

  async *list(): AsyncIterable<Tombstone> {
    yield* this.#kept.values();
  }

  get kept(): readonly Tombstone[] {
    return [...this.#kept.values()];
  }
}
