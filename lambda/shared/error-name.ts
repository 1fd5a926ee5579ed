/**
 * The error's name and nothing else of it.
 *
 * An error's message and its other properties can hold what was sent or received, a value included.
 */
export function errorName(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  return /^[A-Za-z]\w{0,63}$/.test(name) ? name : 'UnknownError';
}
