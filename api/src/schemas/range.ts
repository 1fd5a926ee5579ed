import { Type } from 'typebox';
import { invalid } from '../problem.ts';
import { instant } from './common.ts';

/** A day of the calendar. */
export const day = Type.String({ format: 'date' });

/** An end of a range of time: a day in UTC, or an instant. */
export const moment = Type.Union([day, instant], { description: 'A day in UTC, which belongs to the range whole, or an instant; the range ends before the instant.' });

/** A range of time. */
export interface TimeRange {
  /** Its first instant. */
  readonly from: Date;
  /** The first instant after it. */
  readonly before: Date;
}

const DAY = 86_400_000;

/** @throws ProblemError `REQUEST_INVALID` */
export function readFrom(text: string): Date {
  return readMoment('/from', text, 0);
}

/** @throws ProblemError `REQUEST_INVALID` */
export function readBefore(text: string): Date {
  return readMoment('/to', text, DAY);
}

/** @throws ProblemError `REQUEST_INVALID`, also where the range ends before it begins */
export function readRange(query: { readonly from: string; readonly to: string }): TimeRange {
  const range = { from: readFrom(query.from), before: readBefore(query.to) };
  if (range.before < range.from || new Date(query.to) < new Date(query.from)) throw invalid('querystring', '/to', 'an end that is not before the beginning');
  return range;
}

function readMoment(pointer: string, text: string, wholeDay: number): Date {
  const isDay = text.length === '2026-01-01'.length;
  const read = new Date(new Date(text).getTime() + (isDay ? wholeDay : 0));
  // A leap second has a name and no place in a day of 86,400 seconds.
  if (Number.isNaN(read.getTime())) throw invalid('querystring', pointer, 'a day or an instant, and no leap second');
  return read;
}
