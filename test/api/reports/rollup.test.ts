import fc from 'fast-check';
import { startOf } from '../../../api/src/reports/periods.ts';
import { rollUp } from '../../../api/src/reports/rollup.ts';
import type { DailySum } from '../../../api/src/reports/rollup.ts';
import { shownRollup } from '../../../api/src/reports/shown.ts';
import { formatUsd, parseUsd } from '../../../api/src/reports/usd.ts';

const sum = (day: string, group: string | null, cost: string, requests = 1n): DailySum => ({ day, group, name: null, requests, inputTokens: 1n, outputTokens: 2n, cachedTokens: 3n, cost: parseUsd(cost) });

describe('a period begins', () => {
  it('on its own day, its Monday, or its first', () => {
    expect(startOf('2026-03-01', 'day')).toBe('2026-03-01');
    expect(['2026-02-22', '2026-02-23', '2026-03-01', '2026-03-02'].map((day) => startOf(day, 'week'))).toEqual(['2026-02-16', '2026-02-23', '2026-02-23', '2026-03-02']);
    expect(startOf('2026-01-01', 'week')).toBe('2025-12-29');
    expect(startOf('2024-02-29', 'month')).toBe('2024-02-01');
  });
});

describe('a rollup', () => {
  it('adds up by period and group, in this order, what belongs to none last', () => {
    const days = [sum('2026-02-02', 'b', '1'), sum('2026-01-31', null, '2'), sum('2026-01-30', 'b', '0.5', 4n), sum('2026-01-01', 'a', '0.25'), sum('2026-01-02', 'b', '3')];
    expect(rollUp(days, 'month').lines.map(({ start, group, requests, cost }) => [start, group, requests, formatUsd(cost)])).toEqual([
      ['2026-01-01', 'a', 1n, '0.25'], ['2026-01-01', 'b', 5n, '3.50'], ['2026-01-01', null, 1n, '2.00'], ['2026-02-01', 'b', 1n, '1.00'],
    ]);
  });

  it('of nothing is nothing', () => {
    expect(shownRollup(rollUp([], 'day'))).toEqual({ lines: [], total: { requests: '0', inputTokens: '0', outputTokens: '0', cachedTokens: '0', costUsd: '0.00' } });
  });

  it('keeps what a double would lose', () => {
    const days = [sum('2026-01-01', 'a', '9999999999.9999999999'), sum('2026-01-02', 'a', '0.0000000001'), sum('2026-01-03', 'a', '0.1'), sum('2026-01-04', 'a', '0.2')];
    expect(shownRollup(rollUp(days, 'month')).total.costUsd).toBe('10000000000.30');
  });

  it('HP-RPT-2: has the same total by whatever period, and its lines make it up', () => {
    const days = fc.array(fc.record({
      day: fc.date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
      group: fc.constantFrom('a', 'b', null), name: fc.constant(null), requests: fc.bigInt({ min: 0n, max: 10n ** 20n }), inputTokens: fc.bigInt({ min: 0n, max: 10n ** 20n }),
      outputTokens: fc.constant(0n), cachedTokens: fc.constant(0n), cost: fc.bigInt({ min: 0n, max: 10n ** 30n }),
    }));
    fc.assert(fc.property(days, (given) => {
      const whole = given.reduce((all, { cost }) => all + cost, 0n);
      for (const period of ['day', 'week', 'month'] as const) {
        const { lines, total } = rollUp(given, period);
        expect(total.cost).toBe(whole);
        expect(lines.reduce((all, { cost }) => all + cost, 0n)).toBe(whole);
        expect(new Set(lines.map(({ start, group }) => JSON.stringify([start, group]))).size).toBe(lines.length);
      }
    }), { numRuns: 100 });
  });
});

describe('US dollars', () => {
  it('are read as Postgres writes them and written without zeros that say nothing', () => {
    expect(['0', '7', '0.0001234567', '12.5000000000', '1234567890123.10'].map((text) => formatUsd(parseUsd(text)))).toEqual(['0.00', '7.00', '0.0001234567', '12.50', '1234567890123.10']);
  });

  it('are nothing else', () => {
    for (const text of ['', '-1', '1e3', 'NaN', '1.', '0.00000000001']) expect(() => parseUsd(text)).toThrow('expected a decimal number');
  });
});
