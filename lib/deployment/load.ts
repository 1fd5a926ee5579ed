import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { contradictions } from './contradictions.ts';
import { placed, problemsOf } from './issues.ts';
import type { Problem } from './problems.ts';
import { DeploymentError, shorten, WHOLE_FILE } from './problems.ts';
import { readRoots } from './rds-roots.ts';
import type { Conflict } from './rules/contradiction.ts';
import type { Deployment } from './schema.ts';
import { deploymentSchema } from './schema.ts';
import type { Source } from './source.ts';
import { readSource } from './source.ts';

/**
 * Reads a deployment from its YAML.
 *
 * @param file name of the file for messages, from which the paths in it are meant; it is not opened
 * @throws DeploymentError with every problem of the text
 */
export function parseDeployment(text: string, file: string): Deployment {
  return judge(text, file, () => []);
}

/**
 * Reads the deployment file at `path`, whose base name has to be the deployment's name, so that
 * `-c deployment=NAME` and the names of the stacks agree.
 *
 * @throws DeploymentError with every problem of the file, or the one that it cannot be read
 */
export function loadDeployment(path: string): Deployment {
  return judge(readText(path), path, (source) => nameProblems(source, basename(path, extname(path))));
}

function judge(text: string, file: string, more: (source: Source) => readonly Problem[]): Deployment {
  const source = readSource(text);
  if (source.document === undefined) throw new DeploymentError(file, source.problems);
  const parsed = deploymentSchema.safeParse(source.document);
  const { roots, refusals } = readRoots(source.document, file);
  const problems = [
    ...source.problems,
    ...(parsed.error?.issues ?? []).flatMap((issue) => problemsOf(issue, source)),
    ...contradictions.flatMap((contradiction) => contradiction.find(source.document)).map((conflict) => conflictProblem(conflict, source)),
    ...refusals.map((refusal) => ({ ...placed(['database', 'certificates'], source), ...refusal })),
    ...more(source),
  ];
  if (!parsed.success || problems.length > 0) throw new DeploymentError(file, problems);
  return { ...parsed.data, ...(roots === undefined ? {} : { rdsRoots: roots }) };
}

function conflictProblem({ path, got, expected, mend }: Conflict, source: Source): Problem {
  const written = source.quote(path);
  const said = written === undefined ? (got === undefined ? 'nothing' : `${got} (the default)`) : shorten(got ?? written);
  return { ...placed(path, source), got: said, expected, mend };
}

function nameProblems(source: Source, base: string): readonly Problem[] {
  const written = deploymentSchema.pick({ name: true }).strip().safeParse(source.document);
  if (!written.success || written.data.name === base) return [];
  return [
    {
      ...placed(['name'], source),
      got: written.data.name,
      expected: `${base}, the name of the file`,
      mend: `write ${base}, or rename the file to ${written.data.name}.yaml`,
    },
  ];
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
    const told =
      reason === 'ENOENT'
        ? { got: 'no such file', mend: whatIsThere(dirname(path)) }
        : { got: `something unreadable (${reason})`, mend: 'name a file that you may read' };
    throw new DeploymentError(path, [{ field: WHOLE_FILE, expected: 'a deployment file', ...told }]);
  }
}

function whatIsThere(directory: string): string {
  const files = existsSync(directory) ? readdirSync(directory).filter((name) => extname(name) === '.yaml') : [];
  if (files.length === 0) return `put one into ${directory}, which has none`;
  return `name one of those that are there (${files.map((name) => join(directory, name)).join(', ')}), or write this one`;
}
