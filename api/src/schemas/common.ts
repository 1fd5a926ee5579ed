import { Type } from 'typebox';
import { invalid } from '../problem.ts';

/** A UUID as Postgres writes it. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const uuid = Type.String({ pattern: UUID.source });

/** Text that a person reads, of at most so many characters; a column of the database has the same bound. */
export const text = (most: number, least = 1) => Type.String({ minLength: least, maxLength: most });

/** An instant by RFC 3339, with its offset, in a year that Postgres has too. */
export const instant = Type.String({ format: 'date-time', pattern: '^(19|2\\d)\\d\\d-', maxLength: 35 });

/**
 * The instant that a text names, as every route stores and compares it: Postgres takes fewer offsets than RFC 3339 has.
 *
 * @throws ProblemError `REQUEST_INVALID` for a leap second, which has no place in a day of 86,400 seconds
 */
export function instantOf(written: string, part: 'body' | 'querystring', pointer: string): Date {
  const date = new Date(written);
  if (Number.isNaN(date.getTime())) throw invalid(part, pointer, 'an instant, and no leap second');
  return date;
}

/** A number as text, since a double would not keep it: up to ten digits before and after the point. */
export const decimal = Type.String({ pattern: '^\\d{1,10}(\\.\\d{1,10})?$' });

/** An id of the identity provider. */
export const userId = Type.String({ pattern: '^[\\x21-\\x7e]{1,255}$' });

/** What a machine calls itself. */
export const machineId = Type.String({ pattern: '^[\\x21-\\x7e]{1,255}$' });

/** An object with these properties and no other ones. */
export const exact: typeof Type.Object = (properties, options) => Type.Object(properties, { ...options, additionalProperties: false });
