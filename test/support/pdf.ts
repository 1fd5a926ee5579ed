import { inflateSync } from 'node:zlib';

/** The text of a PDF that is written in the standard fonts, one string a line of it. */
export function pdfText(bytes: Buffer): readonly string[] {
  const lines: string[] = [];
  for (const [, stream = ''] of bytes.toString('latin1').matchAll(/\/FlateDecode\s*>>\s*stream\n([\s\S]*?)\nendstream/g)) {
    const content = inflateSync(Buffer.from(stream, 'latin1')).toString('latin1');
    for (const [, shown = ''] of content.matchAll(/\[([^\]]*)\] TJ/g)) {
      lines.push([...shown.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join(''));
    }
  }
  return lines;
}

/** How many pages it has. */
export function pdfPages(bytes: Buffer): number {
  return [...bytes.toString('latin1').matchAll(/\/Type \/Page\n/g)].length;
}
