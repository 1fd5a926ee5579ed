import { parseDeployment } from '../../../lib/deployment/load.ts';
import type { Contradiction } from '../../../lib/deployment/rules/contradiction.ts';
import { fileWith, merge, refusal } from './refused.ts';

interface Expected {
  readonly field: string;
  readonly got: string;
  readonly expected: RegExp;
  readonly mend: RegExp;
}

/** A value that its field does not take, and what a file with it is told. */
export interface FieldCase extends Expected {
  readonly value: unknown;
}

/** Values that cannot stand together, and what a file with them is told. */
export interface RuleCase extends Expected {
  readonly rule: string;
  readonly change: Record<string, unknown>;
}

/** Declares one test a value: alone in a file that is in order otherwise, it is all that the file is refused for. */
export function refusesFields(cases: readonly FieldCase[], base: Record<string, unknown> = {}): void {
  test.each(cases)('$field is refused: $value', ({ field, value, ...told }) => {
    expectRefusal(merge(base, nested(field.replace(/\[\d+\]$/, '').split('.'), value)), { field, ...told });
  });
}

/** Declares one test a case, and one that every rule has a case. */
export function refusesTogether(rules: readonly Contradiction[], cases: readonly RuleCase[]): void {
  test.each(cases)('$rule ($field: $got)', ({ change, field, got, expected, mend }) => {
    expectRefusal(change, { field, got, expected, mend });
  });

  test('every rule has a case', () => {
    expect([...new Set(cases.map(({ rule }) => rule))]).toEqual(rules.map(({ rule }) => rule));
  });
}

function expectRefusal(change: Record<string, unknown>, { field, got, expected, mend }: Expected): void {
  const error = refusal(() => parseDeployment(fileWith(change), 'acme.yaml'));
  expect(error.code).toBe('DEPLOYMENT_INVALID');
  expect(error.problems).toMatchObject([{ field, got, expected: expect.stringMatching(expected), mend: expect.stringMatching(mend) }]);
  const [problem] = error.problems;
  expect(error.message).toContain(`${field}: got ${got}, expected ${problem?.expected}; ${problem?.mend}.`);
}

function nested([key = '', ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  return { [key]: rest.length === 0 ? value : nested(rest, value) };
}
