import { invalid } from '../problem.ts';
import type { ProblemError } from '../problem.ts';
import type { ArrivingRow } from '../schemas/usage.ts';

/** A row as it is stored. */
export interface MeteredRow extends Omit<ArrivingRow, 'occurredAt' | 'userId'> {
  readonly occurredAt: Date;
  readonly userId: string;
  readonly redactionApplied: boolean;
}

/** What the facts allow of a row besides what its schema does. */
export interface BatchLimits {
  /** What happened before is beyond the workspace's retention. */
  readonly earliest: Date;
  /** What happens after is no difference of clocks any more. */
  readonly latest: Date;
  /** Those of the batch that there are. */
  readonly projects: ReadonlySet<string>;
  /** Whose every row is; undefined where each row says so itself. */
  readonly maker: string | undefined;
}

/**
 * Judges the rows of a batch and makes one of those that have the same id: the first, redacted where any of them was.
 *
 * They come back in the order of their ids, so that two batches that share some wait for each other and never both.
 *
 * @throws ProblemError `REQUEST_INVALID`, which names the row
 */
export function readBatch(rows: readonly ArrivingRow[], limits: BatchLimits): readonly MeteredRow[] {
  const byId = new Map<string, MeteredRow>();
  for (const [index, arriving] of rows.entries()) {
    const row = readRow(arriving, index, limits);
    const first = byId.get(row.requestId);
    byId.set(row.requestId, first === undefined ? row : { ...first, redactionApplied: first.redactionApplied || row.redactionApplied });
  }
  return [...byId.values()].toSorted((a, b) => (a.requestId < b.requestId ? -1 : 1));
}

function readRow(row: ArrivingRow, index: number, { earliest, latest, projects, maker }: BatchLimits): MeteredRow {
  const refuse = (name: keyof ArrivingRow, expected: string): ProblemError => invalid('body', `/requests/${index}/${name}`, expected);
  const occurredAt = new Date(row.occurredAt);
  // Not a number either: a leap second has a name and no place in a day of 86,400 seconds.
  if (!(occurredAt >= earliest && occurredAt <= latest)) throw refuse('occurredAt', `an instant from ${earliest.toISOString()}, as far back as the workspace keeps requests, to ${latest.toISOString()}`);
  if (row.projectId !== undefined && !projects.has(row.projectId)) throw refuse('projectId', 'a project of the workspace');
  if (maker !== undefined && row.userId !== undefined) throw refuse('userId', "nothing: the requests of a device are its pairing member's");
  const userId = maker ?? row.userId;
  if (userId === undefined) throw refuse('userId', 'who made the request, which an API key does not tell');
  return { ...row, occurredAt, userId, redactionApplied: row.redactionApplied ?? false };
}
