import type { ClientBase } from 'pg';

/** A project of the bound workspace. */
export interface Project {
  readonly projectId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
}

interface Row { readonly project_id: string; readonly name: string; readonly created_at: Date; readonly archived_at: Date | null }

const COLUMNS = 'project_id, name, created_at, archived_at';

/** All of them, archived ones too. */
export async function listProjects(client: ClientBase, workspaceId: string): Promise<readonly Project[]> {
  const { rows } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.projects WHERE workspace_id = $1 ORDER BY name`, [workspaceId]);
  return rows.map(projectOf);
}

/** Undefined where another one has the name. */
export async function insertProject(client: ClientBase, workspaceId: string, projectId: string, name: string): Promise<Project | undefined> {
  const { rows: [row] } = await client.query<Row>(
    `INSERT INTO halton.projects (workspace_id, project_id, name) VALUES ($1, $2, $3) ON CONFLICT (workspace_id, name) DO NOTHING RETURNING ${COLUMNS}`,
    [workspaceId, projectId, name],
  );
  return row && projectOf(row);
}

/** Undefined where there is none. */
export async function findProject(client: ClientBase, workspaceId: string, projectId: string): Promise<Project | undefined> {
  const { rows: [row] } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.projects WHERE workspace_id = $1 AND project_id = $2`, [workspaceId, projectId]);
  return row && projectOf(row);
}

/** Locked until the transaction ends; undefined where there is none. */
export async function lockProject(client: ClientBase, workspaceId: string, projectId: string): Promise<Project | undefined> {
  const { rows: [row] } = await client.query<Row>(`SELECT ${COLUMNS} FROM halton.projects WHERE workspace_id = $1 AND project_id = $2 FOR NO KEY UPDATE`, [workspaceId, projectId]);
  return row && projectOf(row);
}

/** Undefined where another one has the name. */
export async function renameProject(client: ClientBase, workspaceId: string, projectId: string, name: string): Promise<Project | undefined> {
  const { rows: [row] } = await client.query<Row>(
    `UPDATE halton.projects SET name = $3 WHERE workspace_id = $1 AND project_id = $2
       AND NOT EXISTS (SELECT FROM halton.projects WHERE workspace_id = $1 AND name = $3 AND project_id <> $2) RETURNING ${COLUMNS}`,
    [workspaceId, projectId, name],
  );
  return row && projectOf(row);
}

/** Takes a project out of sight, or back; its rows stay in either case. */
export async function setArchived(client: ClientBase, workspaceId: string, projectId: string, archived: boolean): Promise<Project> {
  const { rows: [row] } = await client.query<Row>(
    `UPDATE halton.projects SET archived_at = CASE WHEN $3 THEN coalesce(archived_at, clock_timestamp()) END
     WHERE workspace_id = $1 AND project_id = $2 RETURNING ${COLUMNS}`,
    [workspaceId, projectId, archived],
  );
  if (row === undefined) throw new Error('Got no project, expected the one that was locked.');
  return projectOf(row);
}

function projectOf({ project_id, name, created_at, archived_at }: Row): Project {
  return { projectId: project_id, name, createdAt: created_at, archivedAt: archived_at };
}
