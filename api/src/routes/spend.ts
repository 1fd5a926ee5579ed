import { Type } from 'typebox';
import { invalid } from '../problem.ts';
import { PERIODS } from '../reports/periods.ts';
import { rollUp } from '../reports/rollup.ts';
import { shownRollup } from '../reports/shown.ts';
import { tableOf } from '../reports/table.ts';
import { dailySums, GROUPS } from '../repositories/spend.ts';
import { readWorkspace } from '../repositories/workspaces.ts';
import { exact } from '../schemas/common.ts';
import { demandDays, rollupSchema, spendDays } from '../schemas/spend.ts';
import { csvLines } from './csv.ts';
import { workspaceRoute } from './route.ts';

/** Sums of a day and group that are put together at most: a year of 250 users, some 20 MB. */
const MOST_SUMS = 100_000;

/** What was spent, by period and by project, model or user. */
export const spendRoutes = [
  workspaceRoute({
    method: 'GET',
    path: '/v1/:workspace/spend',
    summary: "Adds up what was spent on days of the workspace's own time zone.",
    permission: 'spend.read',
    records: [],
    produces: ['text/csv'],
    schemas: {
      query: exact({
        ...spendDays,
        by: Type.Enum(PERIODS),
        group: Type.Enum(GROUPS),
        format: Type.Optional(Type.Enum(['json', 'csv'], { description: '@default json' })),
      }),
      answer: rollupSchema,
    },
    async handle({ client, workspace: { workspaceId } }, { query: { format = 'json', ...asked } }) {
      demandDays(asked);
      const { timeZone } = await readWorkspace(client, workspaceId);
      const days = await dailySums(client, workspaceId, asked.group, asked, MOST_SUMS + 1);
      if (days.length > MOST_SUMS) throw invalid('querystring', '/to', `a range that has at most ${MOST_SUMS} sums of a day and ${asked.group}`);
      const rollup = shownRollup(rollUp(days, asked.by));
      const answer = { timeZone, ...asked, ...rollup, lines: [...rollup.lines] };
      if (format === 'json') return { answer };
      return { answer, download: { type: 'text/csv; charset=utf-8', name: `spend-${asked.from}-${asked.to}.csv`, chunks: () => once(csvLines(tableOf(rollup))) } };
    },
  }),
];

// eslint-disable-next-line typescript/require-await -- a download is read as it comes, and this one is there already
async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
