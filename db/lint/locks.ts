import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Release } from '../release.ts';
import { RELEASES } from '../releases.ts';
import type { LintFinding } from './finding.ts';
import { lintWaits } from './waits.ts';

const JUDGED_ELSEWHERE = 'It keeps nobody waiting, and db/lint/contract.ts judges what is taken away, in whatever way.';

/** Rules of squawk that are not asked for, and why. */
const NOT_ASKED: Readonly<Record<string, string>> = {
  'prefer-robust-stmts': 'A migration is one transaction: one that fails leaves nothing to be passed over.',
  'require-lock-timeout': 'db/migrate.ts sets it for every migration.',
  'require-statement-timeout': 'What would take long is refused by the other rules, and a run waits for its turn no longer than ten minutes.',
  'prefer-bigint-over-int': 'How large a column has to be is said with it.',
  'prefer-bigint-over-smallint': 'How large a column has to be is said with it.',
  'ban-drop-column': JUDGED_ELSEWHERE,
  'ban-drop-not-null': JUDGED_ELSEWHERE,
  'ban-drop-table': JUDGED_ELSEWHERE,
  'renaming-column': JUDGED_ELSEWHERE,
  'renaming-table': JUDGED_ELSEWHERE,
};

/** Oldest Postgres that the migrations run on. */
const POSTGRES = '15.0';

const IGNORES = /(squawk|lint)-ignore/;
const IGNORES_WITH_REASON = /^-- (squawk|lint)-ignore [a-z-]+ -- \S.{9,}$/;

interface Said {
  /** From 0 on. */
  readonly line: number;
  readonly rule_name: string;
  readonly message: string;
  readonly help: string | null;
}

interface Line {
  readonly migration: string;
  readonly line: number;
  readonly text: string;
}

/**
 * Names what would stop a busy service, or fail on its data, in the migrations of a release that are not yet released.
 *
 * They are read as one: a table that one of them makes holds no rows that another could keep waiting. What is excepted
 * stands below a line `-- squawk-ignore RULE -- REASON`, or `lint-ignore` where db/lint/waits.ts says it.
 *
 * @param released number of the last release @default the last that was made
 * @throws Error where squawk does not run
 */
export function lintLocks({ folder, migrations }: Release, released = RELEASES.at(-1) ?? 0): readonly LintFinding[] {
  const texts = migrations.slice(released).map((migration) => ({ migration, sql: readFileSync(join(folder, `${migration}.sql`), 'utf8').trimEnd() }));
  const lines = texts.flatMap(({ migration, sql }) => sql.split('\n').map((text, index): Line => ({ migration, line: index + 1, text })));
  const own = lines.flatMap(({ migration, line, text }): readonly LintFinding[] => {
    if (!IGNORES.test(text) || IGNORES_WITH_REASON.test(text)) return [];
    return [{ rule: 'ignores-with-a-reason', migration, line, why: 'Say why: -- squawk-ignore RULE -- REASON.' }];
  });
  const said = squawk(lines.map(({ text }) => text).join('\n')).map(({ line, rule_name: rule, message, help }): LintFinding => {
    const { migration = '', line: number = 0 } = lines[line] ?? {};
    return { rule, migration, line: number, why: help === null ? message : `${message} ${help}` };
  });
  return [...lintWaits(texts), ...own, ...said];
}

function squawk(sql: string): readonly Said[] {
  const command = createRequire(import.meta.url).resolve('squawk-cli/js/bin/squawk');
  const flags = ['--reporter=json', '--assume-in-transaction', `--pg-version=${POSTGRES}`, '--include=require-table-schema', `--exclude=${Object.keys(NOT_ASKED).join(',')}`];
  const { stdout, stderr, error } = spawnSync(process.execPath, [command, ...flags], { input: sql, encoding: 'utf8' });
  if (!stdout.startsWith('[')) throw new Error(`squawk did not run: ${error?.message ?? stderr}`);
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- squawk's own format, of an exact version
  return JSON.parse(stdout) as readonly Said[];
}
