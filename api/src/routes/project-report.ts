import { invalid, ProblemError } from '../problem.ts';
import { projectPdf } from '../reports/project-pdf.ts';
import { rollUp } from '../reports/rollup.ts';
import { shownRollup } from '../reports/shown.ts';
import { findProject } from '../repositories/projects.ts';
import { dailySums } from '../repositories/spend.ts';
import { readWorkspace } from '../repositories/workspaces.ts';
import { exact, uuid } from '../schemas/common.ts';
import { demandDays, spendDays } from '../schemas/spend.ts';
import { workspaceRoute } from './route.ts';

/** Sums of a day and model that are put together at most. */
const MOST_SUMS = 100_000;
/** Lines that are printed at most: some 50 pages. */
const MOST_LINES = 2_000;

/** What a project cost, to print or keep. */
export const projectReportRoutes = [
  workspaceRoute({
    method: 'GET',
    path: '/v1/workspaces/:workspace/projects/:project/report.pdf',
    summary: 'Reports what a project cost, by month and model, as PDF.',
    permission: 'projects.read',
    records: [],
    produces: ['application/pdf'],
    problems: ['NOT_FOUND'],
    schemas: { params: exact({ project: uuid }), query: exact(spendDays) },
    async handle({ client, workspace: { workspaceId } }, { params: { project: projectId }, query }) {
      demandDays(query);
      const project = await findProject(client, workspaceId, projectId);
      if (project === undefined) throw new ProblemError('NOT_FOUND');
      const { name: workspace, timeZone } = await readWorkspace(client, workspaceId);
      const days = await dailySums(client, workspaceId, 'model', { ...query, projectId }, MOST_SUMS + 1);
      const rollup = shownRollup(rollUp(days, 'month'));
      if (days.length > MOST_SUMS || rollup.lines.length > MOST_LINES) throw invalid('querystring', '/to', `a range of at most ${MOST_SUMS} sums of a day and model, and ${MOST_LINES} of a month and model`);
      const { from, to } = query;
      return {
        answer: undefined,
        download: { type: 'application/pdf', name: `project-${projectId}-${from}-${to}.pdf`, chunks: () => projectPdf({ workspace, project, from, to, timeZone, rollup }) },
      };
    },
  }),
];
