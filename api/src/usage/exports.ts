import type { Pool, PoolClient } from 'pg';
import { inSnapshot } from '../../../db/transaction.ts';
import { ProblemError } from '../problem.ts';
import { exportRequests } from '../repositories/request-export.ts';
import type { Send } from '../routes/streamed.ts';
import type { TimeRange } from '../schemas/range.ts';

/** How rows become a document. */
export interface ExportFormat {
  readonly mediaType: string;
  readonly beginning: string;
  readonly between: string;
  readonly end: string;
}

/** What can be exported to. */
export const EXPORT_FORMATS = {
  json: { mediaType: 'application/json; charset=utf-8', beginning: '{"requests":[\n', between: ',\n', end: '\n]}\n' },
  ndjson: { mediaType: 'application/x-ndjson; charset=utf-8', beginning: '', between: '\n', end: '\n' },
} as const satisfies Readonly<Record<string, ExportFormat>>;

/** Each holds a connection of the pool's ten as long as it takes: the others' requests keep six. */
const AT_ONCE = 4;
/** Milliseconds in which a reader has to take something: as long as the load balancer waits. Held longer, the connection would be missing to others. */
const STALLED = 60_000;
/** Milliseconds for the whole of it: a million rows through a slow line. Who takes a byte now and then holds a connection too. */
const LONGEST = 15 * 60_000;
/** Milliseconds that a place is kept for who was given one: from the handler's end to its commit. */
const UNUSED = 30_000;
/** Above it, so that it is not Postgres that ends a reader's transaction; in a pool's other transactions nobody waits for a reader. */
const IDLE = `SET LOCAL idle_in_transaction_session_timeout = ${STALLED + 10_000}`;

interface ExportOptions {
  /** Milliseconds. @default a minute */
  readonly stalled?: number;
}

/** What an export is made by: it reads from one state of the database, and sends. */
export type Produce = (client: PoolClient, send: Send) => Promise<void>;

/** A place among the exports that run at once. */
export interface ExportPlace {
  /** Makes the export, and gives the place back. */
  run(produce: Produce, send: Send): Promise<void>;
}

/** The exports of this process: a few at once, and of one workspace one, so that nobody's readers keep the others waiting. */
export class Exports {
  readonly #pool: Pool;
  readonly #stalled: number;
  readonly #running = new Set<string>();

  constructor(pool: Pool, { stalled = STALLED }: ExportOptions = {}) {
    this.#pool = pool;
    this.#stalled = stalled;
  }

  /**
   * Gives a place, before anything is recorded of it.
   *
   * @throws ProblemError `TOO_BUSY` where no more may run now
   */
  reserve(workspaceId: string): ExportPlace {
    if (this.#running.size >= AT_ONCE || this.#running.has(workspaceId)) throw new ProblemError('TOO_BUSY', { retryAfter: 30 });
    this.#running.add(workspaceId);
    const unused = setTimeout(() => this.#running.delete(workspaceId), UNUSED).unref();
    return {
      run: async (produce, send) => {
        clearTimeout(unused);
        try {
          await this.#run(workspaceId, produce, send);
        } finally {
          this.#running.delete(workspaceId);
        }
      },
    };
  }

  async #run(workspaceId: string, produce: Produce, send: Send): Promise<void> {
    const end = performance.now() + LONGEST;
    await inSnapshot(this.#pool, { workspaceId }, async (client) => {
      await client.query(IDLE);
      await produce(client, (chunk) => {
        if (performance.now() > end) throw new Error(`Got a reader that took longer than ${LONGEST / 60_000} minutes, expected one that reads faster.`);
        return this.#withinTime(send(chunk));
      });
    });
  }

  async #withinTime(sent: Promise<void>): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`Got a reader that took nothing for ${this.#stalled / 1_000} s, expected one that reads on.`)), this.#stalled);
    try {
      await Promise.race([sent, promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Sends the requests of a range as one document. */
export function requestDocument(workspaceId: string, range: TimeRange, format: ExportFormat): Produce {
  return async (client, send) => {
    let before = format.beginning;
    for await (const rows of exportRequests(client, workspaceId, range)) {
      await send(before + rows.map((row) => JSON.stringify(row)).join(format.between));
      before = format.between;
    }
    await send(before === format.beginning ? emptyDocument(format) : format.end);
  };
}

/** A document of lines that has none is empty. */
function emptyDocument({ beginning, end }: ExportFormat): string {
  return beginning === '' ? '' : beginning + end;
}
