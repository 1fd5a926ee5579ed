/** Milliseconds of one window. */
const WINDOW = 60_000;
/** Failures of one name in it before it has to wait: of a key, and of an address, behind which there may be an office. */
const ALLOWED = { key: 10, address: 100 };
/** Names that are remembered at once; beyond them the oldest is forgotten, so that nobody fills the memory. */
const REMEMBERED = 50_000;

/** Whose failures are counted. */
export type FailureName = `key ${string}` | `address ${string}`;

interface Failures {
  count: number;
  readonly until: number;
}

/**
 * Counts failed attempts by address and by key, in windows of a minute.
 *
 * Each task counts for itself: with N tasks somebody has N times the attempts, which 32 random bytes bear.
 */
export class FailedAttempts {
  readonly #failures = new Map<string, Failures>();
  readonly #now: () => number;

  /** @param now milliseconds @default Date.now */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Seconds to wait, where one of the names has failed too often. */
  retryAfter(names: readonly FailureName[]): number | undefined {
    const waits = names.map((name) => {
      const failures = this.#current(name);
      return failures === undefined || failures.count < allowedTo(name) ? 0 : failures.until - this.#now();
    });
    const longest = Math.max(0, ...waits);
    return longest === 0 ? undefined : Math.ceil(longest / 1000);
  }

  record(names: readonly FailureName[]): void {
    for (const name of names) {
      const failures = this.#current(name);
      if (failures === undefined) this.#begin(name);
      else failures.count += 1;
    }
  }

  #current(name: FailureName): Failures | undefined {
    const failures = this.#failures.get(name);
    return failures !== undefined && failures.until > this.#now() ? failures : undefined;
  }

  #begin(name: FailureName): void {
    this.#failures.delete(name); // so that it stands last
    const [oldest] = this.#failures.keys();
    if (this.#failures.size >= REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
    this.#failures.set(name, { count: 1, until: this.#now() + WINDOW });
  }
}

function allowedTo(name: FailureName): number {
  return name.startsWith('key ') ? ALLOWED.key : ALLOWED.address;
}
