import type { LintFinding } from './finding.ts';
import { splitStatements } from './statements.ts';
import type { Statement } from './statements.ts';

/** A migration's own text. */
export interface MigrationText {
  readonly migration: string;
  readonly sql: string;
}

interface Refusal {
  readonly rule: string;
  /** Of a statement's text; `table` is which one, where another of the same release is let pass. */
  readonly is: RegExp;
  readonly why: string;
}

const TABLE = String.raw`(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?(?<table>[\w."%]+)`;
const WAITS = 'Whoever uses the table waits until the migration ends.';

/** What squawk lets pass. */
const REFUSED: readonly Refusal[] = [
  { rule: 'takes-the-table', is: /^(LOCK|TRUNCATE|CLUSTER|REINDEX(?!.*\bCONCURRENTLY\b)|VACUUM|REFRESH\s+MATERIALIZED\s+VIEW(?!\s+CONCURRENTLY))\b/i, why: WAITS },
  { rule: 'takes-the-table', is: new RegExp(String.raw`^ALTER\s+TABLE\s+${TABLE}[\s\S]*\bSET\s+(UNLOGGED|LOGGED|TABLESPACE|ACCESS\s+METHOD)\b`, 'i'), why: 'The table is written anew, and whoever uses it waits.' },
  { rule: 'takes-the-table', is: new RegExp(String.raw`^CREATE\s+(OR\s+REPLACE\s+)?(CONSTRAINT\s+)?TRIGGER\b[\s\S]*?\bON\s+${TABLE}`, 'i'), why: 'Whoever writes to the table waits until the migration ends: let it be the last statement of one of its own.' },
  { rule: 'keeps-triggers-on', is: /^ALTER\s+TABLE\b[\s\S]*\bDISABLE\s+(TRIGGER|RULE|ROW\s+LEVEL\s+SECURITY)\b/i, why: 'Others write meanwhile, past what refuses them.' },
  { rule: 'changes-rows-in-batches', is: new RegExp(String.raw`^(WITH\b[\s\S]*\b)?(UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s+${TABLE}`, 'i'), why: 'It holds every row that it changes until the migration ends: let a job do it in batches.' },
];

/** What a statement of a block can begin after. */
const WITHIN_BLOCK = /\b(?:BEGIN|THEN|ELSE|LOOP)\b/i;
const HIDDEN = /^(ALTER\s+(TABLE|INDEX)|CREATE\s+(UNIQUE\s+)?(INDEX|TABLE)|DROP\s+(INDEX|TABLE))\b/i;
const MADE = /^CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w."]+)/i;

/** Names what keeps others waiting in migrations that are read as one: a table that they make is nobody else's yet. */
export function lintWaits(migrations: readonly MigrationText[]): readonly LintFinding[] {
  const split = migrations.map(({ migration, sql }) => ({ migration, lines: sql.split('\n'), statements: splitStatements(sql) }));
  const made = new Set(split.flatMap(({ statements }) => statements.flatMap(({ text }) => MADE.exec(text)?.[1] ?? [])));
  return split.flatMap(({ migration, lines, statements }) => statements.flatMap((statement) => (
    refusalsOf(statement, made)
      .filter(({ rule }) => !excepted(lines, statement.line, rule))
      .map(({ rule, why }): LintFinding => ({ rule, migration, line: statement.line, why }))
  )));
}

function refusalsOf(statement: Statement, made: ReadonlySet<string>): readonly Pick<Refusal, 'rule' | 'why'>[] {
  if (!/^DO\b/i.test(statement.text)) return refused(statement.text, made);
  const within = textsWithin(statement.quoted);
  return [
    ...within.flatMap((text) => refused(text, made)),
    ...(within.some((text) => HIDDEN.test(text)) ? [{ rule: 'hides-nothing', why: 'Nothing judges what a block does to tables: say it in a statement.' }] : []),
  ];
}

function refused(text: string, made: ReadonlySet<string>): readonly Refusal[] {
  return REFUSED.filter(({ is }) => {
    const match = is.exec(text);
    return match !== null && !made.has(match.groups?.['table'] ?? '');
  });
}

/** What the statements of blocks say, and the texts that they EXECUTE. */
function textsWithin(bodies: readonly string[]): readonly string[] {
  return bodies.flatMap(splitStatements).flatMap(({ text, quoted }) => [
    ...text.split(WITHIN_BLOCK).map((part) => part.trim()),
    ...quoted.flatMap((body) => splitStatements(body).map((inner) => inner.text)),
  ]);
}

/** A line of comment above the statement excepts it. */
function excepted(lines: readonly string[], line: number, rule: string): boolean {
  for (let above = line - 2; above >= 0 && /^\s*--/.test(lines[above] ?? ''); above -= 1) {
    if (lines[above]?.startsWith(`-- lint-ignore ${rule} -- `) === true) return true;
  }
  return false;
}
