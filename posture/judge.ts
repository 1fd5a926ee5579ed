import { isDeepStrictEqual } from 'node:util';
import type { Control, Finding } from './controls/control.ts';
import type { Facts } from './facts/facts.ts';
import type { ControlResult, FindingResult, NotYet, Results } from './results.ts';

/**
 * Judges facts by every control.
 *
 * @param notYet the claims that no control proves so far
 */
export function judge(controls: readonly Control[], facts: Facts, notYet: readonly NotYet[]): Results {
  const judged = controls.map((control) => judgeControl(control, facts));
  return {
    version: 1,
    deployment: deploymentOf(facts),
    templates: [],
    controls: judged,
    notYet: [...notYet],
    counts: countsOf(judged, notYet),
    exitCode: exitCodeOf(judged),
  };
}

/** The results of a run in which nothing could be judged. */
export function unjudged(code: string, message: string): Results {
  const nothing = { deployment: null, templates: [], controls: [], notYet: [], counts: countsOf([], []) };
  return { version: 1, ...nothing, error: { code, message }, exitCode: 2 };
}

function judgeControl(control: Control, facts: Facts): ControlResult {
  const { id, claims, promise, minimum } = control;
  const base = { id, claims: [...claims], promise, minimum };
  try {
    const findings = control.judge(facts).map(plain);
    return { ...base, ...verdictOf(control, findings), population: findings.length, findings };
  } catch (error) {
    // One control's defect must neither pass for a verdict nor keep the others from theirs.
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ...base, verdict: 'not-verified', reason: 'crashed', detail, population: 0, findings: [] };
  }
}

function plain({ resource: { id, type, stack, logicalId }, checks }: Finding): FindingResult {
  return {
    resource: { id, type, stack, logicalId },
    checks: checks.map(({ property, outcome, expected, observed }) => ({ property, outcome, expected, observed })),
  };
}

type Verdict = Pick<ControlResult, 'verdict' | 'reason' | 'detail'>;

function verdictOf({ minimum, whenEmpty }: Control, findings: readonly FindingResult[]): Verdict {
  const outcomes = new Set(findings.flatMap(({ checks }) => checks.map(({ outcome }) => outcome)));
  if (outcomes.has('fail')) return { verdict: 'fail' };
  if (outcomes.has('unresolved')) return { verdict: 'not-verified', reason: 'unresolved' };
  if (findings.some(({ checks }) => checks.length === 0)) return { verdict: 'not-verified', reason: 'nothing checked' };
  if (findings.length === 0 && minimum === 0 && whenEmpty !== undefined) return { verdict: 'not-applicable', detail: whenEmpty };
  if (findings.length === 0 || findings.length < minimum) {
    const detail = `${findings.length} resources to judge, expected at least ${Math.max(minimum, 1)}`;
    return { verdict: 'not-verified', reason: 'empty population', detail };
  }
  return outcomes.has('outside') ? { verdict: 'not-verified', reason: 'outside the assembly' } : { verdict: 'pass' };
}

/** The deployment that all stacks say they belong to; null where they do not agree. */
function deploymentOf({ stacks }: Facts): Results['deployment'] {
  const [first] = stacks;
  if (first?.deployment.is !== 'known') return null;
  const { name, kind, region } = first.deployment.value;
  const same = stacks.every(({ deployment }) => isDeepStrictEqual(deployment, first.deployment));
  return same ? { name, kind, region } : null;
}

function countsOf(judged: readonly ControlResult[], notYet: readonly NotYet[]): Results['counts'] {
  const count = (verdict: ControlResult['verdict']) => judged.filter((control) => control.verdict === verdict).length;
  return {
    pass: count('pass'),
    fail: count('fail'),
    'not-verified': count('not-verified'),
    'not-applicable': count('not-applicable'),
    'not yet': notYet.length,
  };
}

function exitCodeOf(judged: readonly ControlResult[]): Results['exitCode'] {
  // Without a single control nothing was judged, however little there is to complain of.
  if (judged.length === 0 || judged.some(({ reason }) => reason === 'crashed')) return 2;
  return judged.some(isBroken) ? 1 : 0;
}

/** Whether a control stops a deployment: everything but a pass, what does not apply, and what lies outside the assembly. */
export function isBroken({ verdict, reason }: ControlResult): boolean {
  return verdict === 'fail' || (verdict === 'not-verified' && reason !== 'outside the assembly');
}
