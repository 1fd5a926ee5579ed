import { z } from 'zod';

const checkSchema = z.strictObject({
  property: z.string(),
  outcome: z.enum(['pass', 'fail', 'unresolved', 'outside']),
  expected: z.string(),
  observed: z.string(),
  /** On what is not a pass: the template inside the assembly. */
  template: z.string().optional(),
  /** Line of the property in it, or of the resource where the property is not set. */
  line: z.int().positive().optional(),
  /** `file:line` of the code that set the property or made the resource, as far as the assembly tells. */
  source: z.string().optional(),
});

const findingSchema = z.strictObject({
  resource: z.strictObject({ id: z.string(), type: z.string(), stack: z.string(), logicalId: z.string() }),
  checks: z.array(checkSchema),
});

const controlSchema = z.strictObject({
  id: z.string(),
  claims: z.array(z.string()),
  promise: z.string(),
  /** `not-verified` is never a pass, and says why; only what is outside the assembly lets a run go on. */
  verdict: z.enum(['pass', 'fail', 'not-verified', 'not-applicable']),
  reason: z.enum(['unresolved', 'nothing checked', 'empty population', 'outside the assembly', 'crashed']).optional(),
  /** What is to be known beside the reason: the crash's message, why an empty population is in order. */
  detail: z.string().optional(),
  /** The number of resources that were looked at. */
  population: z.int().nonnegative(),
  minimum: z.int().nonnegative(),
  findings: z.array(findingSchema),
});

const notYetSchema = z.strictObject({ id: z.string(), says: z.string(), reason: z.string() });

/**
 * The record of one judgement of an assembly.
 *
 * It holds no time and no absolute path, so that the same templates give the same bytes.
 */
export const resultsSchema = z.strictObject({
  version: z.literal(1),
  deployment: z.strictObject({ name: z.string(), kind: z.enum(['hosted', 'enterprise']), region: z.string() }).nullable(),
  /** What was judged. */
  templates: z.array(z.strictObject({ stack: z.string(), file: z.string(), sha256: z.string() })),
  controls: z.array(controlSchema),
  /** Claims that have no control yet; none of them counts as anything else. */
  notYet: z.array(notYetSchema),
  counts: z.strictObject({
    pass: z.int(),
    fail: z.int(),
    'not-verified': z.int(),
    'not-applicable': z.int(),
    'not yet': z.int(),
  }),
  /** Why nothing at all could be judged. */
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  /** 0: nothing is broken; 1: a promise is broken or open; 2: the judgement itself failed. */
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2)]),
});

/** One judgement of an assembly, as it is written and read. */
export type Results = z.infer<typeof resultsSchema>;
/** One control with its verdict and all that it looked at. */
export type ControlResult = Results['controls'][number];
/** One resource with its checks. */
export type FindingResult = ControlResult['findings'][number];
/** One check with its outcome and, where it is no pass, its place. */
export type CheckResult = FindingResult['checks'][number];
/** A claim that no control proves so far. */
export type NotYet = Results['notYet'][number];

/** The file's text. */
export function serialize(results: Results): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}
