import { Type } from 'typebox';
import { invalid } from '../problem.ts';
import { daysBetween } from '../reports/periods.ts';
import { exact } from './common.ts';
import { day } from './range.ts';

/** Days of a report at most: a leap year's. */
const MOST_DAYS = 366;

/** Days of the workspace's calendar, both of them whole. */
export const spendDays = { from: day, to: day } as const;

const sum = Type.String({ pattern: '^\\d+$' });
const sums = { requests: sum, inputTokens: sum, outputTokens: sum, cachedTokens: sum, costUsd: Type.String({ pattern: '^\\d+\\.\\d{2,10}$' }) } as const;
const nullable = Type.Union([Type.String(), Type.Null()]);

/** A rollup and what it is of. */
export const rollupSchema = exact({
  timeZone: Type.String(), ...spendDays, by: Type.String(), group: Type.String(),
  lines: Type.Array(exact({ start: day, group: nullable, name: nullable, ...sums })),
  total: exact(sums),
});

/** @throws ProblemError `REQUEST_INVALID` where the days are none that a report can be of */
export function demandDays({ from, to }: { readonly from: string; readonly to: string }): void {
  // Postgres knows no year 0.
  if (from < '0001-01-01') throw invalid('querystring', '/from', 'a day from 0001-01-01 on');
  const days = daysBetween(from, to);
  if (days < 1 || days > MOST_DAYS) throw invalid('querystring', '/to', `a day that makes the range 1 to ${MOST_DAYS} days long`);
}
