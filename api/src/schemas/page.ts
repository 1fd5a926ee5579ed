import { Type } from 'typebox';

/** Entries of a page. */
export const PAGE = 100;

/** How many of a list to answer with. */
export const limit = Type.Optional(Type.String({ pattern: '^([1-9]\\d?|100)$', description: `At most so many, from 1 to ${PAGE}. @default ${PAGE}` }));

/** A sequence of the audit log, as a query writes it. */
export const sequence = Type.String({ pattern: '^[1-9]\\d{0,14}$' });

/** What a query says about the length of a page. */
export function pageLength(text: string | undefined): number {
  return text === undefined ? PAGE : Number(text);
}
