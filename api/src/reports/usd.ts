/** Digits after the point that the database keeps. */
const DIGITS = 10;
const ONE = 10n ** BigInt(DIGITS);
/** Digits after the point that are shown at least. */
const LEAST = 2;

/** Reads US dollars as Postgres writes them, into ten-billionths: sums of these are exact, and those of doubles are not. */
export function parseUsd(text: string): bigint {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d{1,10}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new Error(`Got ${text}, expected a decimal number of US dollars with at most ${DIGITS} digits after the point.`);
  return BigInt(whole) * ONE + BigInt(fraction.padEnd(DIGITS, '0'));
}

/** Writes ten-billionths of a US dollar as US dollars: exactly, and without zeros that say nothing. */
export function formatUsd(amount: bigint): string {
  const fraction = String(amount % ONE).padStart(DIGITS, '0');
  return `${amount / ONE}.${fraction.slice(0, LEAST)}${fraction.slice(LEAST).replace(/0+$/, '')}`;
}
