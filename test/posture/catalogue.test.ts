import { catalogue, claims, notYetOf } from '../../posture/catalogue.ts';
import { controls } from '../../posture/controls/index.ts';
import type { Control } from '../../posture/controls/control.ts';

const proving = (...ids: string[]): Control => ({ id: 'some-control', claims: ids, promise: '', minimum: 1, judge: () => [] });
const proved = claims.filter(({ awaits }) => awaits === undefined).map(({ id }) => id);

test('every claim has a control or says what it awaits, and these have both', () => {
  const entries = catalogue(controls);
  expect(entries.filter(({ claim, controls: by }) => by.length === 0 && claim.awaits === undefined)).toEqual([]);
  expect(entries.filter(({ claim, controls: by }) => by.length > 0 && claim.awaits !== undefined).map(({ claim }) => claim.id)).toEqual(['HM-AUD-6', 'HM-DEL-5']);
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

test('the claims without a control, or with one that proves a part, are told with what they await', () => {
  const notYet = notYetOf(catalogue(controls));
  expect(notYet.map(({ id }) => id)).toEqual(['HM-REG-4', 'HM-SUP-3', 'HM-AUD-4', 'HM-AUD-6', 'HM-DEL-5']);
  expect(notYet.every(({ reason }) => /^awaits the \S/.test(reason))).toBe(true);
  expect(notYet.at(-1)?.reason).toBe('awaits the restore drill; in part: trail-is-validated');
});

test('a claim that loses its control is refused', () => {
  expect(() => catalogue([proving(...proved.filter((id) => id !== 'HM-BAK-1'))])).toThrow('claim HM-BAK-1 has neither a control nor something that it awaits');
});

test('a claim that awaits something stays not yet, whatever proves a part of it', () => {
  expect(notYetOf(catalogue([proving(...proved, 'HM-REG-4')])).map(({ id }) => id)).toContain('HM-REG-4');
});

test('a control for a claim that is not there is refused', () => {
  expect(() => catalogue([proving(...proved, 'HM-XYZ-1')])).toThrow('control some-control proves HM-XYZ-1');
});
