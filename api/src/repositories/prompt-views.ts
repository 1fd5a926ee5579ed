import type { ClientBase } from 'pg';

/** A look at a teammate's prompt, as whoever looked tells it. */
export interface NewPromptView {
  readonly requestId: string;
  readonly viewer: string;
  /** Whose prompt it is. */
  readonly subject: string;
  readonly reason: string;
  readonly consentGrantId: string | undefined;
  readonly ip: string;
  readonly userAgent: string;
}

/** The same, as it stands in the ledger. */
export interface PromptView extends Omit<NewPromptView, 'consentGrantId'> {
  readonly viewId: string;
  readonly consentGrantId: string | null;
  readonly viewedAt: Date;
}

/** Which views; what is left out is every one. */
export interface PromptViewFilter {
  readonly viewer: string | undefined;
  readonly subject: string | undefined;
  /** From this instant on. */
  readonly from: Date | undefined;
  /** Before this instant. */
  readonly until: Date | undefined;
  /** Older than this one. */
  readonly before: string | undefined;
}

const COLUMNS = `view_id AS "viewId", request_id AS "requestId", viewer_user_id AS viewer, subject_user_id AS subject,
  consent_grant_id AS "consentGrantId", reason, viewed_at AS "viewedAt", host(client_ip) AS ip, user_agent AS "userAgent"`;

/** Appends to the ledger of the bound workspace, as the bound user. */
export async function insertPromptView(client: ClientBase, workspaceId: string, view: NewPromptView): Promise<PromptView> {
  const { rows: [row] } = await client.query<PromptView>(
    `INSERT INTO halton.prompt_views (workspace_id, request_id, viewer_user_id, subject_user_id, consent_grant_id, reason, client_ip, user_agent)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${COLUMNS}`,
    [workspaceId, view.requestId, view.viewer, view.subject, view.consentGrantId, view.reason, view.ip, view.userAgent],
  );
  if (row === undefined) throw new Error('Got no view, expected the one that was appended.');
  return row;
}

/** The newest first; those of the same moment in the order of their ids. */
export async function readPromptViews(client: ClientBase, workspaceId: string, { viewer, subject, from, until, before }: PromptViewFilter, limit: number): Promise<readonly PromptView[]> {
  const { rows } = await client.query<PromptView>(
    `SELECT ${COLUMNS} FROM halton.prompt_views
     WHERE workspace_id = $1 AND ($2::text IS NULL OR viewer_user_id = $2) AND ($3::text IS NULL OR subject_user_id = $3)
       AND ($4::timestamptz IS NULL OR viewed_at >= $4) AND ($5::timestamptz IS NULL OR viewed_at < $5)
       AND ($6::uuid IS NULL OR (viewed_at, view_id) < (SELECT viewed_at, view_id FROM halton.prompt_views WHERE workspace_id = $1 AND view_id = $6))
     ORDER BY viewed_at DESC, view_id DESC LIMIT $7`,
    [workspaceId, viewer, subject, from, until, before, limit],
  );
  return rows;
}
