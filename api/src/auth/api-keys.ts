import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { compare, hash } from 'bcryptjs';

/** Entries: more keys than a task sees in use at once; the oldest goes first. */
const REMEMBERED = 10_000;
/** Of bcrypt: 2^10 rounds. A secret of 32 random bytes needs no more; OWASP's least for passwords is the same. */
const COST = 10;
/** Comparisons at once: each takes a core for some 50 ms, and the others' requests need one too. */
const AT_ONCE = 2;
/** Comparisons that may wait for their turn: a second's worth; whoever comes after these is told to come again. */
const WAITING = 40;

/** A hash of nothing that anybody holds, compared where no key is found, so that both take as long. */
const NOBODYS = hash(randomBytes(32).toString('base64url'), COST);

/** What is stored of a secret. */
export function hashOfSecret(secret: string): Promise<string> {
  return hash(secret, COST);
}

/**
 * Compares secrets of API keys with their bcrypt hashes, and remembers which matched. That spares bcrypt and nothing else:
 * whether a key is revoked is read on every request.
 *
 * Secrets are remembered as HMAC under a key that this process made at its start, so neither a dump nor a copy gives one
 * away elsewhere.
 */
export class ApiKeySecrets {
  readonly #key = randomBytes(32);
  readonly #matches = new Map<string, Buffer>();
  #running = 0;
  readonly #queue: (() => void)[] = [];

  /** Whether this secret was found to match this hash before. */
  matched(secretHash: string, secret: string): boolean {
    const known = this.#matches.get(secretHash);
    return known !== undefined && timingSafeEqual(known, this.#mac(secret));
  }

  /**
   * @param secretHash undefined where there is no such key, which takes as long to find out
   * @returns undefined where too many wait for their comparison
   */
  async compare(secretHash: string | undefined, secret: string): Promise<boolean | undefined> {
    if (this.#queue.length >= WAITING) return undefined;
    await this.#turn();
    try {
      const matches = await compare(secret, secretHash ?? (await NOBODYS));
      if (secretHash === undefined || !matches) return false;
      this.#remember(secretHash, secret);
      return true;
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running += 1;
  }

  #remember(secretHash: string, secret: string): void {
    const [oldest] = this.#matches.keys();
    if (this.#matches.size >= REMEMBERED && oldest !== undefined) this.#matches.delete(oldest);
    this.#matches.set(secretHash, this.#mac(secret));
  }

  #mac(secret: string): Buffer {
    return createHmac('sha256', this.#key).update(secret).digest();
  }
}
