import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EVIDENCE_DIRECTORY } from './evidence.ts';

const evidenceSchema = z.strictObject({
  pack: z.string(),
  /** Resources that were looked at. */
  resources: z.int().nonnegative(),
  /** Rules that were applied; 0 where the tool does not tell. */
  rules: z.int().nonnegative(),
  /** What the rules found, acknowledged or not. */
  findings: z.int().nonnegative(),
  /** Resources on which the pack crashed. */
  crashes: z.int().nonnegative(),
});

/** What a pack leaves behind of one run. */
export type PackEvidence = z.infer<typeof evidenceSchema>;

const violationSchema = z.object({ ruleName: z.string(), violatingConstructs: z.array(z.object({ constructPath: z.string() })) });

type Violation = z.infer<typeof violationSchema>;

/** A finding of a pack that somebody decided to let stand. */
export interface SuppressedFinding {
  /** `<pack>::<rule>`, as it is acknowledged. */
  readonly rule: string;
  /** The construct that it is found on, from the app down. */
  readonly constructPath: string;
}

/** The part of the CDK's own report that tells what became of a pack's findings. */
const reportSchema = z.object({
  pluginReports: z.array(
    z.object({ pluginName: z.string(), violations: z.array(violationSchema), suppressedViolations: z.array(violationSchema).optional() }),
  ),
});

/** What came of one pack. */
export interface PackSummary {
  readonly pack: string;
  readonly verdict: 'pass' | 'fail' | 'not-verified';
  /** Why it is no pass. */
  readonly why?: string;
  readonly resources: number;
  readonly rules: number;
  /** Findings that stand against the deployment. */
  readonly violations: number;
  /** Findings that an acknowledgement accepts, with its reason in the CDK's report. */
  readonly suppressed: number;
}

/** The packs that every run has to show. */
export const PACKS = ['AwsSolutions', 'NIST.800.53.R5', 'CloudFormation Validate'] as const;

/**
 * Reads what came of the packs in an assembly; a file that is missing or unreadable leaves them not verified.
 *
 * @param expected the findings that may be suppressed and have to be; a pack fails where
 *   the report's differ from them either way; @default - not compared
 */
export function readPacks(outdir: string, expected?: readonly SuppressedFinding[]): readonly PackSummary[] {
  const evidence = read(join(outdir, EVIDENCE_DIRECTORY, 'packs.json'), z.array(evidenceSchema));
  const report = read(join(outdir, 'validation-report.json'), reportSchema);
  return PACKS.map((pack) => {
    const reports = report?.pluginReports.filter(({ pluginName }) => pluginName === pack);
    const suppressed = reports?.flatMap(({ suppressedViolations = [] }) => suppressedViolations) ?? [];
    return summarise(pack, evidence?.find((entry) => entry.pack === pack), reports && {
      violations: countOf(reports.flatMap(({ violations }) => violations)),
      suppressed: countOf(suppressed),
      differences: expected === undefined ? [] : differencesOf(pack, suppressed, expected),
    });
  });
}

/** Each finding that is suppressed without being expected, or expected without being suppressed. */
function differencesOf(pack: string, violations: readonly Violation[], expected: readonly SuppressedFinding[]): readonly string[] {
  const namespace = `${pack.replaceAll(' ', '-')}::`; // as the CDK makes the first part of an id from a tool's name
  const found = violations.flatMap(({ ruleName, violatingConstructs }) => violatingConstructs.map(({ constructPath }) => `${namespace}${ruleName} on ${constructPath}`));
  const wanted = expected.filter(({ rule }) => rule.startsWith(namespace)).map(({ rule, constructPath }) => `${rule} on ${constructPath}`);
  return [
    ...found.filter((finding) => !wanted.includes(finding)).map((finding) => `${finding} is suppressed and not in the table of suppressions`),
    ...wanted.filter((finding) => !found.includes(finding)).map((finding) => `${finding} is in the table of suppressions and suppresses nothing`),
  ];
}

function countOf(violations: readonly Violation[]): number {
  return violations.reduce((sum, { violatingConstructs }) => sum + violatingConstructs.length, 0);
}

function summarise(
  pack: string,
  evidence: PackEvidence | undefined,
  reported: { readonly violations: number; readonly suppressed: number; readonly differences: readonly string[] } | undefined,
): PackSummary {
  const { resources = 0, rules = 0, findings = 0, crashes = 0 } = evidence ?? {};
  const { violations = 0, suppressed = 0, differences = [] } = reported ?? {};
  const base = { pack, resources, rules, violations, suppressed };
  if (evidence === undefined || reported === undefined) return { ...base, verdict: 'not-verified', why: 'nothing shows that it ran' };
  if (resources === 0) return { ...base, verdict: 'not-verified', why: 'it looked at nothing' };
  if (crashes > 0) return { ...base, verdict: 'fail', why: `it crashed on ${crashes} resources` };
  if (violations > 0) return { ...base, verdict: 'fail' };
  // A finding that is acknowledged by its bare id leaves no trace in the report, and no reason.
  if (findings !== suppressed) {
    return { ...base, verdict: 'fail', why: `${findings - suppressed} findings are acknowledged without their pack's name (Pack::Rule)` };
  }
  if (differences.length > 0) return { ...base, verdict: 'fail', why: differences.join('; ') };
  return { ...base, verdict: 'pass' };
}

/** A line a pack, and the exit code that they come to. */
export function summarisePacks(summaries: readonly PackSummary[]): { readonly text: string; readonly exitCode: 0 | 1 } {
  const width = Math.max(0, ...summaries.map(({ pack }) => pack.length));
  const lines = summaries.map(
    ({ pack, verdict, why, resources, rules, violations, suppressed }) =>
      `${verdict.padEnd('not-verified'.length)}  ${pack.padEnd(width)}  ` +
      (verdict === 'not-verified' ? '' : `${rules === 0 ? '' : `${rules} rules on `}${resources} resources: ${violations} violations, ${suppressed} suppressed`) +
      (why === undefined ? '' : `${verdict === 'not-verified' ? '' : '; '}${why}`),
  );
  return { text: `${lines.join('\n')}\n`, exitCode: summaries.length > 0 && summaries.every(({ verdict }) => verdict === 'pass') ? 0 : 1 };
}

function read<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Whatever the reason, there is no evidence; the summary says so.
    return undefined;
  }
}
