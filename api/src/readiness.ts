import type { Pool } from 'pg';
import { judgeSchema, readSchemaVersion } from '../../db/schema-version.ts';
import type { ProblemCode } from './problem.ts';

/** Whether the service can do its work, and if not why. */
export type Readiness = { readonly ready: true } | { readonly ready: false; readonly code: ProblemCode; readonly cause?: unknown };

/** Milliseconds: an answer within the load balancer's limit for a health check (5 s), also where Postgres gives none. */
const TIME_LIMIT = 2_000;

/** Answers whether this process should get requests: not while it drains, nor without a schema that it runs on. */
export class ReadinessCheck {
  readonly #pool: Pool;
  readonly #release: number;
  #draining = false;
  #underWay: Promise<Readiness> | undefined;

  /** @param release number of the last migration that this release knows */
  constructor(pool: Pool, release: number) {
    this.#pool = pool;
    this.#release = release;
  }

  /** From now on and for good this process is not ready. */
  drain(): void {
    this.#draining = true;
  }

  /** Asks Postgres. Whoever asks meanwhile gets the same answer, so that no flood of checks uses the pool up. */
  async check(): Promise<Readiness> {
    if (this.#draining) return { ready: false, code: 'DRAINING' };
    this.#underWay ??= this.#ask().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #ask(): Promise<Readiness> {
    const { promise: late, resolve } = Promise.withResolvers<Readiness>();
    const timer = setTimeout(() => resolve({ ready: false, code: 'DATABASE_UNAVAILABLE', cause: new Error(`no answer within ${TIME_LIMIT} ms`) }), TIME_LIMIT);
    try {
      return await Promise.race([this.#query(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #query(): Promise<Readiness> {
    try {
      const verdict = judgeSchema(this.#release, await readSchemaVersion(this.#pool));
      return verdict === 'served' ? { ready: true } : { ready: false, code: verdict };
    } catch (cause) {
      return { ready: false, code: 'DATABASE_UNAVAILABLE', cause };
    }
  }
}
