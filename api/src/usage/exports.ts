import type { Pool } from 'pg';
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

/** Each holds a connection of the pool's ten as long as it takes: the others' requests keep seven. */
const AT_ONCE = 3;
/** Milliseconds in which a reader has to take something: as long as the load balancer waits. Held longer, the connection would be missing to others. */
const STALLED = 60_000;
/** Above it, so that it is not Postgres that ends a reader's transaction; in a pool's other transactions nobody waits for a reader. */
const IDLE = `SET LOCAL idle_in_transaction_session_timeout = ${STALLED + 10_000}`;

interface ExportOptions {
  /** Milliseconds. @default a minute */
  readonly stalled?: number;
}

/** The exports of this process, of which no more than a few run at once. */
export class Exports {
  readonly #pool: Pool;
  readonly #stalled: number;
  #running = 0;

  constructor(pool: Pool, { stalled = STALLED }: ExportOptions = {}) {
    this.#pool = pool;
    this.#stalled = stalled;
  }

  /** @throws ProblemError `TOO_BUSY` where no more may run now */
  refuseMore(): void {
    if (this.#running >= AT_ONCE) throw new ProblemError('TOO_BUSY', { retryAfter: 30 });
  }

  /**
   * Sends the requests of a range as one document, from one state of the database.
   *
   * @throws ProblemError `TOO_BUSY`; whatever breaks it off, so that half a document does not pass for the whole
   */
  async send(workspaceId: string, range: TimeRange, format: ExportFormat, send: Send): Promise<void> {
    this.refuseMore();
    this.#running += 1;
    try {
      await inSnapshot(this.#pool, { workspaceId }, async (client) => {
        await client.query(IDLE);
        let before = format.beginning;
        for await (const rows of exportRequests(client, workspaceId, range)) {
          await this.#withinTime(send(before + rows.map((row) => JSON.stringify(row)).join(format.between)));
          before = format.between;
        }
        const isEmpty = before === format.beginning;
        await this.#withinTime(send(isEmpty ? emptyDocument(format) : format.end));
      });
    } finally {
      this.#running -= 1;
    }
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

/** A document of lines that has none is empty. */
function emptyDocument({ beginning, end }: ExportFormat): string {
  return beginning === '' ? '' : beginning + end;
}
