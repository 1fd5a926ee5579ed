/** Stands in the bundle for the library that reads font files: reports are written in PDF's standard fonts, which are none. */
export function create(): never {
  throw new Error('Got a font file, expected one of the standard fonts of PDF: the bundle has no reader of others.');
}
