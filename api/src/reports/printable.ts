/** What the standard fonts of PDF have besides Latin-1 (Windows-1252). */
const BESIDES = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';

/** Text as the standard fonts of PDF can print it; in place of what they lack stands a question mark. */
export function printable(text: string): string {
  return Array.from(text.normalize('NFC'), (character) => (/^[\x20-\x7e\xa0-\xff]$/.test(character) || BESIDES.includes(character) ? character : '?')).join('');
}
