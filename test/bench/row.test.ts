import { table, verdictOf } from '../../bench/row.ts';
import type { Row } from '../../bench/row.ts';

const row = (ratio: number, target?: Row['target']): Row => ({ name: 'a promise', measured: 1234.5, reference: 9.876, referenceIs: 'without it', unit: 'rows/s', ratio, ...(target && { target }) });

describe('a row', () => {
  it.each([
    [0.9, { atLeast: 0.9 }, 'met'],
    [0.899, { atLeast: 0.9 }, 'missed'],
    [3, { atMost: 3 }, 'met'],
    [3.001, { atMost: 3 }, 'missed'],
    [Number.NaN, { atLeast: 0.9 }, 'missed'],
    [Number.NaN, { atMost: 3 }, 'missed'],
    [0.1, undefined, 'told'],
  ] as const)('of ratio %d against %j is %s', (ratio, target, verdict) => {
    expect(verdictOf(row(ratio, target))).toBe(verdict);
  });

  it('stands in the table with what it is compared with, its target and its verdict', () => {
    expect(table([row(0.5, { atLeast: 0.9 }), row(2)]).split('\n')).toEqual([
      '           measured      reference          ratio  target  verdict',
      'a promise  1,235 rows/s  9.88 (without it)  0.50   >= 0.9  missed',
      'a promise  1,235 rows/s  9.88 (without it)  2.00   -       told',
    ]);
  });
});
