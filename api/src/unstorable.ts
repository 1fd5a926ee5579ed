import type { FastifyRequest } from 'fastify';
import { invalid } from './problem.ts';

/** Levels of objects and arrays: settings and metadata have a handful, and whatever walks them may do so by recursion. */
const DEEPEST = 32;

/**
 * Refuses text that Postgres cannot store (NUL) or would store as something else (half a surrogate pair), and what is
 * nested deeper than anybody means.
 *
 * @throws ProblemError `REQUEST_INVALID`
 */
// eslint-disable-next-line typescript/require-await -- Fastify tells a hook by its promise
export async function refuseUnstorable({ body, params, query }: FastifyRequest): Promise<void> {
  // What no workspace's id can be is answered like an id that is nobody's, by whoever looks for it.
  const { workspace: _, ...others }: Readonly<Record<string, unknown>> = { ...(typeof params === 'object' ? params : {}) };
  for (const [part, value] of [['params', others], ['querystring', query], ['body', body]] as const) {
    const problem = findUnstorable(value, DEEPEST);
    if (problem !== undefined) throw invalid(part, '', problem);
  }
}

function findUnstorable(value: unknown, levels: number): string | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? 'text without NUL and of whole characters' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return `at most ${DEEPEST} levels`;
  for (const [name, inner] of Object.entries(value)) {
    const problem = findUnstorable(name, levels) ?? findUnstorable(inner, levels - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
