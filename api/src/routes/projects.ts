import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { ProblemError } from '../problem.ts';
import { insertProject, listProjects, lockProject, renameProject, setArchived } from '../repositories/projects.ts';
import type { Project } from '../repositories/projects.ts';
import { exact, instant, text, uuid } from '../schemas/common.ts';
import type { Scope } from '../scope/scope.ts';
import { workspaceRoute } from './route.ts';

const name = text(200);
const projectSchema = exact({ projectId: uuid, name, createdAt: instant, archivedAt: Type.Union([instant, Type.Null()]) });
const params = exact({ project: uuid });
const PATH = '/v1/workspaces/:workspace/projects';

/** Projects, by which requests are told apart. One is archived and not deleted: its rows stay. */
export const projectRoutes = [
  // The second is where devices and keys read.
  ...([PATH, '/v1/:workspace/projects'] as const).map((path) => workspaceRoute({
    method: 'GET',
    path,
    summary: 'Lists the projects, archived ones too.',
    permission: 'projects.read',
    records: [],
    schemas: { answer: exact({ projects: Type.Array(projectSchema) }) },
    async handle({ client, workspace }) {
      const projects = await listProjects(client, workspace.workspaceId);
      return { answer: { projects: projects.map(shown) } };
    },
  })),
  workspaceRoute({
    method: 'POST',
    path: PATH,
    summary: 'Creates a project.',
    permission: 'projects.manage',
    records: ['project.created'],
    status: 201,
    problems: ['CONFLICT'],
    schemas: { body: exact({ name }), answer: projectSchema },
    async handle({ client, workspace }, { body }) {
      const project = await insertProject(client, workspace.workspaceId, randomUUID(), body.name);
      if (project === undefined) throw new ProblemError('CONFLICT');
      return { answer: shown(project), recorded: [{ action: 'project.created', target: project.projectId, details: { name: project.name } }] };
    },
  }),
  workspaceRoute({
    method: 'PATCH',
    path: `${PATH}/:project`,
    summary: 'Renames a project.',
    permission: 'projects.manage',
    records: ['project.renamed'],
    problems: ['NOT_FOUND', 'CONFLICT'],
    schemas: { params, body: exact({ name }), answer: projectSchema },
    async handle(scope, { params: { project: projectId }, body }) {
      const before = await found(scope, projectId);
      if (before.name === body.name) return { answer: shown(before) };
      const after = await renameProject(scope.client, scope.workspace.workspaceId, projectId, body.name);
      if (after === undefined) throw new ProblemError('CONFLICT');
      return { answer: shown(after), recorded: [{ action: 'project.renamed', target: projectId, details: { from: before.name, to: after.name } }] };
    },
  }),
  ...([['archive', true], ['restore', false]] as const).map(([verb, archived]) =>
    workspaceRoute({
      method: 'POST',
      path: `${PATH}/:project/${verb}`,
      summary: archived ? 'Archives a project; its rows stay.' : 'Restores an archived project.',
      permission: 'projects.manage',
      records: [`project.${verb}d`],
      problems: ['NOT_FOUND'],
      schemas: { params, answer: projectSchema },
      async handle(scope, { params: { project: projectId } }) {
        const before = await found(scope, projectId);
        if ((before.archivedAt !== null) === archived) return { answer: shown(before) };
        const after = await setArchived(scope.client, scope.workspace.workspaceId, projectId, archived);
        return { answer: shown(after), recorded: [{ action: `project.${verb}d`, target: projectId }] };
      },
    }),
  ),
];

async function found({ client, workspace }: Scope, projectId: string): Promise<Project> {
  const project = await lockProject(client, workspace.workspaceId, projectId);
  if (project === undefined) throw new ProblemError('NOT_FOUND');
  return project;
}

function shown({ createdAt, archivedAt, ...project }: Project) {
  return { ...project, createdAt: createdAt.toISOString(), archivedAt: archivedAt?.toISOString() ?? null };
}
