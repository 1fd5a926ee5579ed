import type { z } from 'zod';
import type { Refusal } from '../problems.ts';

/** A value that cannot stand beside another one. */
export interface Conflict extends Refusal {
  /** The value that is to be changed. */
  readonly path: readonly PropertyKey[];
  /** @default - what the file says there, or nothing where it says nothing */
  readonly got?: string;
}

/** A rule that spans fields. */
export interface Contradiction {
  /** The rule as one sentence, for the reference. */
  readonly rule: string;
  /** The conflicts in a document; none where a field that the rule reads is refused already. */
  find(document: unknown): readonly Conflict[];
}

/** Every rule reads no more of the document than it needs, so that a mistake elsewhere does not hide its conflicts. */
export function contradiction<Reads extends z.ZodType>(
  rule: string,
  reads: Reads,
  conflicts: (read: z.output<Reads>) => readonly Conflict[],
): Contradiction {
  return {
    rule,
    find(document) {
      const read = reads.safeParse(document);
      return read.success ? conflicts(read.data) : [];
    },
  };
}
