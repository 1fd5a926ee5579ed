import type * as z from 'zod/mini';

/** What does not fit a schema: where it stands and what was expected, without what was got. */
export function misfits({ issues }: z.core.$ZodError, what: string): string {
  return issues.map(({ path, message }) => `${path.join('.') || what}: ${message}`).join('; ');
}
