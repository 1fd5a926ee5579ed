import { Type } from 'typebox';
import { invalid, ProblemError } from '../problem.ts';
import { insertPromptView, readPromptViews } from '../repositories/prompt-views.ts';
import type { PromptView } from '../repositories/prompt-views.ts';
import { findMaker } from '../repositories/request-makers.ts';
import { exact, instant, text, userId, uuid } from '../schemas/common.ts';
import { limit, pageLength } from '../schemas/page.ts';
import { moment, readBefore, readFrom } from '../schemas/range.ts';
import { requestId } from '../schemas/usage.ts';
import { workspaceRoute } from './route.ts';

const reason = text(2_000);
const consentGrantId = text(255);
const viewSchema = exact({
  viewId: uuid, requestId, viewer: userId, subject: userId, consentGrantId: Type.Union([consentGrantId, Type.Null()]), reason, viewedAt: instant,
  ip: Type.String(), userAgent: Type.String(),
});

/** Who looked at whose prompt, and why: a ledger to which is only appended. */
export const promptViewRoutes = [
  workspaceRoute({
    method: 'POST',
    path: '/v1/audit/prompt-views',
    summary: "Records that one looked at a teammate's prompt, and why.",
    permission: 'prompt_views.write',
    records: ['prompt.viewed'],
    inGrace: true,
    status: 201,
    problems: ['WORKSPACE_UNNAMED', 'NOT_FOUND'],
    schemas: { body: exact({ requestId, reason, consentGrantId: Type.Optional(consentGrantId) }), answer: viewSchema },
    async handle({ client, workspace: { workspaceId }, principal, ip, userAgent }, { body }) {
      if (!('userId' in principal)) throw new ProblemError('FORBIDDEN');
      const maker = await findMaker(client, workspaceId, body.requestId);
      if (maker === undefined) throw new ProblemError('NOT_FOUND');
      if (maker.userId === principal.userId) throw invalid('body', '/requestId', "a teammate's request, and not one's own");
      const told = { requestId: body.requestId, reason: body.reason, consentGrantId: body.consentGrantId, ip, userAgent };
      const view = await insertPromptView(client, workspaceId, { ...told, viewer: principal.userId, subject: maker.userId });
      return { answer: shown(view), recorded: [{ action: 'prompt.viewed', target: view.requestId, details: { subject: view.subject, viewId: view.viewId } }] };
    },
  }),
  workspaceRoute({
    method: 'GET',
    path: '/v1/workspaces/:workspace/audit/prompt-views',
    summary: 'Reads who looked at whose prompts, the latest first; `next` of one page is `before` of the next.',
    permission: 'prompt_views.read',
    records: [],
    schemas: {
      query: exact({
        viewer: Type.Optional(userId), subject: Type.Optional(userId), from: Type.Optional(moment), to: Type.Optional(moment),
        before: Type.Optional(uuid), limit,
      }),
      answer: exact({ views: Type.Array(viewSchema), next: Type.Union([uuid, Type.Null()]) }),
    },
    async handle({ client, workspace: { workspaceId } }, { query: { viewer, subject, from, to, before, limit: wanted } }) {
      const length = pageLength(wanted);
      const filter = { viewer, subject, before, from: from === undefined ? undefined : readFrom(from), until: to === undefined ? undefined : readBefore(to) };
      const views = await readPromptViews(client, workspaceId, filter, length);
      return { answer: { views: views.map(shown), next: views.length < length ? null : (views.at(-1)?.viewId ?? null) } };
    },
  }),
];

function shown({ viewedAt, ...view }: PromptView) {
  return { ...view, viewedAt: viewedAt.toISOString() };
}
