import { stringify } from 'csv-stringify/sync';

/**
 * A cell that a spreadsheet would run as a formula is marked as text by an apostrophe, as OWASP advises; so is what begins with
 * a blank that it would skip, or with an apostrophe of its own: whoever takes the first one away has what was there.
 */
const FORMULA = /^[\s]*[=+\-@\t\r']/;

/** A number may begin with a sign and is no formula. */
const NUMBER = /^-?\d+(\.\d+)?$/;

/** Lines of CSV (RFC 4180), of which no cell is a formula to whoever opens them. */
export function csvLines(rows: readonly (readonly string[])[]): string {
  // A line break alone would end the line too, to whoever reads less strictly.
  return stringify(rows.map((row) => row.map(defused)), { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}

function defused(cell: string): string {
  return FORMULA.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
}
