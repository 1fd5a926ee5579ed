/** A statement of a migration. */
export interface Statement {
  /** Where it begins, from 1 on. */
  readonly line: number;
  /** Without comments; what stands in quotes is left out, but for names. */
  readonly text: string;
  /** What stood in quotes: literals, and the bodies of functions and blocks. */
  readonly quoted: readonly string[];
}

/** One token: a comment, something in quotes, a name in quotes, the end of a statement, or a character. */
const TOKEN = /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|\$(?<tag>\w*)\$(?<body>[\s\S]*?)\$\k<tag>\$|'(?<literal>(?:[^']|'')*)'|"(?:[^"]|"")*"|;|[\s\S]/g;

/** Bodies that are written without quotes hold statements of their own. */
const IN_BODY = /\bBEGIN\s+ATOMIC\b/i;
const BODY_ENDS = /\bEND\s*$/i;

/** Splits SQL into statements; comments may stand anywhere, and several statements on a line. */
export function splitStatements(sql: string): readonly Statement[] {
  const statements: Statement[] = [];
  let [line, began, text] = [1, 0, ''];
  let quoted: string[] = [];
  const end = (): void => {
    if (text.trim() !== '') statements.push({ line: began, text: text.trim(), quoted });
    [began, text, quoted] = [0, '', []];
  };
  for (const { 0: token, groups = {} } of sql.matchAll(TOKEN)) {
    const { comment, body, literal } = groups;
    if (began === 0 && comment === undefined && token.trim() !== '') began = line;
    if (comment !== undefined) text += ' ';
    else if (body !== undefined || literal !== undefined) {
      quoted.push(body ?? literal?.replaceAll("''", "'") ?? '');
      text += "''";
    } else if (token !== ';' || (IN_BODY.test(text) && !BODY_ENDS.test(text))) text += token;
    else end();
    line += token.split('\n').length - 1;
  }
  end();
  return statements;
}
