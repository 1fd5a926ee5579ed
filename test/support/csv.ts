/** Reads CSV by RFC 4180, as a spreadsheet does. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  while (cells.lastIndex < text.length) {
    const match = cells.exec(text);
    if (match === null) throw new Error(`Got no cell, expected one, at ${text.slice(0, 80)}`);
    const [, quoted, plain = '', end] = match;
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n' && cells.lastIndex < text.length) rows.push([]);
  }
  return rows;
}
