import type { Facts, Resource } from '../facts/facts.ts';
import type { Value } from '../facts/value.ts';

/** What came of one check: `outside` needs a look at the live account; everything but `pass` is not a pass. */
export type Outcome = 'pass' | 'fail' | 'unresolved' | 'outside';

/** One comparison of what a resource declares with what the promise needs. */
export interface Check {
  /** The property that was read, as the resource's type names it. */
  readonly property: string;
  readonly outcome: Outcome;
  readonly expected: string;
  readonly observed: string;
}

/** The checks of one resource. */
export interface Finding {
  readonly resource: Resource;
  readonly checks: readonly Check[];
}

/** A promise made checkable: a pure function of facts, whichever reader they came from. */
export interface Control {
  /** The file's name and the id in every report. */
  readonly id: string;
  /** The claims that it proves. */
  readonly claims: readonly string[];
  /** One positive sentence: what is true when it passes. */
  readonly promise: string;
  /** The least number of resources that have to be there for a pass. */
  readonly minimum: number;
  /** Why nothing to judge is in order; only controls with a minimum of 0 have one. */
  readonly whenEmpty?: string;
  judge(facts: Facts): readonly Finding[];
}

/** The parts of a control: which resources it looks at, and what it checks on each. */
export interface ControlDefinition<Subject extends Resource> extends Omit<Control, 'judge'> {
  readonly population: (facts: Facts) => readonly Subject[];
  readonly check: (subject: Subject, facts: Facts) => readonly Check[];
}

/** Makes a control of its parts. */
export function control<Subject extends Resource>({ population, check, ...rest }: ControlDefinition<Subject>): Control {
  return {
    ...rest,
    judge: (facts) => population(facts).map((subject) => ({ resource: identity(subject), checks: check(subject, facts) })),
  };
}

/** Which resource it is and nothing else: facts hold master passwords and environments, and a finding is published. */
function identity({ id, type, stack, logicalId }: Resource): Resource {
  return { id, type, stack, logicalId };
}

/**
 * Checks a value that has to be there and has to satisfy `accepts`.
 *
 * @param expected what would have passed, in words
 */
export function expectValue<T>(property: string, value: Value<T>, expected: string, accepts: (value: T) => boolean): Check {
  if (value.is === 'known') {
    return { property, expected, observed: JSON.stringify(value.value), outcome: accepts(value.value) ? 'pass' : 'fail' };
  }
  if (value.is === 'absent') return { property, expected, observed: 'absent', outcome: 'fail' };
  return { property, expected, observed: value.why, outcome: value.is };
}

/**
 * Checks a value that must not be set, or if set must satisfy `accepts` (by default nothing does).
 *
 * @param expected what would have passed, in words; @default 'absent'
 */
export function expectAbsent<T>(
  property: string,
  value: Value<T>,
  accepts: (value: T) => boolean = () => false,
  expected = 'absent',
): Check {
  if (value.is === 'absent') return { property, expected, observed: 'absent', outcome: 'pass' };
  return expectValue(property, value, expected, accepts);
}

/** For what the deployment itself has to declare: pointing outside the assembly fails the check. */
export function inside(check: Check): Check {
  return check.outcome === 'outside' ? { ...check, outcome: 'fail' } : check;
}
