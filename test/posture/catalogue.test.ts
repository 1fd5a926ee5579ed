import { catalogue, claims, notYetOf } from '../../posture/catalogue.ts';
import { controls } from '../../posture/controls/index.ts';
import type { Control } from '../../posture/controls/control.ts';

const proving = (...ids: string[]): Control => ({ id: 'some-control', claims: ids, promise: '', minimum: 1, judge: () => [] });
const proved = claims.filter(({ awaits }) => awaits === undefined).map(({ id }) => id);

test('every claim has a control or says what it awaits, and never both', () => {
  for (const { claim, controls: by } of catalogue(controls)) {
    expect([claim.id, by.length > 0]).toEqual([claim.id, claim.awaits === undefined]);
  }
});

test('every control proves claims that are there', () => {
  const ids = claims.map(({ id }) => id);
  for (const control of controls) {
    expect(control.claims.length).toBeGreaterThan(0);
    expect(ids).toEqual(expect.arrayContaining([...control.claims]));
  }
});

test('the claims are those that templates can prove, each once', () => {
  expect(claims.map(({ id }) => id)).toEqual([
    'HM-REG-1', 'HM-REG-2', 'HM-REG-3', 'HM-REG-4', 'HM-REG-5',
    'HM-TLS-1', 'HM-TLS-2', 'HM-TLS-3', 'HM-TLS-4',
    'HM-NET-1', 'HM-NET-2', 'HM-NET-3',
    'HM-KMS-1', 'HM-BAK-1', 'HM-BAK-2',
    'HM-SSM-1', 'HM-SSM-2', 'HM-SSM-3',
    'HM-SUP-2', 'HM-SUP-3', 'HM-AUD-4', 'HM-AUD-6', 'HM-DEL-4', 'HM-DEL-5',
  ]);
});

test('the claims without a control are told with what they await', () => {
  const notYet = notYetOf(catalogue(controls));
  expect(notYet.map(({ id }) => id)).toEqual([
    'HM-REG-4', 'HM-REG-5', 'HM-TLS-1', 'HM-TLS-2', 'HM-TLS-3', 'HM-SSM-2', 'HM-SUP-3', 'HM-AUD-4', 'HM-AUD-6', 'HM-DEL-5',
  ]);
  expect(notYet.every(({ reason }) => /^awaits the \S/.test(reason))).toBe(true);
});

test('a claim that loses its control is refused', () => {
  expect(() => catalogue([proving(...proved.filter((id) => id !== 'HM-BAK-1'))])).toThrow('claim HM-BAK-1 has neither a control nor something that it awaits');
});

test('a claim with a control that still awaits something is refused', () => {
  expect(() => catalogue([proving(...proved, 'HM-TLS-1')])).toThrow('claim HM-TLS-1 has some-control and also something that it awaits');
});

test('a control for a claim that is not there is refused', () => {
  expect(() => catalogue([proving(...proved, 'HM-XYZ-1')])).toThrow('control some-control proves HM-XYZ-1');
});
